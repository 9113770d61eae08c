from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..disputes import DisputeCommon
from ..letter.test_letter import LetterCommon
from ..send.test_sendings import SendingCommon

# Nobody can delete these: they say so themselves, or have no right to be deleted.
UNDELETABLE = {
    "dunning.action",
    "dunning.dispute",
    "dunning.litigation",
    "dunning.litigation.act",
    "dunning.portal.request",
    "dunning.promise",
    "dunning.promise.line",
    "dunning.run",
    "dunning.seal.chain",
    "dunning.sending",
}
# What keeps these is looked at there.
OF_THEIR_OWN = {"ir.attachment"}


class DeletionCommon(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    def assertRefused(self, record, *parts, user=None):
        """Check that deleting is refused in words, before the database does.

        :param parts: what the message says, beside the name of the record
        """
        record = record.with_user(user) if user else record
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            record.unlink()
        message = str(caught.exception)
        for part in (record.sudo().display_name, *parts):
            self.assertIn(part, message)
        self.assertNotRegex(message, r"_fkey|constraint|dunning_\w+")
        self.assertTrue(record.exists())


@tagged("post_install", "-at_install")
class TestDeletions(DeletionCommon):
    """What dunning needs is deleted with a clear word, or not at all."""

    def test_a_user_who_has_sent_is_archived_not_deleted(self):
        self._plan_sent()
        self._process_queue()
        admin = self.env.ref("base.user_admin")
        admin.group_ids -= self.env.ref("account_dunning.group_dunning_readonly")
        self.assertRefused(self.collector, "Archive it instead", "Dunning Action")

    def test_a_user_whom_dunning_does_not_know_is_deleted(self):
        user = self._create_user("nobody", "group_dunning_collector")
        user.unlink()
        self.assertFalse(user.exists())

    def test_who_answers_for_a_department_is_replaced_first(self):
        user = self._create_user("quality", "group_dunning_readonly")
        self.env["dunning.department"].create({"name": "Quality", "user_id": user.id})
        admin = self._create_user(
            "administrator",
            "group_dunning_manager",
            group_ids=[
                Command.set(self.env.ref("base.group_system").ids),
                Command.link(self.env.ref("account_dunning.group_dunning_manager").id),
            ],
        )
        self.assertRefused(user, "“Quality”", "choose something else", user=admin)

    def test_a_company_that_has_dunned_is_archived_not_deleted(self):
        self._plan_sent()
        self.assertRefused(self.company, "Archive it instead")

    def test_what_a_company_had_for_itself_goes_with_it(self):
        company = self.env["res.company"].sudo().create({"name": "Short-lived"})
        reasons = self.env["dunning.reason"].sudo()
        reason = reasons.create({"name": "Its own", "company_id": company.id})
        scenarios = self.env["dunning.scenario"].sudo()
        scenario = scenarios.create({"name": "Its", "company_id": company.id})
        departments = self.env["dunning.department"].sudo()
        department = departments.create({"name": "Its", "company_id": company.id})
        company.dunning_scenario_id = scenario
        # Odoo gives a company providers of payments, and has them go first.
        providers = self.env["payment.provider"].sudo()
        providers.search([("company_id", "=", company.id)]).unlink()
        company.unlink()
        self.assertFalse(company.exists())
        # Nothing of it is shared by the others now.
        for record in (scenario, reason, department):
            self.assertFalse(record.exists(), record._name)

    def test_a_text_of_a_level_is_replaced_first(self):
        level = self.scenario.level_ids[:1]
        self.assertRefused(
            self.mail_template, f"“{level.display_name}”", user=self.manager
        )
        sms = self.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "Pay",
            }
        )
        level.sms_template_id = sms
        self.assertRefused(sms, f"“{level.display_name}”", user=self.manager)

    def test_a_text_that_no_level_uses_is_deleted(self):
        self._plan_sent()
        template = self._create_mail_template(name="Spare")
        template.with_user(self.manager).unlink()
        self.assertFalse(template.exists())

    def test_levels_and_scenarios_of_the_history_are_archived_not_deleted(self):
        self._plan_sent()
        level = self._actions().level_id
        self.assertRefused(level, "switch off “In Use” instead", user=self.manager)
        self.assertRefused(self.scenario, "Archive it instead", user=self.manager)

    def test_a_level_that_has_done_nothing_is_deleted(self):
        self._plan_sent()
        level = self.scenario.level_ids - self._actions().level_id
        level[-1:].with_user(self.manager).unlink()
        self.assertFalse(level[-1:].exists())

    def test_the_default_scenario_of_a_company_is_replaced_first(self):
        self.assertRefused(
            self.scenario, f"“{self.company.name}”", "choose", user=self.manager
        )

    def test_the_scenario_of_an_invoice_is_replaced_first(self):
        scenario = self._create_scenario(name="Only One")
        invoice = self._create_invoice()
        invoice.dunning_scenario_id = scenario
        self.assertRefused(scenario, invoice.name, "choose", user=self.manager)
        invoice.dunning_scenario_id = False
        scenario.with_user(self.manager).unlink()
        self.assertFalse(scenario.exists())

    def test_what_was_chosen_for_a_customer_is_deleted_and_the_rest_applies(self):
        scenario = self._create_scenario((("Own", 1, {}),), name="Own")
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        user = self._create_user("own", "group_dunning_collector")
        self.customer.write(
            {
                "dunning_scenario_id": scenario.id,
                "dunning_contact_id": contact.id,
                "dunning_user_id": user.id,
            }
        )
        for record in (scenario, contact, user):
            record.unlink()
        self._create_invoice(due=-5)
        action = self._step(0)
        self.assertRecordValues(
            action,
            [
                {
                    "scenario_id": self.scenario.id,
                    "user_id": self.collector.id,
                    "contact_id": self.customer.id,
                    "state": "done",
                }
            ],
        )

    def test_the_default_scenario_of_another_company_is_not_named(self):
        other = self.env["res.company"].sudo().create({"name": "Secret"})
        scenarios = self.env["dunning.scenario"].sudo()
        scenario = scenarios.create({"name": "Shared", "company_id": False})
        other.dunning_scenario_id = scenario
        everywhere = self.env["res.company"].sudo().search([])
        self.manager.company_ids = everywhere
        alone = scenario.with_user(self.manager).with_company(self.company)
        alone = alone.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(UserError) as caught:
            alone.unlink()
        self.assertNotIn("Secret", str(caught.exception))

    def test_a_customer_who_was_dunned_is_archived_not_deleted(self):
        customer = self._create_customer("Held Only")
        self._create_hold(partner_id=customer.id)
        self.assertRefused(customer, "Archive it instead", "Dunning Hold")

    def test_a_contact_who_was_written_to_is_archived_not_deleted(self):
        self._two_recipients()
        self._plan_sent()
        self._process_queue()
        self.assertRefused(self.second, "Archive it instead")

    def test_who_may_not_read_dunning_learns_nothing_of_it(self):
        customer = self._create_customer("Held Only")
        self._create_hold(partner_id=customer.id)
        user = self._create_user(
            "contacts",
            "group_dunning_readonly",
            group_ids=[Command.set(self.env.ref("base.group_partner_manager").ids)],
        )
        with self.assertRaises(UserError) as caught:
            customer.with_user(user).unlink()
        self.assertNotIn("unning", str(caught.exception))
        self.assertIn("Archive it instead", str(caught.exception))

    def test_a_customer_whom_dunning_does_not_know_is_deleted(self):
        customer = self._create_customer("Nobody")
        customer.unlink()
        self.assertFalse(customer.exists())

    def test_customers_who_were_dunned_are_merged(self):
        self._plan_sent()
        other = self._create_customer("Other")
        self._create_hold(partner_id=other.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard.create({})._merge((self.customer | other).ids, self.customer)
        self.assertFalse(other.exists())
        holds = self.env["dunning.hold"].search([("partner_id", "=", self.customer.id)])
        self.assertTrue(holds)

    def test_files_of_what_was_sent_stay_and_those_they_came_from_go(self):
        action = self._plan_sent()
        self._process_queue()
        kept = action.sending_id.file_ids.attachment_id
        self.assertTrue(kept)
        self.assertRefused(kept[:1].sudo(), "cannot be changed or deleted")
        self.file.unlink()
        self.assertTrue(kept.exists())

    def test_whatever_the_database_refuses_is_refused_in_words_before(self):
        kept = set()
        for model in self.env.values():
            for field in model._fields.values():
                if (
                    model._auto
                    and not model._abstract
                    and field.type == "many2one"
                    and field.store
                    and field.ondelete == "restrict"
                    and field._modules[:1] == ("account_dunning",)
                ):
                    kept.add(field.comodel_name)
        self.assertIn("res.partner", kept)
        needed = self.env.registry["dunning.needed"]
        silent = {
            name
            for name in kept - UNDELETABLE - OF_THEIR_OWN
            if not issubclass(self.env.registry[name], needed)
        }
        self.assertFalse(silent)
        for name in UNDELETABLE & kept:
            with self.subTest(model=name):
                model = self.env[name].with_user(self.manager)
                self.assertFalse(model.has_access("unlink"))


@tagged("post_install", "-at_install")
class TestDeletionsOfLetters(LetterCommon):
    def test_a_letter_that_was_not_sent_is_deleted(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        action.sudo()._make_letters()
        letter = action.letter_id
        self.assertTrue(letter)
        letter.unlink()
        self.assertFalse(letter.exists())
        self.assertFalse(action.letter_id)
        self._execute(action)
        self.assertTrue(action.letter_id)


@tagged("post_install", "-at_install")
class TestDeletionsOfDisputes(DisputeCommon):
    def test_reasons_and_departments_of_disputes_are_archived_not_deleted(self):
        department = self.env["dunning.department"].create({"name": "Quality"})
        self.reason.department_id = department
        dispute = self._dispute(self._create_invoice(due=-20))
        with self.assertRaisesRegex(UserError, "Wrong Price.*Archive it instead"):
            self.reason.unlink()
        manager = self._create_user("manager", "group_dunning_manager")
        with self.assertRaisesRegex(UserError, "Quality.*Wrong Price.*choose"):
            department.with_user(manager).unlink()
        self.reason.department_id = False
        dispute.action_ask(department.id, "Is it so?", self.collector.id)
        with self.assertRaisesRegex(UserError, "Quality.*Archive it instead"):
            department.with_user(manager).unlink()
