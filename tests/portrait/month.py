"""A month of the demo company after its last day: what the jobs do by themselves, and
what people do at every turn, on days that are always the same."""

from datetime import date, datetime, time, timedelta

from odoo import Command

from odoo.addons.account_dunning.demo import answers
from odoo.addons.account_dunning.demo.history import History

from .life import Life

FIRST_DAY = date(2026, 3, 16)
DAYS = 30
HOUR = time(8)
JOBS = (
    ("dunning.dispute.question", "_cron_remind"),
    ("dunning.substitution", "_cron_bring_in_line"),
    ("dunning.profile", "_cron_refresh"),
)


class Month:
    """Plays on.

    Two companies have to do with the same customers and live side by side, by other
    amounts and days: where one took what is the other's, it would show.

    :param env: environment of the system
    :param clock: what sets the time: a frozen one of freezegun
    """

    def __init__(self, env, clock):
        self.clock = clock
        self.build = env["dunning.demo"]._build("portrait", everyday=False)
        answers.answer(self.build)
        self.env = self.build.env
        self.past = History(self.build)
        self.companies = self.build.companies
        self._owe_elsewhere()
        self.lives = [Life(self, self.companies[code]) for code in ("main", "small")]

    def _owe_elsewhere(self):
        """The customers of the main company owe the small one, too."""
        main, small = self.companies["main"], self.companies["small"]
        owed = self.env["account.move"].search(
            [
                ("company_id", "=", main.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("state", "=", "posted"),
                ("partner_id.company_id", "=", False),
            ],
            order="id",
        )
        day = timedelta(days=1)
        moves = owed.with_company(small).create(
            [
                {
                    "company_id": small.id,
                    "move_type": "out_invoice",
                    "partner_id": move.partner_id.id,
                    "invoice_date": move.invoice_date - day,
                    "invoice_date_due": move.invoice_date_due - day,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Entretien",
                                "price_unit": 2 * move.amount_residual + 1,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for move in owed
            ]
        )
        moves.action_post()

    def play(self, tell):
        """Live the days, one after the other.

        :param tell: what is called at the end of each, with its date
        """
        for number in range(1, DAYS + 1):
            day = FIRST_DAY + timedelta(days=number)
            self.clock.move_to(datetime.combine(day, HOUR))
            self._run(day)
            if day.weekday() < 5:
                self._work(day, number)
            self.env.flush_all()
            tell(day)
        for company in self.companies.values():
            self.env["dunning.profile"]._refresh(company)

    def _run(self, day):
        for company in self.companies.values():
            company.with_company(company)._dunning_run_safely()
            due = self.past._open_actions(company, "todo", day)
            self.past._send(due.filtered(lambda action: action.execution != "manual"))
        for model, job in JOBS:
            getattr(self.env[model], job)()
        if day.weekday() == 0:
            self.env["dunning.profile"]._cron_refresh(whole=True)

    def _work(self, day, number):
        for company in self.companies.values():
            self.past._validate(company, day)
        for life in self.lives:
            life.work(day)
            life.act(number)
