"""Eight weeks of dunning before today: runs, calls, validations, holds; promises and
disputes are in ``dealings.py``.

The past is played day by day with the methods that people and scheduled actions
use, at the pace the ledger had: payments come in between. Only the clock of the
companies is set back meanwhile, and the messages take the date they would have had.
"""

import random
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

from ..tools.bounces import Bounce
from .dealings import Dealings
from .habits import (
    CALL_OUTCOMES,
    HOLDS,
    INVOICE_SCENARIOS,
    NOTES,
    ON_PAPER,
    SCENARIOS,
    SKIPS,
    TAKEN_OVER,
)

WEEKS = 8
SEED = 1919
# Days after which an unpaid invoice may be attached to a reminder.
FIRST_REMINDER = 3
# What nobody had the time for in the last days stays in the agenda.
LEFT_FOR_TODAY = 3
# When an e-mail comes back, so that it still waits to be dealt with.
LAST_DAYS = 7
# What becomes of an action on a day: shares of done and skipped; the rest waits.
DONE, FOLLOWED_UP, SKIPPED = 0.75, 0.12, 0.04
OPEN_HOUR = time(7, 30)
CALLS_BY_HAND = 2


class History:
    """Plays the past of the companies.

    :param build: the demo so far, posted up to :attr:`start`
    """

    def __init__(self, build):
        self.build = build
        self.env = build.env
        self.start = build.today - timedelta(weeks=WEEKS)
        self.random = random.Random(SEED)
        # The demo plays on behalf of everybody.
        self.messages_sudo = self.env["mail.message"].sudo()
        self.last_message = self._newest_message()
        self.last_hold = self._newest_hold()
        self.bounced = self.env["dunning.action"]
        self.dealings = Dealings(self)

    def weeks(self):
        """Yield the days of each week from the start to yesterday."""
        days = (self.build.today - self.start).days
        for first in range(0, days, 7):
            yield [
                self.start + timedelta(days=number)
                for number in range(first, min(first + 7, days))
            ]

    # -- before it begins -------------------------------------------------------------

    def set_up(self):
        """Say who works on whom, and take over what was dunned before."""
        users = self.build.users
        for company in self.build.companies.values():
            company.dunning_user_id = users["collector"]
            company.dunning_enabled = True
        main = self.build.companies["main"]
        for code, contact in self.build.dunning_contacts.items():
            self._customer(code).dunning_contact_id = contact
        for code in TAKEN_OVER:
            self._customer(code).dunning_user_id = users["manager"]
        for code, note in NOTES.items():
            self._customer(code).dunning_note = note
        for xmlid, codes in SCENARIOS.items():
            for code in codes:
                self._customer(code).dunning_scenario_id = self.ref(xmlid)
        for key, xmlid in INVOICE_SCENARIOS.items():
            self.build.moves[key].dunning_scenario_id = self.ref(xmlid)
        self.dealings.set_up()
        with self.clock(self.start):
            self._start_levels(main)
            self._print_invoices()

    def _start_levels(self, company):
        """The ledger was old when dunning began: customers had been reminded."""
        wizard = self.as_user("manager", company)["dunning.start.levels"].create(
            {"company_id": company.id, "date": self.start, "tone": "firm"}
        )
        wizard.action_apply()

    def _print_invoices(self):
        """The customers have got the invoices that reminders attach: printed together,
        for most of the time goes into starting the program that prints."""
        moves = self.env["account.move"]
        for item in self.build.dated:
            move = self.build.moves[item.invoice.key]
            reminded = move.invoice_date_due + timedelta(days=FIRST_REMINDER)
            paid = any(day <= reminded for day, *_share in item.payments[-1:])
            if reminded < self.build.today and move.amount_residual and not paid:
                moves |= move
        moves.filtered(lambda move: move.state == "posted")._dunning_make_pdfs()

    # -- a day ------------------------------------------------------------------------

    def play(self, day):
        """Run the day's dunning, then do what people did that day. The small
        companies do theirs on Mondays."""
        if day.weekday() > 4:
            return
        with self.clock(day):
            for code, company in self.build.companies.items():
                if code == "main" or day.weekday() == 0:
                    self._run(company, day)
                    self._validate(company, day)
                    self._work(company, day)
            self._bounce(day)
            self._hold(day)
            self.dealings.deal(day)
        self.date_messages(day)
        self.date_holds(day)

    def _run(self, company, day):
        """The scheduled actions: create the day's actions, send the automatic ones."""
        company.with_company(company)._dunning_run()
        automatic = self._open_actions(company, "todo", day).filtered(
            lambda action: action.execution == "automatic"
        )
        self._send(automatic)

    def _bounce(self, day):
        """One of the last e-mails came back: its address does not exist any more."""
        late_enough = (self.build.today - day).days <= LAST_DAYS
        if self.bounced.state == "failed" or not late_enough:
            return
        self.bounced = self.env["dunning.action"].search(
            [
                ("company_id", "=", self.build.companies["main"].id),
                ("channel", "=", "email"),
                ("kind", "=", "step"),
                ("state", "=", "done"),
                ("date_done", "=", day),
            ],
            limit=1,
        )
        if self.bounced:
            said = Bounce("address", "550 5.1.1 User unknown", True)
            # What becomes of an e-mail is noted by the engine alone.
            bounced_sudo = self.bounced.sudo()
            for line in bounced_sudo.sending_id.recipient_ids:
                line._follow_loss("bounced", line._get_bounce_message(said))

    def _send(self, actions):
        actions = actions.filtered(lambda action: action._is_sendable())
        if actions:
            actions._get_one_by_customer()._execute_safely()

    def _validate(self, company, day):
        """The credit manager approves the next morning, and not everything yet."""
        actions = self._open_actions(company, "to_validate", day - timedelta(days=1))
        if actions and day < self.build.today - timedelta(days=LEFT_FOR_TODAY):
            actions = actions.with_env(self.as_user("manager", company))
            actions.action_validate()
            actions_sudo = actions.sudo()
            self._send(actions_sudo)

    def _work(self, company, day):
        """The collector works through the agenda, a day or two behind."""
        if day >= self.build.today - timedelta(days=LEFT_FOR_TODAY):
            return
        behind = timedelta(days=1 + self.random.randrange(2))
        actions = self._open_actions(company, "todo", day - behind).filtered(
            lambda action: action.execution == "manual"
        )
        actions = actions.with_env(self.as_user("collector", company))
        done = actions.browse()
        for action in actions:
            dice = self.random.random()
            if dice < (FOLLOWED_UP if action.kind == "follow_up" else DONE):
                self._note(action)
                done += action
            elif dice > 1 - SKIPPED:
                action.action_skip(self.random.choice(SKIPS))
        if done:
            # Together: most of an action's time goes into what all of them ask.
            done.action_execute()

    def _note(self, action):
        """Note what the customer said."""
        code, text = self.random.choice(CALL_OUTCOMES)
        reason = self.ref(code)
        if action.channel in ("call", "task"):
            action.write({"reason_id": reason.id, "note": text})
        if action.channel == "call":
            # Only the call screen records outcomes.
            action_sudo = action.sudo()
            action_sudo.outcome = reason.outcome or "other"

    def ring_in_vain(self):
        """Nobody answered one of the calls yesterday, twice: it comes back today."""
        main, today = self.build.companies["main"], self.build.today
        day = today - timedelta(days=1)
        with self.clock(day):
            calls = self._open_actions(main, "todo", day).filtered(
                lambda action: action.channel == "call"
            )
            for call in calls[:1].with_env(self.as_user("collector", main)):
                for _attempt in range(2):
                    call._retry_call({}, today)
        self.date_messages(day)

    def plan_calls(self):
        """The collector wants to speak today to some whose next step is days away."""
        main = self.build.companies["main"]
        items = self.as_user("collector", main)["dunning.item"].search(
            [("decision", "=", "later"), ("days_late", ">", 0)]
        )
        for partner in items.partner_id[:CALLS_BY_HAND]:
            items.env["dunning.action"].create(
                {
                    "partner_id": partner.id,
                    "channel": "call",
                    "date": self.build.today,
                    "note": "Demander la date de la prochaine campagne de règlement.",
                }
            )

    def plan_letters(self):
        """The collector wants some customers to get a statement on paper today."""
        actions = self.as_user("collector", self.build.companies["main"])[
            "dunning.action"
        ]
        for code in ON_PAPER:
            actions.create(
                {
                    "partner_id": self._customer(code).id,
                    "channel": "letter",
                    "date": self.build.today,
                    "note": "Veut son relevé de compte par courrier.",
                }
            )

    def _hold(self, day):
        """Put customers and items on hold, and release holds."""
        for hold in HOLDS:
            if self.is_day(day, hold.released):
                self.build.holds[hold.customer].action_release()
            if self.is_day(day, hold.day):
                self.build.holds[hold.customer] = self._create_hold(hold)

    def _create_hold(self, hold):
        company = self.build.companies["main"]
        moves = [self.build.moves[key] for key in hold.invoices]
        lines = self.env["account.move.line"].union(*(m.line_ids for m in moves))
        lines = lines.filtered(
            lambda x: x.account_type == "asset_receivable" and not x.reconciled
        )
        holds = self.as_user("collector", company)["dunning.hold"]
        return holds.create(
            {
                "partner_id": self.build.partners[hold.customer].id,
                "company_id": company.id,
                "move_line_ids": lines.ids,
                "date_end": hold.until is not None and self.date(hold.until),
                "reason_id": self.ref(hold.reason).id,
                "note": hold.note,
            }
        )

    def is_day(self, day, offset):
        """Whether what is planned so many days from today falls on this day: what is
        planned for a weekend happens on the Friday before."""
        if offset is None:
            return False
        planned = self.date(offset)
        return day == planned - timedelta(days=max(0, planned.weekday() - 4))

    # -- tools ------------------------------------------------------------------------

    def date(self, offset):
        """The day so many days from today."""
        return self.build.today + timedelta(days=offset)

    def _open_actions(self, company, state, latest):
        return (
            self.env["dunning.action"]
            .with_company(company)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", state),
                    ("date", "<=", latest),
                ]
            )
        )

    def _customer(self, code):
        return self.build.partners[code].with_company(self.build.companies["main"])

    def ref(self, xmlid):
        return self.env.ref(f"account_dunning.{xmlid}")

    def as_user(self, login, company):
        """The environment of a user working in a company."""
        user = self.build.users[login]
        context = {
            **self.env.context,
            "lang": user.lang,
            "allowed_company_ids": company.ids,
        }
        return self.env(user=user.id, su=False, context=context)

    @contextmanager
    def clock(self, day):
        """Set the clock of the companies back to a day."""
        companies = type(self.env["res.company"])
        now = datetime.combine(day, OPEN_HOUR)
        with (
            patch.object(companies, "_dunning_today", lambda _company: day),
            patch.object(fields.Datetime, "now", lambda: now),
        ):
            yield

    def _newest_hold(self):
        return self.env["dunning.hold"].search([], order="id desc", limit=1).id

    def date_holds(self, day):
        """Have the day's holds begin on it: they do when they are put."""
        holds = self.env["dunning.hold"]
        holds.flush_model()
        self.env.cr.execute(
            "UPDATE dunning_hold SET create_date = %s WHERE id > %s",
            (datetime.combine(day, OPEN_HOUR), self.last_hold or 0),
        )
        holds.invalidate_model(["create_date"])
        self.last_hold = self._newest_hold()

    def _newest_message(self):
        return self.messages_sudo.search([], order="id desc", limit=1).id

    def date_messages(self, day):
        """Give the day's e-mails and notes its date; what went out has been sent."""
        new = self.messages_sudo.search([("id", ">", self.last_message)])
        new.date = datetime.combine(day, OPEN_HOUR)
        new.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE mail_message SET create_date = date WHERE id = ANY(%s)", new.ids
            )
        )
        new.invalidate_recordset(["create_date"])
        mails_sudo = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        sent_sudo = mails_sudo.filtered(lambda mail: mail.mail_message_id in new)
        sent_sudo.state = "sent"
        recipients_sudo = sent_sudo._dunning_get_recipients()
        with self.clock(day):
            recipients_sudo.filtered(lambda line: line.state == "waiting")._note("sent")
        self.last_message = max(new.ids, default=self.last_message)
