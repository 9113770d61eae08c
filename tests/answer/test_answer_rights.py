from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common_answer import AnswerCommon

KINDS = ("paid", "promise", "dispute")


@tagged("post_install", "-at_install")
class TestAnswerRights(AnswerCommon):
    """Nobody answers for another customer, nor reads or decides what is not theirs."""

    def _prepare(self, *items):
        return {
            "item_ids": [item.id for item in items],
            "date": self._as_text(0),
            "means": "transfer",
            "number": 1,
            "reason_id": self.reason.id,
            "text": "Wrong",
            "amount": "",
        }

    def _refuse(self, item):
        for kind in KINDS:
            with self.subTest(kind=kind):
                problems = self._get_problems(kind, self._prepare(self.item, item))
                self.assertIn("item_ids", problems)
                with self.assertRaises(UserError):
                    self._ask(kind, self._prepare(self.item, item))

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def test_items_of_other_customers_are_refused(self):
        self._refuse(self._create_item(self.other))

    def test_closed_items_are_refused(self):
        item = self._create_item(amount=50)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=item.move_id.ids
        ).create({})._create_payments()
        self._refuse(item)

    def test_items_of_other_companies_are_refused(self):
        data = self.setup_other_company(name="Second Company")
        invoice = (
            self.env["account.move"]
            .with_company(data["company"])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": self._before(20),
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 9, "tax_ids": []})
                    ],
                }
            )
        )
        invoice.action_post()
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self._refuse(receivable)

    def test_the_form_shows_no_items_of_others_and_refuses_them(self):
        foreign = self._create_item(self.other)
        base = self._log_in()
        shown = self.url_open(f"{base}/paid?items={foreign.id}").text
        self.assertNotIn(f'value="{foreign.id}"', shown)
        answer = self._fill(
            f"{base}/paid",
            item_ids=foreign.id,
            date=self._as_text(0),
            means="transfer",
        )
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._get_requests("paid"))

    def test_whatever_a_form_sends_is_told_what_is_wrong(self):
        base = self._log_in()
        for values in (
            {"item_ids": "x" * 500, "date": "\0", "means": "../.."},
            {"item_ids": "99999999999999999999", "date": "0000-00-00"},
            {"item_ids": "-1", "number": "1e9", "reason_id": "None"},
        ):
            for path in ("paid", "promise", "dispute"):
                with self.subTest(path=path, **values):
                    answer = self._fill(f"{base}/{path}", **values)
                    self.assertEqual(answer.status_code, 422)

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def test_the_dispute_and_files_of_others_are_not_there(self):
        foreign = self._create_item(self.other)
        request = self._ask(
            "dispute",
            self._prepare(foreign),
            customer=self.other,
            files=[{"name": "a.pdf", "raw": b"%PDF-1", "mimetype": "application/pdf"}],
        )
        base = self._log_in()
        for path in (
            f"dispute/{request.dispute_id.id}",
            f"file/{request.attachment_ids.id}",
            "file/999999999",
        ):
            self.assertEqual(self.url_open(f"{base}/{path}").status_code, 404)
        problems = self._get_problems(
            "dispute_reply", {"dispute_id": request.dispute_id.id, "text": "x"}
        )
        self.assertIn("text", problems)

    def test_archived_and_merged_customers_answer_no_more(self):
        base = self._enter()
        self.customer.active = False
        self.env.flush_all()
        self.assertGone(self.url_open(f"{base}/paid"))
        self.customer.write(
            {"active": True, "is_company": False, "parent_id": self.other.id}
        )
        self.env.flush_all()
        self.assertGone(self.url_open(f"{base}/paid"))

    def test_what_was_paid_meanwhile_is_not_confirmed(self):
        base = self._enter()
        with self.mock_mail_gateway():
            self._fill(
                f"{base}/promise",
                item_ids=self.item.id,
                date=self._as_text(5),
                number="1",
            )
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=self.item.move_id.ids
            ).create({})._create_payments()
            self.env.flush_all()
            answer = self._confirm()
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._get_requests("promise").promise_id)

    # ------------------------------------------------------------------
    # RPC
    # ------------------------------------------------------------------

    def _call(self, user, model, method, *args):
        return call_kw(self.env(user=user, su=False)[model], method, list(args), {})

    def test_portal_users_call_nothing_of_it(self):
        request = self._ask("paid", self._prepare(self.item))
        for model, method, args in (
            ("dunning.portal.request", "action_accept", [request.ids]),
            ("dunning.portal.request", "action_refuse", [request.ids]),
            ("dunning.portal.request", "action_open_result", [request.ids]),
            ("dunning.portal.change", "search_read", [[]]),
            ("dunning.answer.refusal", "create", [{}]),
            ("dunning.portal.act.paid", "_carry_out", [request.ids]),
            ("dunning.portal.comparison", "_compare", [[]]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call(self.visitor, model, method, *args)
        self.assertEqual(request.decision, "open")

    def test_who_only_reads_dunning_decides_nothing(self):
        request = self._ask("details", {"details": {"email": "new@example.com"}})
        auditor = self._create_user("dunning_auditor", "readonly")
        for method in ("action_accept", "action_refuse"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._call(auditor, "dunning.portal.request", method, request.ids)
        self.assertEqual(self.customer.email, "visited.customer@example.com")

    def test_another_company_decides_nothing(self):
        request = self._ask("details", {"details": {"email": "new@example.com"}})
        data = self.setup_other_company(name="Second Company")
        foreign = self._create_user("dunning_foreign", "manager")
        foreign.write(
            {
                "company_id": data["company"].id,
                "company_ids": [(6, 0, data["company"].ids)],
            }
        )
        with self.assertRaises(AccessError):
            self._call(foreign, "dunning.portal.request", "action_accept", request.ids)

    def test_nobody_changes_what_was_asked_for(self):
        request = self._ask("details", {"details": {"email": "new@example.com"}})
        own = request.change_ids.sudo(False).with_user(self.manager)
        with self.assertRaises(AccessError):
            own.write({"new": "evil@example.com"})
