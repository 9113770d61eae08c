from odoo import Command
from odoo.tests import tagged

from .common import DunningCommon
from .indicator.test_dashboard import PARTS

# What is of the record, not of what it says: numbers and moments of the database.
PASSED_OVER = {
    "baseline",
    "id",
    "claim_id",
    "create_date",
    "display_name",
    "header_id",
    "whole_moves",
    "write_date",
}
LEVELS = (
    ("Reminder", 5, {}),
    ("Second Reminder", 15, {"deadline_days": 5}),
    ("Formal Notice", 30, {"tone": "formal"}),
)
# Due dates, from the day on which both go on, and amounts. The oldest is time-barred
# soon; the dates of the other company are earlier.
DUE = ((-1770, 70), (-60, 61), (-50, 52), (-45, 43), (-20, 34), (-8, 16), (10, 25))


@tagged("post_install", "-at_install")
class TestOtherCompany(DunningCommon):
    """A customer of two companies, and one of the first alone: what the other does
    changes nothing in the first, neither what is told there nor what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_second_company()
        cls.customer.write(
            {"is_company": True, "country_id": cls.env.ref("base.fr").id}
        )
        cls.neighbour = cls._create_customer("Neighbour")
        cls.lawyer = cls._create_customer("Lawyer", dunning_agent_kind="lawyer")
        cls.insurer = cls._create_customer("Insurer", dunning_agent_kind="insurer")
        for company, login in ((cls.company, "first"), (cls.other, "second")):
            user = cls._create_user(login, "group_dunning_collector", company)
            scenario = cls._create_scenario(
                LEVELS, name=login, company_id=company.id, contact_gap_days=2
            )
            company.write(
                {
                    "dunning_scenario_id": scenario.id,
                    "dunning_user_id": user.id,
                    "dunning_promise_tolerance": 0,
                    "dunning_promise_reminder_days": 2,
                    "dunning_stop_limit": "block",
                    "dunning_stop_age": "block",
                    "dunning_limitation_days": 100,
                }
            )

    # ------------------------------------------------------------------
    # WHAT A COMPANY DOES
    # ------------------------------------------------------------------

    @classmethod
    def _in(cls, company):
        """What works in a company alone, and may do anything: what it leaves out of
        the other one, it leaves out by itself."""
        context = {"allowed_company_ids": company.ids, "tracking_disable": True}
        return cls.env(su=True, context=context)

    def _begin(self, company, times=1):
        """Have a past with the customer: reminders, and a record of each kind.

        :param times: by how much more is owed
        """
        self._go_to(-40)
        env = self._in(company)
        items = [
            self._items(
                self._create_invoice(
                    due=due - times, amount=times * amount, company=company
                )
            ).with_env(env)
            for due, amount in DUE
        ]
        self._create_invoice(
            due=-30, amount=times * 9, company=company, move_type="out_refund"
        )
        if company == self.company:
            self._create_invoice(self.neighbour, -50, 58, company=company)
        self._receive(env, company, times)
        company.with_env(env)._dunning_run().action_ids.action_execute()
        own = {"partner_id": self.customer.id, "company_id": company.id}
        for day, item, amount in ((-38, items[1], 61), (5, items[2], 20)):
            line = {"date": self._day(day), "amount": times * amount}
            env["dunning.promise"].create(
                own
                | {
                    "move_line_ids": [Command.set(item.ids)],
                    "line_ids": [Command.create(line)],
                }
            )
        self._dispute_and_sue(env, items[3], items[4], times)
        env["dunning.hold"].create(
            own | {"move_line_ids": [Command.set(items[6].ids)], "note": "Later"}
        )
        self._assess(env, own, times)
        env.flush_all()

    def _receive(self, env, company, times):
        """Receive money that no entry tells of yet."""
        bank = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        way = bank.inbound_payment_method_line_ids[:1]
        way.payment_account_id = False
        values = {
            "partner_id": self.customer.id,
            "payment_type": "inbound",
            "partner_type": "customer",
            "amount": times * 3,
            "date": self._day(-41),
            "journal_id": bank.id,
            "payment_method_line_id": way.id,
        }
        with self._as_bank_reconciliation():
            payment = env["account.payment"].create(values)
            payment.action_post()
            # Its number is one of the database.
            payment.name = f"Transfer {times}"
            env.flush_all()
        self.assertEqual((payment.state, payment.move_id.id), ("in_process", False))

    def _dispute_and_sue(self, env, first, second, times):
        disputes = env["dunning.dispute"].create(
            [
                {
                    "move_line_ids": [Command.set(item.ids)],
                    "reason_id": env.ref("account_dunning.reason_price").id,
                    "amount": times * 10,
                }
                for item in (first, second)
            ]
        )
        disputes[0].action_reject(self._day(-30), "No")
        litigation = env["dunning.litigation"].create(
            {"move_line_ids": [Command.set(first.ids)], "agent_id": self.lawyer.id}
        )
        env["dunning.deadline.rule"].create(
            {
                "name": "Costs",
                "company_id": first.company_id.id,
                "trigger": "cost",
                "ending": "news",
            }
        )
        env["dunning.litigation.act"].create(
            {"litigation_id": litigation.id, "kind": "cost", "cost": times * 7}
        )

    def _assess(self, env, own, times):
        """Record what is thought of the customer."""
        since = {"date_from": self._day(-40)}
        insured = {"insurer_id": self.insurer.id, "amount": times * 30}
        env["dunning.cover"].create(own | since | insured)
        rates = {"company_id": own["company_id"], "rate": times * 20}
        env["dunning.contract.rate"].create(
            [
                rates
                | {
                    "name": "Agreed",
                    "partner_id": self.customer.id,
                    "date_from": self._day(-4000),
                    "date_to": self._day(-60),
                },
                rates | {"name": "Terms", "date_from": self._day(-4000)},
            ]
        )
        env["dunning.watch"].create(own | {"reason": "Slow", "effect": "block"})
        env["dunning.stop.release"].create(
            own | {"reason": "This one", "date_end": self._day(9)}
        )
        env["dunning.customer.group"].create(
            {
                "name": "Family",
                "company_id": own["company_id"],
                "member_ids": [Command.set(self.customer.ids)],
                "credit_limit": 600,
            }
        )
        env["dunning.action"].create(own | {"channel": "call", "date": self._day(1)})

    def _go_on(self, company):
        """Go on with the customer for some weeks."""
        env = self._in(company)
        for day in (0, 1, 4, 6, 17, 25, 36):
            self._go_to(day)
            company.with_env(env)._dunning_run_safely()
            due = env["dunning.action"].search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("todo", "failed")),
                    ("channel", "=", "email"),
                ]
            )
            if due:
                due.action_execute()
            env["dunning.profile"]._refresh(company.with_env(env))
        env.flush_all()

    # ------------------------------------------------------------------
    # WHAT IS TOLD OF IT
    # ------------------------------------------------------------------

    def _tell(self, company):
        """Return what a company knows of the customer, by model and field."""
        env = self._in(company)
        env.flush_all()
        env.invalidate_all()
        told = {}
        for name in sorted(env.registry):
            model = env[name].with_context(active_test=False)
            if self._is_ours(model):
                records = model.search([("company_id", "=", company.id)])
                told[name] = sorted(map(self._read, records), key=str)
        customer = self.customer.with_env(env)
        told["res.partner"] = [self._read(customer)]
        reader = customer.with_user(company.dunning_user_id)
        told["timeline"] = [
            {name: entry.get(name) for name in ("title", "text", "amount")}
            for entry in reader.dunning_get_timeline(limit=100)["entries"]
        ]
        told["proof"] = [self._tell_proof(env, company)]
        told["penalties"] = self._tell_penalties(env, company)
        told["dry run"] = self._tell_dry_run(env)
        # One dict for each part.
        told["dashboard"] = [
            getattr(env["dunning.dashboard"], part)() for part in PARTS
        ]
        return told

    def _is_ours(self, model):
        field = model._fields.get("company_id")
        return (
            model._original_module == "account_dunning"
            and not (model._abstract or model._transient)
            and bool(field and field._description_searchable)
        )

    def _read(self, record):
        # Which records others see of a customer, their rights say.
        is_customer = record._name == "res.partner"
        return {
            name: self._show(record[name])
            for name, field in record._fields.items()
            if field.type != "binary"
            and name not in PASSED_OVER
            and not (is_customer and not name.startswith("dunning_"))
            and not (is_customer and field.type in ("one2many", "many2many"))
        }

    def _show(self, value):
        if not hasattr(value, "_ids"):
            return value
        return sorted(
            (record.display_name or "").removesuffix(f",{record.id}")
            for record in value
        )

    def _tell_proof(self, env, company):
        proof = env["dunning.proof"].create(
            {
                "partner_id": self.customer.id,
                "company_id": company.id,
                "user_id": env.uid,
            }
        )
        found = proof._collect()
        return {
            name: value.mapped("display_name")
            for name, value in vars(found).items()
            if hasattr(value, "_ids")
        }

    def _tell_penalties(self, env, company):
        dialog = env["dunning.penalty.claim"].create(
            {
                "company_id": company.id,
                "date": self._day(36),
                "partner_ids": [Command.set(self.customer.ids)],
            }
        )
        dialog.action_fill()
        return [self._read(line) for line in dialog.line_ids]

    def _tell_dry_run(self, env):
        preview = env["dunning.preview"].create({})
        preview.action_preview()
        return sorted(map(self._read, preview.line_ids), key=str)

    def _try(self, *companies):
        """Return what the first company knows after all of them went on."""
        with self.env.cr.savepoint() as savepoint:
            for company in dict.fromkeys(companies):
                self._begin(company, times=3 if company == self.other else 1)
            for company in companies:
                self._go_on(company)
            told = self._tell(self.company)
            savepoint.rollback()
        self.env.invalidate_all()
        return told

    def test_what_another_company_does_with_the_same_customer_changes_nothing(self):
        alone = self._try(self.company)
        self.assertGreater(sum(map(bool, alone.values())), 25)
        both = self._try(self.other, self.company, self.other)
        for name, rows in alone.items():
            self.assertEqual(len(both[name]), len(rows), name)
            for row, found in zip(rows, both[name], strict=True):
                with self.subTest(told=name):
                    self.assertEqual(found, row)
