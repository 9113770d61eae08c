"""What people of a company do in the month: every day, and on some days."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError

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


class Life:
    """What is done in a company.

    :param month: the month that is lived
    """

    def __init__(self, month, company):
        self.month = month
        self.env = month.env
        self.past = month.past
        self.company = company
        self.answered = 0

    def as_user(self, login, model):
        """Return a model as a user works with it in the company."""
        return self.past.as_user(login, self.company)[model]

    def act(self, number):
        """Do what is done on this day of the month."""
        getattr(self, f"_on_day_{number}", lambda: None)()

    # ------------------------------------------------------------------
    # EVERY DAY
    # ------------------------------------------------------------------

    def work(self, day):
        """Make some of the calls that are due."""
        due = self.past._open_actions(self.company, "todo", day)
        calls = due.filtered(lambda action: action.channel == "call")
        for call in calls.sorted("id")[:CALLS_A_DAY]:
            self._call(call)

    def _call(self, call):
        """Note the next answer, or, where it cannot be given, that nothing was said."""
        answer = ANSWERS[self.answered % len(ANSWERS)]
        self.answered += 1
        call = call.with_env(self.past.as_user("collector", self.company))
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
        return self.company._dunning_today() + timedelta(days=days)

    def _get_items(self, count, start=0):
        """Return late items of the company that can be claimed."""
        items = self.as_user("collector", "dunning.item").search(
            [
                ("company_id", "=", self.company.id),
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
            .with_company(self.company)
            .with_context(active_model="account.move.line", active_ids=line.ids)
            .create({"payment_date": self._in_days(0)})
        )
        wizard.amount = line.currency_id.round(wizard.amount / parts)
        return wizard._create_payments()

    def _on_day_2(self):
        """Penalties are claimed."""
        claims = self.as_user("manager", "dunning.penalty.claim")
        claim = claims.create({"company_id": self.company.id, "date": self._in_days(0)})
        claim.action_fill()
        claim.line_ids[4:].selected = False
        claim.action_claim()
        penalties = self.env["dunning.penalty"].search(
            [("company_id", "=", self.company.id)], limit=4
        )
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
        wizards = self.env["account.move.reversal"].with_company(self.company)
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

    def _on_day_4(self):
        """A colleague is asked about the dispute, and does not answer in time."""
        sales = self.past.ref("department_sales").id
        self.dispute.action_ask(sales, "Qui a signé ?", None, self._in_days(1))

    def _on_day_8(self):
        """The manager decides; a customer is handed over, an item of another, too."""
        self.dispute.action_process()
        self.dispute.action_accept()
        waiting = self.as_user("manager", "dunning.promise").search(
            [("approval", "=", "waiting")], order="id"
        )
        waiting[:1].action_approve()
        [self.litigated] = line = self._get_items(1, start=16)
        self.as_user("manager", "dunning.litigation").create(
            {
                "move_line_ids": [Command.set(line.ids)],
                "agent_id": self.env.ref("account_dunning.portrait_agency").id,
            }
        )

    def _on_day_9(self):
        """Actions are put off and passed over, a customer is reminded at once, another
        treated otherwise, a third insured."""
        actions = self.as_user("collector", "dunning.action")
        later, never, *_others = actions.search(
            [("state", "=", "todo"), ("company_id", "=", self.company.id)],
            order="id desc",
        )
        later.action_postpone(self._in_days(5), "À la demande du client")
        never.action_skip("Vu au salon")
        self._write_to_late()
        self._insure()

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

    def _on_day_18(self):
        """The agency has collected a part."""
        self._pay(self.litigated, 2)

    def _on_day_21(self):
        """A litigation ends, and the watch list gets longer."""
        litigations = self.as_user("manager", "dunning.litigation")
        running = litigations.search([("date_closed", "=", False)], order="id")
        running[:1].action_close("partial")
        self.as_user("manager", "dunning.watch").create(
            {
                "partner_id": self.month.build.partners["quercy"].id,
                "company_id": self.company.id,
                "reason": "Lent",
                "effect": "approve",
            }
        )

    # ------------------------------------------------------------------
    # WITH CUSTOMERS
    # ------------------------------------------------------------------

    def _write_to_late(self):
        """Remind who is late at once, and the next one by another scenario."""
        late = self._get_items(2, start=20).partner_id.commercial_partner_id
        reminded = late[:1].with_env(self.as_user("collector", "res.partner").env)
        window = reminded.action_dunning_remind()
        reminder = reminded.env["dunning.action"].browse(window["res_id"])
        reminder.action_execute()
        chosen = late[-1:].with_env(self.as_user("manager", "res.partner").env)
        chosen.dunning_scenario_id = self.past.ref("scenario_sensitive")

    def _insure(self):
        """Insure who owes most, for less than that."""
        customer = self._get_items(1, start=25).partner_id.commercial_partner_id
        self.as_user("manager", "dunning.cover").create(
            {
                "partner_id": customer.id,
                "company_id": self.company.id,
                "insurer_id": self.month.build.partners["quercy"].id,
                "amount": 500,
                "date_from": self._in_days(-30),
                "date_to": self._in_days(20),
                "declaration_days": 45,
            }
        )
