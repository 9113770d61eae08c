from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..einvoice_effects import EinvoiceCommon
from .test_einvoice_order import get_codes

# What was said before of the invoice, by the right status.
BEFORE = (
    (),
    (("207", "PU_ERR", {"day": -20}),),
    (("208", "JUSTIF_ABS", {"day": -20}),),
    (("205", None, {"day": -20}),),
    (("211", None, {"day": -20, "amount": 400, "paid": 0}),),
)


@tagged("post_install", "-at_install")
class TestEinvoiceTakenBack(EinvoiceCommon):
    """A status that was given to the wrong invoice is taken back: it is as if it had
    never been said of it."""

    def _take_back(self, event, user=None):
        """Take a status back as the web client does."""
        events = self.env["dunning.einvoice.event"].with_user(user or self.collector)
        return call_kw(events, "action_take_back", [event.ids], {})

    def test_each_status_taken_back_leaves_what_was_before(self):
        cases, before, said = [], [], []
        for code, reasons in get_codes().items():
            for base in BEFORE:
                customer = self._create_customer(f"Buyer {len(cases)}")
                invoice = self._create_invoice(customer, due=-40, amount=1000)
                cases.append((code, base, invoice))
                before += [
                    self._prepare_said(c, *filter(None, [r]), invoice=invoice, **kw)
                    for c, r, kw in base
                ]
                said.append(
                    self._prepare_said(
                        code, *reasons[:1], invoice=invoice, day=-5, paid=0
                    )
                )
        self._receive(*before)
        expected = [self._get_end_state(invoice) for *_said, invoice in cases]
        plan = self._get_verdicts()
        wrong = self._receive(*said)
        found = [self._get_end_state(invoice) for *_said, invoice in cases]
        changed = [one for one in zip(found, expected, strict=True) if one[0] != one[1]]
        self.assertGreater(len(changed), len(cases) / 2, "they did something")
        self._take_back(wrong)
        for (code, base, invoice), end in zip(cases, expected, strict=True):
            with self.subTest(code=code, base=base):
                self.assertEqual(self._get_end_state(invoice), end)
        self.assertEqual(self._get_verdicts(), plan)

    def _get_verdicts(self):
        return {
            item.id: (row.decision, row.reason, row.date)
            for item, row in self._plan().items()
        }

    def test_what_was_taken_back_waits_for_people_alone(self):
        event = self._say(
            "207", "PU_ERR", number=self.invoice.name, seller_ids="732829320"
        )
        self._take_back(event)
        self.assertRecordValues(
            event,
            [
                {
                    "state": "waiting",
                    "problem_kind": "taken_back",
                    "move_id": False,
                    "effect": False,
                }
            ],
        )
        self.assertIn(self.invoice.name, event.message_ids[0].body)
        self.assertEqual(event.message_ids[0].author_id, self.collector.partner_id)
        self.company.company_registry = "732829320"
        event.with_user(self.collector).action_retry()
        event.with_user(self.collector).action_accept()
        self.assertEqual(event.state, "waiting")
        self.invoice.button_draft()
        self.invoice.action_post()
        self.assertEqual(event.state, "waiting")
        self.assertFalse(self._get_dispute())

    def test_it_is_given_to_the_right_invoice(self):
        event = self._say("207", "PU_ERR")
        wrong = self._get_dispute()
        other = self._create_invoice(due=-20, amount=700)
        self._take_back(event)
        dialog = self.env["dunning.einvoice.decision"].with_user(self.collector)
        dialog.create(
            {"event_ids": [(6, 0, event.ids)], "move_id": other.id}
        ).action_apply()
        self.assertFalse(self._get_dispute())
        self.assertEqual(self._get_dispute(other).amount, 700)
        self.assertEqual(event.matter_ids.move_id, other)
        self.assertEqual((wrong.state, wrong.closed_by), ("cancelled", "buyer"))
        self.assertIn("not about this invoice", wrong.decision)
        answer = self.env["dunning.einvoice.answer"].search(
            [("event_id", "=", event.id)]
        )
        self.assertEqual(answer.move_id, other)
        self.assertTrue(answer.is_open)

    def test_it_may_come_back_to_the_same_invoice(self):
        event = self._say("208", "JUSTIF_ABS")
        expected = self._get_end_state()
        self._take_back(event)
        self.assertIn("Never said", self._get_matters().made_text)
        self.assertPlanned(self.item, "step")
        event.sudo()._assign(self.invoice)
        self.assertEqual(self._get_end_state(), expected)

    def test_what_people_have_decided_since_stands(self):
        event = self._say("207", "PU_ERR")
        dispute = self._get_dispute()
        dispute.with_user(self.collector).action_reject(text="No")
        self._take_back(event)
        self.assertEqual(dispute.state, "rejected")
        self.assertFalse(self._get_topics())

    def test_an_approval_taken_back_is_waited_for_again(self):
        reason = self.env.ref("account_dunning.reason_not_approved")
        hold = self._create_hold(self.invoice, reason_id=reason.id)
        other = self._create_invoice(due=-20)
        both = self._create_hold(self.invoice + other, reason_id=reason.id)
        event = self._say("205")
        self.assertPlanned(self.item, "step")
        self._take_back(event)
        self.assertEqual(hold.state, "active")
        self.assertEqual(both.move_line_ids, self.item + self._items(other))
        self.assertPlanned(self.item, "out", reason="held")
        self._say("205", day=-1)
        self.assertEqual(hold.state, "released")
        self.assertPlanned(self.item, "step")

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_who_only_reads_takes_nothing_back(self):
        event = self._say("207", "PU_ERR")
        auditor = self._create_user("auditor", "group_dunning_readonly")
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        company = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", company)
        for user in (auditor, employee, stranger):
            with self.assertRaises(AccessError):
                self._take_back(event, user)
        self.assertEqual(event.move_id, self.invoice)
        self.assertTrue(self._get_dispute())

    def test_what_has_no_invoice_cannot_be_taken_back(self):
        event = self._say("207", "PU_ERR")
        self._take_back(event)
        with self.assertRaisesRegex(UserError, "has an invoice"):
            self._take_back(event)

    def test_where_it_is_another_companys_the_list_is_shown(self):
        event = self._say("207", "PU_ERR", seller_ids="111222333")
        other = self._create_second_company(company_registry="111222333")
        action = self._take_back(event)
        self.assertEqual(event.company_id, other)
        self.assertEqual(action["res_model"], "dunning.einvoice.event")
