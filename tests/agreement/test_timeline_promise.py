from odoo.tests import tagged

from ..customer.test_timeline import TimelineCommon
from ..disputes import DisputeCommon
from ..promise.test_promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestTimelinePromise(TimelineCommon, PromiseCommon, DisputeCommon):
    """What became of promises and disputes is part of what happened."""

    def _get_told(self, kind):
        """Return day, channel and title of the entries of a kind."""
        return [
            (entry["date"], entry["channel"], entry["title"])
            for entry in self._get_entries(kind)
        ]

    def test_a_promise_is_told_and_its_holds_are_not(self):
        promise = self._promise((5, 150), note="Cheque in the post")
        self.assertEqual(len(promise.hold_ids), 2)
        [entry] = self._get_entries()
        self.assertEqual(
            (entry["channel"], entry["title"], entry["text"], entry["amount"]),
            ("Promise to pay", "By 03/07/2026", "Cheque in the post", "150.00\xa0€"),
        )
        self.assertEqual(
            (entry["model"], entry["res_id"]), ("dunning.promise", promise.id)
        )

    def test_a_plan_is_told_once(self):
        self._promise((5, 50), (35, 50), (65, 50))
        self.assertEqual(
            self._get_told("promise"),
            [("03/02/2026", "Instalment plan", "3 payments until 05/06/2026")],
        )

    def test_a_promise_that_was_kept_is_told_again(self):
        self._promise((5, 100), items=self.old)
        self._go_to(3)
        self._pay(self.old, 100, date=3)
        self.assertEqual(
            self._get_told("promise"),
            [
                ("03/05/2026", "Promise kept", "Made on 03/02/2026"),
                ("03/02/2026", "Promise to pay", "By 03/07/2026"),
            ],
        )
        kept, _made = self._get_entries("promise")
        self.assertFalse(kept["text"], "nothing was missed")

    def test_a_promise_that_was_not_kept_says_what_is_missing(self):
        self._promise((5, 100), items=self.old)
        self._go_to(4)
        self._pay(self.old, 30, date=4)
        self._run(9)
        end, _made = self._get_entries("promise")
        self.assertEqual(
            (end["date"], end["channel"], end["amount"]),
            ("03/11/2026", "Promise partly kept", "30.00\xa0€"),
        )
        self.assertIn("30.00\xa0€ received in time", end["text"])

    def test_a_payment_that_is_returned_takes_the_end_back(self):
        self._promise((5, 100), items=self.old)
        self._pay(self.old, 100)
        self.assertEqual(len(self._get_entries("promise")), 2)
        self._items(self.old).remove_move_reconcile()
        self.assertEqual(len(self._get_entries("promise")), 1)

    def test_a_promise_that_was_withdrawn_says_why(self):
        promise = self._promise((5, 100), items=self.old)
        self._go_to(1)
        promise.action_withdraw("They changed their mind")
        end, _made = self._get_entries("promise")
        self.assertEqual(
            (end["date"], end["channel"], end["text"], end["who"]),
            (
                "03/03/2026",
                "Promise withdrawn",
                "They changed their mind",
                self.collector.name,
            ),
        )

    def test_a_promise_that_was_renegotiated_is_told_with_the_new_one(self):
        self._promise((5, 100), items=self.old)
        self._go_to(1)
        self._promise((15, 100), items=self.old)
        self.assertEqual(
            [channel for _date, channel, _title in self._get_told("promise")],
            ["Promise to pay", "Promise renegotiated", "Promise to pay"],
        )

    def test_a_promise_that_waits_for_approval_says_so(self):
        self.company.dunning_promise_max_amount = 50
        self._promise((5, 100), items=self.old)
        [entry] = self._get_entries("promise")
        self.assertEqual(entry["muted"], "Waits for approval")

    def test_a_dispute_is_told_and_how_it_ended(self):
        dispute = self._dispute(self.old, 40, description="<p>Too dear</p>")
        self._go_to(2)
        dispute.action_reject(text="The price was agreed")
        end, begin = self._get_entries("dispute")
        self.assertEqual(
            (begin["date"], begin["channel"], begin["reason"], begin["text"]),
            ("03/02/2026", "Dispute", "Wrong Price", "Too dear"),
        )
        self.assertEqual(begin["title"], f"For {self.old.name}")
        self.assertEqual(
            (end["date"], end["channel"], end["who"]),
            ("03/04/2026", "Dispute rejected", self.collector.name),
        )
        self.assertFalse(self._get_entries("hold"))

    def test_a_dispute_that_was_paid_says_so(self):
        self._dispute(self.old)
        self._go_to(1)
        self._pay(self.old)
        end, _begin = self._get_entries("dispute")
        self.assertEqual((end["channel"], end["text"]), ("Dispute closed", "Paid"))

    def test_a_dispute_that_was_credited_does_not_say_it_was_paid(self):
        self._dispute(self.old)
        self._go_to(1)
        self._credit_note(self.old)
        end, _begin = self._get_entries("dispute")
        self.assertEqual(
            (end["channel"], end["text"]), ("Dispute closed", "Credit Note")
        )

    def test_a_promise_that_is_void_says_why(self):
        self._promise((5, 100), items=self.old)
        self._go_to(1)
        self._credit_note(self.old)
        end, _made = self._get_entries("promise")
        self.assertEqual(
            (end["channel"], end["text"], end["amount"]),
            ("Promise void", "Its invoices were credited.", False),
        )

    def test_a_promise_that_was_not_approved_is_not_said_to_be_withdrawn(self):
        self.company.dunning_promise_max_amount = 50
        manager = self._create_user("manager", "group_dunning_manager")
        promise = self._promise((5, 100), items=self.old)
        self._go_to(1)
        promise.with_user(manager).action_refuse("Too much")
        end, made = self._get_entries("promise")
        self.assertEqual(
            (end["channel"], end["text"]), ("Promise not approved", "Too much")
        )
        self.assertEqual(made["muted"], "Never approved")

    def test_what_was_received_too_late_is_not_said_to_be_in_time(self):
        promise = self._promise((5, 100), items=self.old)
        self._run(9)
        self.assertIn("next level follows", promise.outcome_text)
        self._pay(self.old, 100)
        self.assertRegex(promise.outcome_text, r" 0\.00\xa0€ received in time\.$")
        self.assertEqual(promise.amount_received, 100)

    def test_what_is_written_on_a_promise_is_told(self):
        promise = self._promise((5, 100), items=self.old)
        promise.message_post(body="Ask for the transfer slip", message_type="comment")
        [entry] = self._get_entries("note")
        self.assertEqual(
            (entry["model"], entry["res_id"]), ("dunning.promise", promise.id)
        )

    def test_i6_promises_of_another_company_are_not_told(self):
        other = self._create_second_company()
        self._promise((5, 100), items=self.old)
        self._dispute(self.new)
        partner = self.customer.with_company(other).sudo()
        keys = partner._dunning_find_entries(None, 0, 10)
        self.assertFalse({"promise", "dispute"} & {source for source, _id in keys})
