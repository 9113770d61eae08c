from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon


class TourCommon(AccountTestInvoicingHttpCommon):
    """A company on the real day, its users, and customers who have not paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        # Each day is worked, for runs take place on their day.
        cls.company.resource_calendar_id = False
        cls.company.dunning_first_contact_days = 0
        cls.day = cls.company._dunning_today()
        cls.env["dunning.scenario"].sudo().search([]).active = False
        cls.collector = cls._create_user("dunning_collector", "collector")
        cls.manager = cls._create_user("dunning_manager", "manager")
        cls.company.dunning_user_id = cls.collector
        cls.company.dunning_scenario_id = cls._create_scenario("email")

    @classmethod
    def _create_user(cls, login, group):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.link(cls.env.ref("base.group_user").id),
                        Command.link(
                            cls.env.ref(f"account_dunning.group_dunning_{group}").id
                        ),
                    ],
                }
            )
        )

    @classmethod
    def _create_scenario(cls, channel):
        return cls.env["dunning.scenario"].create(
            {
                "name": channel,
                "level_ids": [
                    Command.create(
                        {
                            "name": f"First {channel}",
                            "delay_days": 3,
                            "channel": channel,
                            "execution": (
                                "automatic" if channel == "email" else "manual"
                            ),
                            "instructions": "Ask when the payment leaves.",
                            "mail_template_id": cls.env.ref(
                                "account_dunning.mail_template_reminder_1"
                            ).id,
                        }
                    )
                ],
            }
        )

    def _create_overdue_invoice(self, partner, amount=1000, days=10):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": self.day - timedelta(days=days + 30),
                "invoice_date_due": self.day - timedelta(days=days),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Service", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestTours(TourCommon):
    """What people do in a real browser: three customers, one to be mailed, one to be
    called, one more."""

    def _create_overdue_customers(self):
        call = self._create_scenario("call")
        for name in ("Alpha Mail", "Beta Call", "Gamma Later"):
            partner = self.env["res.partner"].create(
                {"name": name, "email": "customer@example.com"}
            )
            if name == "Beta Call":
                partner.dunning_scenario_id = call
            self._create_overdue_invoice(partner)

    def test_a_collector_sends_calls_and_postpones(self):
        self._create_overdue_customers()
        run = self.company._dunning_run(self.day)
        self.start_tour("/odoo", "dunning_collector_day", login=self.collector.login)
        states = {action.partner_id.name: action.state for action in run.action_ids}
        self.assertEqual(
            states,
            {"Alpha Mail": "done", "Beta Call": "done", "Gamma Later": "todo"},
        )

    def test_a_collector_approves_and_prints(self):
        letters = self._create_scenario("letter")
        letters.level_ids.letter_template_id = self.env.ref(
            "account_dunning.letter_template_courteous"
        )
        approved = self._create_scenario("email")
        approved.level_ids.execution = "validate"
        for name, scenario in (("Alpha Mail", approved), ("Delta Letter", letters)):
            partner = self.env["res.partner"].create(
                {
                    "name": name,
                    "email": "customer@example.com",
                    "street": "1 rue de la Paix",
                    "zip": "75002",
                    "city": "Paris",
                    "dunning_scenario_id": scenario.id,
                }
            )
            self._create_overdue_invoice(partner)
        run = self.company._dunning_run(self.day)
        self.start_tour("/odoo", "dunning_post_room", login=self.collector.login)
        states = {action.partner_id.name: action.state for action in run.action_ids}
        self.assertEqual(states, {"Alpha Mail": "todo", "Delta Letter": "done"})
        self.assertEqual(
            set(run.action_ids.mapped("execution")), {"automatic", "manual"}
        )
        self.assertEqual(len(run.action_ids.letter_id), 1)

    def test_a_manager_looks_at_the_plan_and_runs_it_without_one_customer(self):
        self._create_overdue_customers()
        self.start_tour("/odoo", "dunning_dry_run", login=self.manager.login)
        run = self.env["dunning.run"].search([], limit=1)
        self.assertEqual(
            set(run.action_ids.partner_id.mapped("name")),
            {"Alpha Mail", "Gamma Later"},
        )

    def test_a_collector_approves_a_queue(self):
        scenario = self._create_scenario("email")
        scenario.level_ids.execution = "validate"
        for number in range(1, 6):
            partner = self.env["res.partner"].create(
                {
                    "name": f"Customer {number}",
                    "email": f"customer{number}@example.com",
                    "dunning_scenario_id": scenario.id,
                }
            )
            self._create_overdue_invoice(partner, amount=1000 - number)
        run = self.company._dunning_run(self.day)
        self.start_tour("/odoo", "dunning_approval", login=self.collector.login)
        actions = run.action_ids.sorted(lambda action: action.partner_id.name)
        self.assertEqual(
            actions.mapped("state"), ["todo", "todo", "cancelled", "todo", "todo"]
        )
        self.assertEqual(actions[0].custom_subject, "A word from us")
        self.assertGreater(actions[1].date, self.day)

    def test_an_auditor_reads_a_timeline(self):
        self._create_overdue_customers()
        run = self.company._dunning_run(self.day)
        action = run.action_ids[0]
        self.env["dunning.hold"].create(
            {"partner_id": action.partner_id.id, "note": "Wait a little"}
        )
        for number in range(25):
            action.partner_id.message_post(
                body=f"Note {number}",
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        auditor = self._create_user("dunning_auditor", "readonly")
        self.start_tour(
            f"/odoo/dunning.action/{action.id}", "dunning_timeline", login=auditor.login
        )

    def test_an_empty_company_is_told_what_to_do(self):
        self.start_tour("/odoo", "dunning_empty_company", login=self.collector.login)

    def test_a_collector_works_through_a_morning_of_calls(self):
        calls = self._create_scenario("call")
        calls.level_ids.instructions = (
            "{{ object.partner_id.name }}: say {{ object.amount_text }}"
        )
        self.company.dunning_scenario_id = calls
        phones = {"Alpha Owes": "0199000001", "Beta Silent": "0199000002"}
        amounts = {"Alpha Owes": 3000, "Beta Silent": 2000, "Gamma Dumb": 1000}
        for name, amount in amounts.items():
            partner = self.env["res.partner"].create(
                {"name": name, "phone": phones.get(name)}
            )
            self._create_overdue_invoice(partner, amount)
        run = self.company._dunning_run(self.day)
        run.action_ids.date = self.company._dunning_today()
        self.start_tour("/odoo", "dunning_morning_of_calls", login=self.collector.login)
        outcomes = {a.partner_id.name: (a.state, a.outcome) for a in run.action_ids}
        self.assertEqual(
            outcomes,
            {
                "Alpha Owes": ("done", "promise"),
                "Beta Silent": ("todo", "no_answer"),
                "Gamma Dumb": ("done", "cash"),
            },
        )

    def test_a_collector_confirms_what_was_agreed_in_a_call(self):
        self.company.dunning_scenario_id = self._create_scenario("call")
        partner = self.env["res.partner"].create(
            {"name": "Alpha Owes", "email": "alpha@example.com", "lang": "en_US"}
        )
        self._create_overdue_invoice(partner, 3000)
        run = self.company._dunning_run(self.day)
        run.action_ids.date = self.company._dunning_today()
        self.start_tour("/odoo", "dunning_call_confirmed", login=self.collector.login)
        sending = self.env["dunning.sending"].search(
            [("action_id", "in", run.action_ids.ids)]
        )
        self.assertEqual(sending.subject, "As agreed by phone")
        self.assertIn("1,200.00", sending.body)
