from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestHoldReview(DunningCommon):
    """Holds say why, and those without end when somebody looks at them again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("account_dunning.reason_postponed")

    def _open_form(self):
        holds = self.env["dunning.hold"].with_user(self.collector)
        window = self.customer.with_user(self.collector).action_dunning_hold()
        return WebForm(holds.with_context(**window["context"]))

    def test_a_hold_asks_for_its_reason(self):
        form = self._open_form()
        self.assertEqual(form.partner_id, self.customer)
        with self.assertRaisesRegex(AssertionError, "reason_id is a required field"):
            form.save()
        form.reason_id = self.reason
        self.assertEqual(form.save().reason_id, self.reason)

    def test_a_hold_that_says_nothing_is_refused_whoever_makes_it(self):
        holds = self.env["dunning.hold"].with_user(self.collector)
        for note in (False, "", "  "):
            with self.assertRaisesRegex(ValidationError, "choose a reason"):
                holds.create({"partner_id": self.customer.id, "note": note})
        hold = holds.create({"partner_id": self.customer.id, "note": "On request"})
        with self.assertRaisesRegex(ValidationError, "choose a reason"):
            hold.note = False

    def test_a_hold_without_end_proposes_when_to_look_at_it_again(self):
        form = self._open_form()
        self.assertEqual(str(form.date_review), "2026-04-01")
        form.date_end = self._day(10)
        self.assertFalse(form.date_review)

    def test_who_made_it_looks_at_it_on_that_day(self):
        form = self._open_form()
        form.reason_id = self.reason
        form.date_review = self._day(14)
        hold = form.save()
        self.assertRecordValues(
            hold.activity_ids,
            [{"date_deadline": self._day(14), "user_id": self.collector.id}],
        )
        hold.date_review = self._day(21)
        self.assertEqual(hold.activity_ids.date_deadline, self._day(21))
        hold.action_release()
        self.assertFalse(hold.activity_ids)

    def test_who_made_it_is_asked_in_the_language_of_who_made_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        holds = self.env["dunning.hold"].with_user(self.collector)
        values = {"partner_id": self.customer.id, "reason_id": self.reason.id}
        hold = holds.create(values | {"date_end": self._day(10)})
        manager = self._create_user("manager", "group_dunning_manager")
        hold.with_user(manager).date_end = False
        self.assertIn("suspension", hold.activity_ids.summary)

    def test_a_hold_with_an_end_is_not_looked_at(self):
        hold = self._create_hold(date_end=10)
        self.assertFalse(hold.date_review)
        self.assertFalse(hold.activity_ids)
        hold.date_end = False
        self.assertTrue(hold.date_review)
        self.assertEqual(len(hold.activity_ids), 1)

    def test_the_day_to_look_again_may_be_today(self):
        hold = self._create_hold()
        hold.date_review = self.today
        self.assertEqual(hold.date_review, self.today)

    def test_the_day_to_look_again_is_no_day_of_the_past(self):
        with self.assertRaisesRegex(ValidationError, "today or a later day"):
            self._create_hold(date_review=self._day(-1))

    def test_the_manager_sees_those_without_end(self):
        manager = self._create_user("manager", "group_dunning_manager")
        self._create_hold(date_end=10)
        endless = self._create_hold()
        released = self._create_hold()
        released.action_release()
        menu = self.env.ref("account_dunning.menu_hold_open_ended")
        self.assertIn(
            menu.id, self.env["ir.ui.menu"].with_user(manager)._visible_menu_ids()
        )
        action = self.env.ref("account_dunning.action_hold_open_ended")
        found = (
            self.env["dunning.hold"]
            .with_user(manager)
            .search(
                Domain(safe_eval(action.domain))
                & Domain("partner_id", "=", self.customer.id)
            )
        )
        self.assertEqual(found, endless)
