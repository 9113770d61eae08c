from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_answer import PDF, AnswerCommon
from .uploads_common import make_pdf


@tagged("post_install", "-at_install")
class TestPaid(AnswerCommon):
    """I have paid: a task for the collector, and a short hold, once for each item."""

    def _prepare(self, **values):
        return {
            "item_ids": self.item.ids,
            "date": self._as_text(-2),
            "means": "transfer",
            "reference": "TRF 42",
        } | values

    # ------------------------------------------------------------------
    # WHAT FOLLOWS
    # ------------------------------------------------------------------

    def test_the_collector_gets_one_task_that_says_what_to_look_for(self):
        request = self._ask("paid", self._prepare())
        task = request.action_id
        self.assertEqual((task.channel, task.state), ("task", "todo"))
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("TRF 42", task.note)
        self.assertIn(self.item._dunning_get_number(), task.note)
        self.assertFalse(self.customer.activity_ids)

    def test_the_task_claims_nothing_of_what_the_customer_said_nothing_about(self):
        self._create_item(amount=77)
        task = self._ask("paid", self._prepare()).action_id
        # Lines are written by the engine alone.
        task_sudo = task.sudo()
        task_sudo._refresh(any_day=True, complete=True)
        self.assertFalse(task.line_ids.filtered(lambda line: line.state == "open"))
        self.assertEqual(task.amount, 0)
        task.action_finish()
        self.assertEqual(task.state, "done")

    def test_the_items_are_on_hold_for_the_days_of_the_company(self):
        request = self._ask("paid", self._prepare())
        hold = request.hold_id
        self.assertEqual(hold.move_line_ids, self.item)
        self.assertEqual(hold.origin, "paid")
        self.assertEqual(hold.date_end, self.company._dunning_add_working_days(5))

    def test_a_day_with_something_behind_it_is_none(self):
        for behind in ("T10:00", " 10:00:00", "0"):
            day = self._as_text(-2) + behind
            problems = self._get_problems("paid", self._prepare(date=day))
            self.assertEqual(set(problems), {"date"})

    def test_a_file_in_the_place_of_a_text_is_nothing(self):
        base = self._log_in()
        forms = {
            "paid": ("date", "means", "reference", "note"),
            "promise": ("date", "number", "note"),
            "dispute": ("text", "amount", "reason_id"),
            "details": ("contact_name", "email"),
            "statements": ("frequency",),
            "send": ("once",),
        }
        for path, names in forms.items():
            files = [("a.txt", b"text", name) for name in names]
            with self.subTest(path):
                answer = self._fill(f"{base}/{path}", files)
                self.assertEqual(answer.status_code, 422)

    def test_saying_it_again_holds_nothing_again(self):
        self._ask("paid", self._prepare()).hold_id.action_release()
        other = self._create_item(amount=50)
        again = self._ask(
            "paid", self._prepare(item_ids=[self.item.id, other.id], reference="2")
        )
        self.assertEqual(again.hold_id.move_line_ids, other)
        third = self._ask("paid", self._prepare(reference="3"))
        self.assertFalse(third.hold_id)
        self.assertTrue(third.action_id)

    def test_what_is_held_for_another_reason_is_held_for_this_one_too(self):
        self.env["dunning.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "move_line_ids": self.item.ids,
                "note": "On request",
            }
        )
        request = self._ask("paid", self._prepare())
        self.assertEqual(request.hold_id.move_line_ids, self.item)

    def test_nothing_is_held_where_the_company_says_so(self):
        self.company.dunning_answer_hold_days = 0
        self.assertFalse(self._ask("paid", self._prepare()).hold_id)

    def test_the_task_is_written_in_the_language_of_the_collector(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        task = self._ask("paid", self._prepare()).action_id
        self.assertIn("Référence", task.note)

    # ------------------------------------------------------------------
    # WHAT IS DECIDED
    # ------------------------------------------------------------------

    def test_who_finds_the_payment_has_done_the_task(self):
        request = self._ask("paid", self._prepare())
        request.with_user(self.collector).action_accept()
        self.assertEqual(request.decision, "accepted")
        self.assertEqual(request.decision_user_id, self.collector)
        self.assertEqual(request.action_id.state, "done")
        self.assertEqual(request.hold_id.state, "active")

    def test_who_does_not_find_it_lets_dunning_go_on(self):
        request = self._ask("paid", self._prepare())
        request.with_user(self.collector).action_refuse("No such payment")
        self.assertEqual(request.hold_id.state, "released")
        self.assertEqual(request.action_id.state, "done")
        self.assertEqual(request.decision_note, "No such payment")

    def test_it_is_decided_once(self):
        request = self._ask("paid", self._prepare()).with_user(self.collector)
        request.action_accept()
        with self.assertRaisesRegex(UserError, "decided already"):
            request.action_refuse()

    # ------------------------------------------------------------------
    # WHAT IS WRONG
    # ------------------------------------------------------------------

    def test_what_is_wrong_is_said_of_its_field(self):
        for field, values in (
            ("item_ids", {"item_ids": []}),
            ("date", {"date": ""}),
            ("date", {"date": "2026-02-31"}),
            ("date", {"date": self._as_text(1)}),
            ("date", {"date": self._as_text(-1000)}),
            ("means", {"means": "gold"}),
        ):
            with self.subTest(values):
                problems = self._get_problems("paid", self._prepare(**values))
                self.assertEqual(set(problems), {field})
        self.assertFalse(self._get_problems("paid", self._prepare()))

    # ------------------------------------------------------------------
    # THE PAGE
    # ------------------------------------------------------------------

    def test_a_visitor_who_is_logged_in_sends_it_with_a_proof(self):
        base = self._log_in()
        answer = self._fill(
            f"{base}/paid?items={self.item.id}",
            files=[("proof<1>.exe", PDF)],
            item_ids=self.item.id,
            date=self._as_text(-1),
            means="transfer",
        )
        self.assertIn("We look for your payment", answer.text)
        request = self._get_requests("paid")
        self.assertEqual(request.user_id, self.visitor)
        self.assertEqual(request.attachment_ids.name, "proof_1_.pdf")
        with self.assertRaises(UserError):
            request.attachment_ids.sudo().unlink()

    def test_by_a_link_nothing_happens_before_the_e_mail_is_confirmed(self):
        base = self._enter()
        with self.mock_mail_gateway():
            answer = self._fill(
                f"{base}/paid",
                item_ids=self.item.id,
                date=self._as_text(-1),
                means="check",
            )
            self.assertIn("please confirm", answer.text)
            request = self._get_requests("paid")
            self.assertEqual(request.state, "waiting")
            self.assertFalse(request.hold_id)
            self.assertIn("We look for your payment", self._confirm().text)
        self.env.invalidate_all()
        self.assertTrue(request.hold_id)
        self.assertTrue(request.action_id)

    def test_what_was_entered_stays_beside_what_is_wrong(self):
        base = self._log_in()
        answer = self._fill(
            f"{base}/paid",
            item_ids=self.item.id,
            date=self._as_text(3),
            means="check",
            reference="A<b>'\"",
            note="Some words",
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn('id="problem_date"', answer.text)
        self.assertIn(f'value="{self._as_text(3)}"', answer.text)
        self.assertIn("A&lt;b&gt;", answer.text)
        self.assertIn("Some words", answer.text)
        self.assertRegex(answer.text, rf'value="{self.item.id}" checked')
        self.assertRegex(answer.text, r'<option value="check" selected')

    def test_a_form_that_is_sent_twice_counts_once(self):
        base = self._log_in()
        for _time in range(2):
            self._fill(
                f"{base}/paid",
                item_ids=self.item.id,
                date=self._as_text(-1),
                means="check",
                once="the same form",
            )
        self.assertEqual(len(self._get_requests("paid")), 1)

    def test_files_are_to_be_chosen_again_where_something_else_is_wrong(self):
        base = self._log_in()
        values = {"item_ids": self.item.id, "means": "check", "date": "soon"}
        for files, again in (([("a.pdf", PDF)], True), ([], False)):
            answer = self._fill(f"{base}/paid", files=files, **values)
            self.assertEqual(answer.status_code, 422)
            self.assertIn("Please correct what is marked below.", answer.text)
            self.assertEqual("choose your files again" in answer.text, again)

    def test_what_is_found_after_the_task_was_done_is_accepted_too(
        self,
    ):
        request = self._ask("paid", self._prepare()).with_user(self.collector)
        request.action_id.action_execute()
        request.action_accept()
        self.assertEqual(request.decision, "accepted")

    def test_files_that_are_no_papers_are_refused_beside_their_field(self):
        base = self._log_in()
        for name, content in (
            ("page.pdf", b"<html><script>alert(1)</script></html>"),
            ("run.pdf", PDF + b"/OpenAction << /S /JavaScript /JS (x) >>"),
            ("large.pdf", PDF + b"0" * (5 * 1024 * 1024)),
            ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ):
            with self.subTest(name):
                answer = self._fill(
                    f"{base}/paid",
                    files=[(name, content)],
                    item_ids=self.item.id,
                    date=self._as_text(-1),
                    means="check",
                )
                self.assertEqual(answer.status_code, 422)
                self.assertIn('id="problem_files"', answer.text)
        self.assertFalse(self._get_requests("paid"))

    def test_what_to_do_with_a_protected_statement_of_a_bank_is_said(self):
        base = self._log_in()
        locked = make_pdf(b"3 0 <</Type/Page>>", more=b"trailer <</Encrypt 5 0 R>>")
        answer = self._fill(
            f"{base}/paid",
            files=[("bank.pdf", locked)],
            item_ids=self.item.id,
            date=self._as_text(-1),
            means="transfer",
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("“bank.pdf” is protected", answer.text)

    def test_what_proves_a_payment_is_given_to_nobody_with_a_link(self):
        file = {"name": "transfer.pdf", "raw": PDF, "mimetype": "application/pdf"}
        request = self._ask("paid", self._prepare(), files=[file])
        base = self._enter()
        answer = self.url_open(f"{base}/file/{request.attachment_ids.id}")
        self.assertEqual(answer.status_code, 404)

    def test_a_get_does_nothing(self):
        base = self._log_in()
        self.url_open(f"{base}/paid?item_ids={self.item.id}&date=2026-01-01")
        self.assertFalse(self._get_requests("paid"))
