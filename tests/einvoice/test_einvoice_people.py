from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_dunning.tools.einvoice_codes import get_name

from ..einvoice_effects import EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoicePeople(EinvoiceCommon):
    """What people decide stands, what the ledger says settles, and rules that cannot be
    used stop nothing."""

    # ------------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------------

    def test_a_rejected_dispute_is_not_opened_by_the_same_words_again(self):
        self._say("207", "PU_ERR", day=-10)
        dispute = self._get_dispute()
        dispute.with_user(self.collector).action_reject(text="No")
        self.assertEqual(self._get_matters().state, "decided")
        self._say("207", "PU_ERR", day=-3)
        self.assertFalse(self._get_dispute())
        matter = self._get_matters(topic="contest")
        self.assertEqual(matter.state, "decided")
        self.assertIn("again", matter._get_tasks().summary)

    def test_disputes_are_settled_by_whom_the_company_has_named(self):
        self._say("207", "PU_ERR", day=-10)
        self.assertEqual(self._get_dispute().user_id, self.collector)
        settler = self._create_user("settler", "group_dunning_collector")
        self.company.dunning_dispute_user_id = settler
        invoice = self._create_invoice(due=-40)
        self._say("207", "PU_ERR", day=-10, invoice=invoice)
        [matter] = self._get_matters(invoice, topic="contest")
        self.assertEqual(matter.dispute_id.user_id, settler)

    def test_other_words_after_a_rejection_are_another_dispute(self):
        self._say("207", "PU_ERR", day=-10)
        former = self._get_dispute()
        former.with_user(self.collector).action_reject(text="No")
        self._say("207", "QUALITE_ERR", day=-3)
        self.assertEqual(self._get_dispute().department_id.name, "Quality")
        self.assertEqual(former.state, "rejected")

    def test_an_amount_that_people_have_corrected_stays(self):
        self._say("207", "PU_ERR", day=-10)
        dispute = self._get_dispute()
        dispute.with_user(self.collector).amount = 200
        self._say("207", "PU_ERR", day=-3)
        self._say("203", day=-2)
        self.assertEqual(dispute.amount, 200)

    def test_a_released_hold_is_not_made_again_by_the_same_words(self):
        self._say("208", "JUSTIF_ABS", day=-10)
        self._get_holds().with_user(self.collector).action_release()
        self._say("208", "JUSTIF_ABS", day=-3)
        self.assertFalse(self._get_holds())
        self._say("208", "CMD_ERR", day=-2)
        self.assertTrue(self._get_holds())

    def test_a_withdrawn_promise_is_not_made_again(self):
        self._say("211", day=-1, paid=0)
        self._get_promises().with_user(self.collector).action_withdraw("Not true")
        self._say("211", day=0, paid=0)
        self.assertFalse(self._get_promises())
        self.assertEqual(self._get_matters().state, "decided")

    def test_a_task_that_was_done_is_not_asked_for_again(self):
        self._say("299", day=-10)
        self._get_matters()._get_tasks().action_feedback("Done")
        self._say("203", day=-3)
        self.assertFalse(self._get_matters()._get_tasks())

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def test_a_payment_settles_everything_and_undoing_it_brings_it_back(self):
        for code, reason in (("207", "PU_ERR"), ("208", "JUSTIF_ABS")):
            with self.subTest(code=code):
                invoice = self._create_invoice(due=-40)
                self._say(code, reason, invoice=invoice)
                self._pay(invoice, date=0)
                matter = self._get_matters(invoice)
                self.assertEqual(matter.state, "settled")
                self.assertFalse(matter._get_tasks())
                self.assertFalse(self._get_holds(invoice))
                self.assertFalse(self._get_dispute(invoice))
                self._items(invoice).remove_move_reconcile()
                self.assertEqual(matter.state, "open")
                self.assertPlanned(invoice, "out", reason="held")

    def test_a_credit_note_settles_what_a_status_opened(self):
        self._say("210", "DOUBLON")
        dispute = self._get_dispute()
        self._credit_note(self.invoice)
        self.assertEqual(dispute.closed_by, "credited")
        self.assertEqual(self._get_matters().state, "settled")

    def test_a_cancellation_settles_what_a_status_opened(self):
        self._say("213", "REJ_SEMAN")
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertEqual(self._get_matters().state, "settled")
        self.assertFalse(self._get_holds())
        self.assertFalse(self._get_matters()._get_tasks())

    def test_a_status_of_what_is_paid_opens_nothing_until_it_is_not(self):
        self._pay(self.invoice, date=-1)
        self._say("207", "PU_ERR", day=0)
        self.assertFalse(self._get_dispute())
        self.item.remove_move_reconcile()
        self.assertEqual(self._get_dispute().amount, 1000)

    def test_an_invoice_that_is_changed_stays_out(self):
        self._say("208", "JUSTIF_ABS")
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 900
        self.invoice.action_post()
        self.assertPlanned(self.invoice, "out", reason="held")

    def test_a_dispute_of_all_grows_with_what_is_open_again(self):
        self._pay(self.invoice, 300, date=-1)
        self._say("207", "PU_ERR", day=0)
        self.assertEqual(self._get_dispute().amount, 700)
        self.item.remove_move_reconcile()
        self.assertEqual(self._get_dispute().amount, 1000)
        self.assertPlanned(self.item, "out", reason="held")

    def test_a_status_that_was_about_another_invoice_is_as_if_it_had_not_been(self):
        event = self._say("207", "PU_ERR")
        other = self._create_invoice(due=-20)
        event.write({"move_id": other.id})
        event._apply()
        self.assertFalse(self._get_dispute())
        self.assertFalse(self.invoice.dunning_einvoice_status)
        self.assertTrue(self._get_dispute(other))

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def _rule(self, code, reason=None):
        domain = [("code", "=", code), ("reason_code", "=", reason or False)]
        return self.env["dunning.einvoice.rule"].sudo().search(domain)

    def test_a_companys_own_rule_is_stronger_than_a_shared_one(self):
        rules = self.env["dunning.einvoice.rule"]
        own = rules.create(
            {
                "code": "207",
                "reason_code": "PU_ERR",
                "effect": "suspend",
                "company_id": self.company.id,
            }
        )
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_matters().rule_id, own)
        self.assertEqual(self._get_topics(), {"suspension"})

    def test_a_rule_without_reason_counts_for_reasons_that_have_none(self):
        self._rule("207", "PU_ERR").active = False
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_matters(topic="contest").rule_id, self._rule("207"))
        self.assertIn("task", self._get_topics(), "the reason is not known any more")

    def test_a_task_names_the_reason_for_which_there_is_no_rule(self):
        self._rule("207", "PU_ERR").active = False
        self._say("207", "PU_ERR")
        name = get_name("PU_ERR")
        self.assertNotEqual(name, "PU_ERR")
        self.assertIn(name, self._get_matters(topic="task")._get_tasks().summary)

    def test_rules_that_are_gone_give_a_task(self):
        self.env["dunning.einvoice.rule"].sudo().search([]).active = False
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_topics(), {"task"})

    def test_an_effect_that_is_gone_gives_a_task(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_einvoice_rule SET effect = 'gone' WHERE code = '207'"
        )
        self.env.invalidate_all()
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_topics(), {"task"})

    @mute_logger("odoo.addons.account_dunning.models.einvoice")
    def test_what_cannot_be_done_stops_nothing_of_the_ledger(self):
        self._say("208", "JUSTIF_ABS")
        effect = self.env.registry["dunning.einvoice.effect.suspend"]

        def refuse(*_args):
            raise UserError("Impossible")

        self.patch(effect, "_apply", refuse)
        self.patch(effect, "_settle", refuse)
        other = self._create_invoice(due=-30)
        self._receive(
            self._prepare_said("208", "CMD_ERR", day=-1),
            self._prepare_said("207", "PU_ERR", invoice=other),
        )
        self.assertEqual(self._get_matters().problem, "Impossible")
        self.assertTrue(self._get_dispute(other), "the others are done")
        self._pay(self.invoice, date=0)
        self.assertEqual(self.invoice.amount_residual, 0)

    @mute_logger("odoo.addons.account_dunning.models.einvoice")
    def test_of_several_each_that_can_be_done_is_and_what_could_not_is_tried_again(
        self,
    ):
        effect = self.env.registry["dunning.einvoice.effect.suspend"]
        other = self._create_invoice(due=-30)
        former = effect._apply

        def refuse(own, matters):
            if other in matters.move_id:
                raise UserError("Impossible")
            return former(own, matters)

        with patch.object(effect, "_apply", refuse):
            self._receive(
                self._prepare_said("208", "CMD_ERR"),
                self._prepare_said("208", "CMD_ERR", invoice=other),
            )
        matters = self._get_matters() | self._get_matters(other)
        self.assertEqual(matters.mapped("problem"), [False, "Impossible"])
        self.assertEqual(matters[1]._tell_matter(), "Impossible")
        self.assertTrue(self._get_holds())
        self.assertFalse(self._get_holds(other))
        self._say("208", "CMD_ERR", invoice=other, day=-1)
        self.assertFalse(matters[1].problem)
        self.assertTrue(self._get_holds(other))

    def test_a_rule_has_one_code_and_is_there_once(self):
        rules = self.env["dunning.einvoice.rule"]
        for values in (
            {"code": "207 "},
            {"code": "207,210"},
            {"code": " "},
            {"code": "299", "reason_code": "A B"},
            {"code": "299", "reason_code": "A,B"},
        ):
            with self.assertRaisesRegex(ValidationError, "is no code"):
                rules.create(values)
        with self.assertRaisesRegex(ValidationError, "^Write the code of the status"):
            rules.create({"code": ""})

    def test_where_the_type_of_activity_was_deleted_nobody_is_asked(self):
        self.env.ref("account_dunning.activity_type_einvoice").unlink()
        self._say("208", "JUSTIF_ABS")
        self.assertFalse(self._get_matters().activity_ids)
        self.assertTrue(self._get_holds())

    def test_where_nobody_looks_after_the_customer_nobody_is_asked(self):
        matter = self.registry["dunning.einvoice.matter"]
        nobody = self.env["res.users"]
        with patch.object(
            matter, "_get_workers", lambda own: dict.fromkeys(own, nobody)
        ):
            self._say("208", "JUSTIF_ABS")
        self.assertFalse(self._get_matters().activity_ids)
        self.assertTrue(self._get_holds())

    def test_a_reason_of_another_company_cannot_be_chosen(self):
        other = self._create_second_company()
        reason = self.env["dunning.reason"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.env["dunning.einvoice.rule"].create(
                {"code": "300", "reason_id": reason.id, "company_id": self.company.id}
            )

    def test_managers_change_rules_and_collectors_do_not(self):
        manager = self._create_user("rules", "group_dunning_manager")
        rule = self.env["dunning.einvoice.rule"].create(
            {"code": "300", "company_id": self.company.id}
        )
        rule.with_user(manager).effect = "suspend"
        with self.assertRaises(AccessError):
            rule.with_user(self.collector).effect = "told"
        with self.assertRaises(AccessError):
            self._rule("207").with_user(self.collector).effect = "told"

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_nobody_writes_what_buyers_say(self):
        self._say("208", "JUSTIF_ABS")
        matter = self._get_matters().with_user(self.collector)
        for values in ({"state": "ended"}, {"topic": "task"}, {"move_id": False}):
            with self.assertRaises(UserError):
                matter.write(values)
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            matter.with_user(auditor).action_resume()
        self.assertTrue(self._get_holds())

    def test_who_works_on_a_matter_notes_and_plans_and_no_auditor_does(self):
        self._say("208", "JUSTIF_ABS")
        matter = self._get_matters()
        theirs = matter.with_user(self.collector)
        self.assertTrue(theirs.message_post(body="Called the buyer"))
        self.assertTrue(theirs.activity_schedule(summary="Call back"))
        auditor = self._create_user("auditor", "group_dunning_readonly")
        ours = matter.with_user(auditor)
        self.assertTrue(ours.topic)
        with self.assertRaises(AccessError):
            ours.message_post(body="I was here")
        with self.assertRaises(AccessError):
            ours.activity_schedule(summary="Call back")

    def test_who_receives_a_status_needs_no_rights_on_dunning(self):
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        events = self.env["dunning.einvoice.event"].sudo()
        event = events.create(self._prepare_said("207", "PU_ERR"))
        event.with_user(employee).sudo()._apply()
        self.assertTrue(self._get_dispute())
