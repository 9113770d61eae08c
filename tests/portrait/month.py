"""A month of the demo company after its last day: what the jobs do by themselves, and
what people do at every turn, on days that are always the same."""

from datetime import date, datetime, time, timedelta

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.account_dunning.demo import answers
from odoo.addons.account_dunning.demo.history import History

FIRST_DAY = date(2026, 3, 16)
DAYS = 30
HOUR = time(8)
CALLS_A_DAY = 3
# What customers say on the phone, one after the other.
ANSWERS = (
    ("promise", {"who": "Mme Durand", "means": "transfer"}, 9),
    ("no_answer", {"retry": "week"}, None),
    ("cash", {"stop_trading": "yes"}, 12),
    ("dispute", {"reason": "reason_quality", "note": "Deux palettes abîmées"}, None),
    ("not_received", {}, None),
    ("promise", {"who": "M. Roux", "means": "debit"}, 2),
    ("not_approved", {"who": "M. Petit"}, None),
    ("other", {"reason": "reason_insolvency"}, None),
    ("wrong_contact", {"contact_name": "Léa Blanc", "email": "blanc@x.example"}, None),
    ("no_answer", {"retry": "email"}, None),
)
NOTHING_SAID = ("other", {"reason": "reason_forgotten"}, None)


class Month:
    """Plays on.

    :param env: environment of the system
    :param clock: what sets the time: a frozen one of freezegun
    """

    def __init__(self, env, clock):
        self.clock = clock
        self.build = env["dunning.demo"]._build("portrait", everyday=False)
        answers.answer(self.build)
        self.env = self.build.env
        self.past = History(self.build)
        self.main = self.build.companies["main"]
        self.answered = 0

    def play(self):
        """Live the days, one after the other."""
        for number in range(1, DAYS + 1):
            day = FIRST_DAY + timedelta(days=number)
            self.clock.move_to(datetime.combine(day, HOUR))
            self._run(day)
            if day.weekday() < 5:
                self._work(day)
                getattr(self, f"_on_day_{number}", lambda: None)()
            self.env.flush_all()
        self.env["dunning.profile"]._refresh(self.main)

    def as_user(self, login, model):
        """Return a model as a user works with it in the main company."""
        return self.past.as_user(login, self.main)[model]

    # ------------------------------------------------------------------
    # EVERY DAY
    # ------------------------------------------------------------------

    def _run(self, day):
        for company in self.build.companies.values():
            company.with_company(company)._dunning_run_safely()
            due = self.past._open_actions(company, "todo", day)
            self.past._send(due.filtered(lambda action: action.execution != "manual"))

    def _work(self, day):
        for company in self.build.companies.values():
            self.past._validate(company, day)
        due = self.past._open_actions(self.main, "todo", day)
        calls = due.filtered(lambda action: action.channel == "call")
        for call in calls.sorted("id")[:CALLS_A_DAY]:
            self._call(call)

    def _call(self, call):
        """Note the next answer, or, where it cannot be given, that nothing was said."""
        answer = ANSWERS[self.answered % len(ANSWERS)]
        self.answered += 1
        call = call.with_env(self.past.as_user("collector", self.main))
        try:
            with self.env.cr.savepoint():
                self._answer(call, *answer)
        except UserError:
            self._answer(call, *NOTHING_SAID)

    def _answer(self, call, outcome, values, days):
        values = dict(values)
        if reason := values.pop("reason", None):
            values["reason_id"] = self.past.ref(reason).id
        if days:
            values["date"] = self._in_days(days)
        window = call.action_open_outcome(outcome)
        dialogs = call.env["dunning.call.outcome"].with_context(**window["context"])
        dialog = dialogs.create(values)
        if dialog.confirm:
            shown = dialog.get_confirmation()
            dialog.write(
                {"confirm_subject": shown["subject"], "confirm_body": shown["body"]}
            )
        dialog.action_apply()

    def _in_days(self, days):
        return self.main._dunning_today() + timedelta(days=days)

    def _get_items(self, count, start=0):
        """Return late items of the main company that can be claimed."""
        items = self.as_user("collector", "dunning.item").search(
            [
                ("company_id", "=", self.main.id),
                ("days_late", ">", 0),
                ("partner_id.commercial_partner_id.active", "=", True),
            ],
            order="date_due, id",
        )
        return self.env["account.move.line"].browse(items.ids[start : start + count])

    # ------------------------------------------------------------------
    # ON ITS DAY
    # ------------------------------------------------------------------

    def _on_day_1(self):
        """Some pay, in whole or in part."""
        for number, line in enumerate(self._get_items(5, start=3)):
            self._pay(line, 3 if number % 2 else 1)

    def _pay(self, line, parts=1):
        wizard = (
            self.env["account.payment.register"]
            .with_company(self.main)
            .with_context(active_model="account.move.line", active_ids=line.ids)
            .create({"payment_date": self._in_days(0)})
        )
        wizard.amount = line.currency_id.round(wizard.amount / parts)
        return wizard._create_payments()

    def _on_day_2(self):
        """Penalties are claimed."""
        claims = self.as_user("manager", "dunning.penalty.claim")
        claim = claims.create({"company_id": self.main.id, "date": self._in_days(0)})
        claim.action_fill()
        claim.line_ids[4:].selected = False
        claim.action_claim()
        penalties = self.env["dunning.penalty"].search([], limit=4)
        penalties.move_id.filtered(lambda move: move.state == "draft").action_post()

    def _on_day_3(self):
        """Invoices are promised, contested, put on hold; one is credited in part."""
        first, second, third, fourth = self._get_items(4, start=10)
        self._fill_in("dunning.promise.dialog", first, date=self._in_days(6), count=2)
        reason = self.past.ref("reason_price").id
        self.dispute = self._fill_in(
            "dunning.dispute.dialog", second, reason_id=reason, amount=10
        )
        self.as_user("collector", "dunning.hold").create(
            {
                "partner_id": third.partner_id.commercial_partner_id.id,
                "move_line_ids": [Command.set(third.ids)],
                "date_end": self._in_days(9),
                "reason_id": self.past.ref("reason_postponed").id,
            }
        )
        wizards = self.env["account.move.reversal"].with_company(self.main)
        wizard = wizards.with_context(
            active_model="account.move", active_ids=fourth.move_id.ids
        ).create({"journal_id": fourth.journal_id.id, "date": self._in_days(0)})
        wizard.reverse_moves()
        wizard.new_move_ids.invoice_line_ids[:1].quantity = 0.5
        wizard.new_move_ids.action_post()

    def _fill_in(self, dialog, line, **values):
        dialogs = self.as_user("collector", dialog).with_context(
            active_model="account.move.line", active_ids=line.ids
        )
        window = dialogs.create(values).action_apply()
        return self.as_user("collector", window["res_model"]).browse(window["res_id"])

    def _on_day_8(self):
        """The manager decides; a customer is handed over, an item of another, too."""
        self.dispute.action_process()
        self.dispute.action_accept()
        waiting = self.as_user("manager", "dunning.promise").search(
            [("approval", "=", "waiting")], order="id"
        )
        waiting[:1].action_approve()
        [line] = self._get_items(1, start=16)
        self.past.as_user("manager", self.main)["dunning.litigation"].create(
            {
                "move_line_ids": [Command.set(line.ids)],
                "agent_id": self.env.ref("account_dunning.portrait_agency").id,
            }
        )

    def _on_day_14(self):
        """A payment bounces; a promise is withdrawn; a dispute is turned down."""
        [line] = self._get_items(1, start=5)
        payment = self._pay(line)
        payment.move_id.line_ids.remove_move_reconcile()
        promises = self.as_user("collector", "dunning.promise")
        promises.search([("state", "=", "open")], order="id", limit=1).action_withdraw()
        disputes = self.as_user("collector", "dunning.dispute")
        open_ = disputes.search([("state", "in", ("new", "in_progress"))], order="id")
        open_[:1].action_reject(self._in_days(3), "Conforme au bon de livraison")

    def _on_day_21(self):
        """A litigation ends, and the watch list gets longer."""
        litigations = self.as_user("manager", "dunning.litigation")
        running = litigations.search([("date_closed", "=", False)], order="id")
        running[:1].action_close("partial")
        self.as_user("manager", "dunning.watch").create(
            {
                "partner_id": self.build.partners["quercy"].id,
                "company_id": self.main.id,
                "reason": "Lent",
                "effect": "approve",
            }
        )
