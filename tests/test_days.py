from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.answer.dunning_portal_act_paid import LONGEST_AGO
from .common import DunningCommon

# What asks for a day, and, from today on, a day on which it is refused and the one
# beside it on which it is not.
DAYS = (
    ("_act", 1, 0),
    ("_acknowledge", -4, -3),
    ("_acknowledge", 1, 0),
    ("_call_again", 0, 1),
    ("_call_contact", -1, 0),
    ("_claim_penalties", 1, 0),
    ("_export", 1, 0),
    ("_follow_up", 0, 1),
    ("_hand_over", 1, 0),
    ("_hold", -1, 0),
    ("_look_at_hold", -1, 0),
    ("_postpone", 0, 1),
    ("_promise", -1, 0),
    ("_promise_on_the_page", -1, 0),
    ("_promise_on_the_page", 31, 30),
    ("_promise_on_the_phone", -1, 0),
    ("_publish", 1, 0),
    ("_release", -1, 0),
    ("_restart", -1, 0),
    ("_restart", 367, 366),
    ("_say_paid", 1, 0),
    ("_say_paid", -1 - LONGEST_AGO.days, -LONGEST_AGO.days),
    ("_start_levels", 1, 0),
    ("_try_again", -1, 0),
    ("_watch", -1, 0),
)


@tagged("post_install", "-at_install")
class TestDays(DunningCommon):
    """The first and the last day of what people ask for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_answer_promise_days = 30
        cls.items = cls._items(cls._create_invoice(due=-10))
        cls.own = {"partner_id": cls.customer.id, "company_id": cls.company.id}
        cls.of_items = {"move_line_ids": [Command.set(cls.items.ids)]}
        cls.call = cls.env["dunning.action"].create(cls.own | {"channel": "call"})

    # ------------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------------

    def _litigate(self, **values):
        lawyer = self._create_customer(dunning_agent_kind="lawyer")
        return self.env["dunning.litigation"].create(
            self.of_items | {"agent_id": lawyer.id} | values
        )

    def _hand_over(self, day):
        self._litigate(date=day)

    def _publish(self, day):
        self._litigate(kind="insolvency", date_published=day)

    def _act(self, day):
        self.env["dunning.litigation.act"].create(
            {"litigation_id": self._litigate().id, "kind": "sent", "date": day}
        )

    def _acknowledge(self, day):
        letter = self.env["dunning.action"].create(self.own | {"channel": "registered"})
        letter.sudo().write({"state": "done", "date_done": self._day(-3)})
        letter.date_acknowledged = day

    def _hold(self, day):
        self._create_hold(date_end=day)

    def _look_at_hold(self, day):
        self._create_hold(date_review=day)

    def _postpone(self, day):
        self.call.action_postpone(day, "Asked for it")

    def _promise(self, day):
        lines = [Command.create({"date": day, "amount": 100})]
        values = self.own | self.of_items | {"line_ids": lines}
        self.env["dunning.promise"].create(values)

    def _release(self, day):
        self.env["dunning.stop.release"].create(
            self.own | {"reason": "This one", "date_end": day}
        )

    def _restart(self, day):
        reason = self.env.ref("account_dunning.reason_price")
        dispute = self.env["dunning.dispute"].create(
            self.of_items | {"reason_id": reason.id}
        )
        dispute.action_reject(date_restart=day)

    def _watch(self, day):
        self.env["dunning.watch"].create(self.own | {"reason": "S", "date_end": day})

    def _check(self, model, name, **values):
        getattr(self.env[model].new(values), name)()

    def _check_call(self, name, **values):
        self._check("dunning.call.outcome", name, action_id=self.call.id, **values)

    def _promise_on_the_phone(self, day):
        self._check_call("_check_date", date=day)

    def _call_again(self, day):
        self._check_call("_check_next_date", next_date=day)

    def _call_contact(self, day):
        self._check_call("_check_contact", next_date=day, contact_name="Claire")

    def _try_again(self, day):
        self._check_call("_check_retry", next_date=day)

    def _follow_up(self, day):
        values = {"action_id": self.call.id, "user_id": self.collector.id}
        self._check("dunning.follow.up", "_check_inputs", date=day, **values)

    def _claim_penalties(self, day):
        self._check("dunning.penalty.claim", "_check_day", date=day)

    def _export(self, day):
        self._check("dunning.workbook.export", "_check_ready", date=day)

    def _start_levels(self, day):
        self.env["dunning.start.levels"].create({"date": day}).action_apply()

    def _tell(self, act, **payload):
        payload |= {"item_ids": self.items.ids}
        if problems := self.env[act]._get_problems(self.customer, payload):
            raise UserError(str(problems))

    def _promise_on_the_page(self, day):
        self._tell("dunning.portal.act.promise", date=str(day))

    def _say_paid(self, day):
        acts = self.env["dunning.portal.act.paid"]
        self._tell(acts._name, date=str(day), means=acts._get_means()[0][0])

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def _try(self, name, day):
        """Return whether something is refused on a day."""
        savepoint = self.env.cr.savepoint()
        try:
            getattr(self, name)(self.today + timedelta(days=day))
            self.env.flush_all()
        except UserError:
            return True
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return False

    def test_what_people_ask_for_is_refused_beside_its_first_and_last_day(self):
        for name, refused, accepted in DAYS:
            with self.subTest(name=name, day=refused):
                self.assertTrue(self._try(name, refused))
                self.assertFalse(self._try(name, accepted))
