from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..disputes import DisputeCommon
from ..litigations import LitigationCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestLitigationDialog(DisputeCommon, LitigationCommon):
    """Handing over as the collector does: from the customer, items, a follow-up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-20)

    def _open(self, records, model="dunning.litigation.dialog", **context):
        dialog = self.env[model].with_user(self.collector)
        return WebForm(
            dialog.with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records.ids[0],
                **context,
            )
        )

    def _get_shown(self, window):
        return self.env["dunning.litigation"].browse(window["res_id"])

    def test_what_is_overdue_is_handed_over_from_the_customer(self):
        later = self._create_invoice(due=9)
        self._run()
        form = self._open(self.customer)
        self.assertEqual(form.amount, 100)
        self.assertEqual(form.action_count, 1)
        self.assertEqual(form.agent_id, self.lawyer)
        litigation = self._get_shown(form.save().action_apply())
        self.assertEqual(litigation.move_line_ids, self._items(self.invoice))
        self.assertEqual(litigation.user_id, self.collector)
        self.assertPlanned(later, "later")

    def test_what_is_claimed_is_shown_while_it_is_not_said_for_which_company(self):
        self._create_payment(amount=30)
        dialog = (
            self.env["dunning.litigation.dialog"]
            .with_user(self.collector)
            .new(
                {
                    "partner_id": self.customer.id,
                    "company_id": False,
                    "currency_id": self.invoice.currency_id.id,
                    "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                }
            )
        )
        self.assertEqual((dialog.amount_credited, dialog.amount_claimed), (0, 100))

    def test_money_on_account_is_told_and_not_claimed(self):
        self._create_payment(amount=30)
        form = self._open(self.customer)
        self.assertEqual(
            (form.amount, form.amount_credited, form.amount_claimed), (100, 30, 70)
        )
        first = self._get_shown(form.save().action_apply())
        # What covers one litigation covers no other.
        self._create_payment(amount=80)
        self._create_invoice(due=-20)
        form = self._open(self.customer)
        self.assertEqual((form.amount, form.amount_credited), (100, 100))
        second = self._get_shown(form.save().action_apply())
        (first | second).invalidate_recordset(["amount_credited"])
        credited = first.amount_credited, second.amount_credited
        self.assertEqual(credited, (10, 100))

    def test_what_was_accepted_in_a_dispute_is_told_and_not_claimed(self):
        self._accept_dispute(self.invoice, 40)
        self._create_payment(amount=80)
        form = self._open(self.customer)
        self.assertEqual(
            (form.amount, form.amount_accepted, form.amount_credited), (100, 40, 60)
        )
        self.assertEqual(form.amount_claimed, 0)
        for words in ("40.00", self.invoice.name, "accepted in a dispute"):
            self.assertIn(words, form.accepted_text)
        self.assertFalse(form.staying_text)
        first = self._get_shown(form.save().action_apply())
        self.assertEqual((first.amount_accepted, first.amount_credited), (40, 60))
        # What is left of the money covers what was handed over before.
        self._create_invoice(due=-20, amount=10)
        second = self._get_shown(self._open(self.customer).save().action_apply())
        first.invalidate_recordset(["amount_credited", "amount_claimed"])
        self.assertEqual((second.amount_credited, second.amount_claimed), (10, 0))
        self.assertEqual((first.amount_credited, first.amount_claimed), (60, 0))

    def test_what_was_accepted_is_deducted_once_when_it_is_credited(self):
        dispute = self._accept_dispute(self.invoice, 40)
        litigation = self._hand_over(self.invoice)
        self.assertEqual(
            (litigation.amount_accepted, litigation.amount_claimed), (40, 60)
        )
        dispute.sudo().credit_note_ids.action_post()
        self._items(self.invoice).remove_move_reconcile()
        litigation.invalidate_recordset()
        self.assertEqual(
            (litigation.amount_accepted, litigation.amount_credited), (0, 40)
        )
        self.assertEqual((litigation.amount_left, litigation.amount_claimed), (100, 60))

    def test_what_is_contested_goes_on_and_is_told(self):
        self._dispute(self.invoice, 40)
        form = self._open(self.customer)
        self.assertEqual((form.amount_accepted, form.amount_claimed), (0, 100))
        for words in ("Dispute (Wrong Price)", "40.00", self.invoice.name):
            self.assertIn(words, form.staying_text)
        self.assertFalse(form.ending_text)

    def test_what_is_on_hold_is_told_before_it_ends(self):
        reason = self.env.ref("account_dunning.reason_cash")
        hold = self._create_hold(
            self.invoice, amount=30, date_end=9, reason_id=reason.id
        )
        wider = self._create_hold(self.invoice | self._create_invoice(due=9))
        whole = self._create_hold()
        form = self._open(self.customer)
        [line] = form.ending_text.splitlines()
        for words in (reason.name, "30.00", "until", self.invoice.name):
            self.assertIn(words, line)
        self.assertIn("Hold: ", form.staying_text)
        form.save().action_apply()
        self.assertEqual(
            (hold.state, wider.state, whole.state), ("released", "active", "active")
        )

    def test_all_that_is_on_hold_ends_by_insolvency(self):
        wider = self._create_hold(self.invoice | self._create_invoice(due=9))
        whole = self._create_hold()
        form = self._open(self.customer)
        self.assertFalse(form.ending_text)
        form.kind = "insolvency"
        self.assertEqual(form.ending_text.count("200.00"), 2)
        self.assertFalse(form.staying_text)
        form.date_published = self._day(-1)
        form.save().action_apply()
        self.assertEqual((wider.state, whole.state), ("released", "released"))

    def test_an_action_about_more_than_what_is_handed_over_goes_on(self):
        other = self._create_invoice(due=-20)
        action = self._run().action_ids
        form = self._open(self.invoice)
        self.assertEqual(form.action_count, 0)
        form.save().action_apply()
        open_lines = action.line_ids.filtered(lambda line: line.state == "open")
        self.assertEqual(open_lines.move_line_id, self._items(other))
        self.assertIn(action.state, ("to_validate", "todo"))

    def test_the_agents_are_those_of_the_kind(self):
        form = self._open(self.invoice)
        form.kind = "agency"
        self.assertEqual(form.agent_id, self.agency)
        litigation = self._get_shown(form.save().action_apply())
        self.assertEqual(
            (litigation.kind, litigation.agent_id.id), ("agency", self.agency.id)
        )

    def test_the_reason_of_a_court_is_not_that_of_an_agency_or_an_insurer(self):
        form = self._open(self.invoice)
        legal = self.env.ref("account_dunning.reason_legal")
        self.assertEqual(form.reason_id, legal)
        for kind in ("agency", "insurer"):
            form.kind = kind
            self.assertFalse(form.reason_id)
        form.kind = "lawyer"
        self.assertEqual(form.reason_id, legal)

    def test_an_agent_made_here_gets_the_language_of_who_makes_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        self.collector.group_ids |= self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].with_user(self.collector)
        context = self._get_field_context(
            "dunning.litigation.dialog", "agent_id", lang="fr_FR"
        )
        agent_id, _name = partners.with_context(**context).name_create("Cabinet")
        self.assertEqual(partners.browse(agent_id).lang, "fr_FR")

    def _get_field_context(self, model, name, **context):
        """Return with which context the web client makes a record for a field."""
        views = self.env[model].get_views([(False, "form")])["views"]
        [node] = etree.fromstring(views["form"]["arch"]).iterfind(
            f".//field[@name='{name}']"
        )
        values = {"context": context, "kind": "lawyer"}
        return context | safe_eval(node.get("context"), values)

    def test_items_can_be_chosen_in_the_list(self):
        item = self.env["dunning.item"].browse(self._items(self.invoice).id)
        litigation = self._get_shown(self._open(item).save().action_apply())
        self.assertEqual(litigation.move_ids, self.invoice)

    def test_of_other_currencies_is_told_where_there_are_some_alone(self):
        self.assertFalse(self._open(self.customer).has_other_currency)

    def test_it_is_said_to_whom(self):
        dialog = self._open(self.invoice).save()
        dialog.agent_id = False
        with self.assertRaisesRegex(UserError, "to whom"):
            dialog.action_apply()

    def test_insolvency_is_about_all_that_is_owed_in_each_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        later = self._create_invoice(due=9)
        foreign = self._create_invoice(due=9, currency=dollar)
        lawyer = self._hand_over(self.invoice)
        form = self._open(self.customer)
        form.kind = "insolvency"
        self.assertFalse(form.agent_id)
        self.assertEqual((form.amount, form.other_count), (200, 1))
        self.assertTrue(form.has_other_currency)
        form.date_published = self._day(-1)
        form.save().action_apply()
        self.assertEqual(lawyer.closed_by, "insolvency")
        found = self.env["dunning.litigation"].search([("kind", "=", "insolvency")])
        self.assertEqual(found.move_ids, self.invoice | later | foreign)
        self.assertEqual(len(found), 2)
        self.assertPlanned(foreign, "out", day=30, reason="held")

    def _plan_by_hand(self):
        return (
            self.env["dunning.action"]
            .with_user(self.collector)
            .create({"partner_id": self.customer.id, "channel": "letter"})
        )

    def test_what_was_planned_by_hand_is_counted_and_skipped_by_insolvency_alone(self):
        self._run()
        planned = self._plan_by_hand()
        form = self._open(self.customer)
        self.assertEqual(form.action_count, 1)
        form.kind = "insolvency"
        self.assertEqual(form.action_count, 2)
        form.date_published = self._day(-1)
        form.save().action_apply()
        self.assertEqual(
            (planned.state, planned.skip_reason),
            ("cancelled", "Insolvency Proceedings"),
        )
        later = self._plan_by_hand()
        self.assertEqual(later.state, "todo")

    def test_the_confirmation_of_a_promise_is_not_among_what_is_skipped(self):
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                "line_ids": [Command.create({"date": self._day(10), "amount": 40})],
            }
        )
        self.assertEqual(promise._plan_confirmation().kind, "notice")
        self._plan_by_hand()
        form = self._open(self.customer)
        form.kind = "insolvency"
        self.assertEqual(form.action_count, 1)

    def test_what_another_company_has_planned_is_not_among_what_is_skipped(self):
        other = self._create_second_company()
        self.collector.company_ids |= other
        self.env["dunning.action"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "channel": "letter",
            }
        )
        form = self._open(self.customer)
        form.kind = "insolvency"
        self.assertEqual(form.action_count, 0)

    def test_closing_asks_how_and_why(self):
        litigation = self._hand_over(self.invoice)
        form = self._open(litigation, "dunning.litigation.close")
        form.end = "irrecoverable"
        form.text = "No assets"
        form.save().action_apply()
        self.assertEqual(
            (litigation.state, litigation.decision), ("irrecoverable", "No assets")
        )

    def test_what_is_handed_over_after_the_last_level_is_a_litigation(self):
        self._set_levels([("Reminder", 5, {}), ("Last", 15, {"tone": "formal"})])
        self._step(0)
        self._step(1)
        self._run(2)
        follow_up = self._actions(kind="follow_up", state="todo")
        form = self._open(follow_up)
        self.assertEqual((form.amount, form.action_count), (100, 1))
        litigation = self._get_shown(form.save().action_apply())
        self.assertEqual(litigation.agent_id, self.lawyer)
        self.assertEqual(litigation.amount, 100)
        self.assertEqual(follow_up.state, "cancelled")
        self.assertPlanned(self.invoice, "out", day=60, reason="held")
