from collections.abc import Iterator

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import COLLECTORS, OPEN_STATES, READERS
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS

WEEKLY = "account_dunning.digest_weekly"


class DigestDigest(models.Model):
    """Figures of dunning in the e-mails that Odoo sends at intervals. Each is worked
    out as who gets it; who may not see figures gets the e-mail without them."""

    _inherit = "digest.digest"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kpi_dunning_overdue = fields.Boolean(
        "Overdue Receivables", copy=False, groups=READERS
    )
    kpi_dunning_overdue_value = fields.Monetary(
        compute="_compute_kpi_dunning_overdue_value", groups=READERS
    )
    kpi_dunning_received = fields.Boolean(
        "Received from Customers", copy=False, groups=READERS
    )
    kpi_dunning_received_value = fields.Monetary(
        compute="_compute_kpi_dunning_received_value", groups=READERS
    )
    kpi_dunning_done = fields.Boolean(
        "Dunning Actions Done", copy=False, groups=READERS
    )
    kpi_dunning_done_value = fields.Integer(
        compute="_compute_kpi_dunning_done_value", groups=READERS
    )
    kpi_dunning_waiting = fields.Boolean(
        "Own Dunning Actions Waiting", copy=False, groups=READERS
    )
    kpi_dunning_waiting_value = fields.Integer(
        compute="_compute_kpi_dunning_waiting_value", groups=READERS
    )
    kpi_dunning_broken = fields.Boolean("Promises Not Kept", copy=False, groups=READERS)
    kpi_dunning_broken_value = fields.Integer(
        compute="_compute_kpi_dunning_broken_value", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_kpi_dunning_overdue_value(self):
        """Overdue at the end of the period, credits not deducted."""
        for digest, company, __, end in self._dunning_get_periods():
            today = company._dunning_today()
            day = min(end or today, today)
            [(amount,)] = self.env.execute_query(
                SQL(
                    """
                    SELECT COALESCE(SUM(residual_company), 0)
                      FROM (%(balance)s) balance
                     WHERE NOT is_credit AND date_due < %(date)s
                    """,
                    balance=self.env["dunning.balance"]._get_query(company, day),
                    date=day,
                )
            )
            digest.kpi_dunning_overdue_value = amount

    def _compute_kpi_dunning_received_value(self):
        """Money that came in on receivable accounts, refunds deducted."""
        for digest, company, start, end in self._dunning_get_periods():
            domain = self._dunning_get_kpi_domain(company) & Domain(
                [
                    (
                        "account_id",
                        "in",
                        list(self.env["dunning.ledger"]._get_account_ids()),
                    ),
                    ("journal_id.type", "in", PAYMENT_JOURNALS),
                    ("parent_state", "=", "posted"),
                    ("date", ">", start),
                    ("date", "<=", end),
                ]
            )
            lines = self.env["account.move.line"]
            [(amount,)] = lines._read_group(domain, [], ["balance:sum"])
            digest.kpi_dunning_received_value = -(amount or 0)

    def _compute_kpi_dunning_done_value(self):
        for digest, company, start, end in self._dunning_get_periods():
            domain = self._dunning_get_kpi_domain(company) & Domain(
                [
                    ("state", "=", "done"),
                    ("kind", "!=", "start"),
                    ("date_done", ">", start),
                    ("date_done", "<=", end),
                ]
            )
            digest.kpi_dunning_done_value = self.env["dunning.action"].search_count(
                domain
            )

    def _compute_kpi_dunning_waiting_value(self):
        """Open actions of who gets it, due by the end of the period."""
        for digest, company, __, end in self._dunning_get_periods():
            domain = Domain(
                [
                    ("company_id", "=", company.id),
                    ("user_id", "=", self.env.uid),
                    ("state", "in", OPEN_STATES),
                    ("date", "<=", end),
                ]
            )
            actions = self.env["dunning.action"]
            digest.kpi_dunning_waiting_value = actions.search_count(domain)

    def _compute_kpi_dunning_broken_value(self):
        """Promised payments that were broken or only partly kept."""
        for digest, company, start, end in self._dunning_get_periods():
            domain = self._dunning_get_kpi_domain(company) & Domain(
                [
                    ("state", "in", ("broken", "partly_kept")),
                    ("date", ">", start),
                    ("date", "<=", end),
                ]
            )
            rates = self.env["dunning.promise.rate"].with_company(company)
            digest.kpi_dunning_broken_value = rates.search_count(domain)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': who subscribes or unsubscribes, by whatever way, has decided
        weekly_sudo = self._dunning_get_weekly()
        if "user_ids" not in vals or not weekly_sudo & self:
            return super().write(vals)
        before_sudo = weekly_sudo.user_ids
        result = super().write(vals)
        after_sudo = weekly_sudo.user_ids
        for users_sudo, wanted in (
            (before_sudo - after_sudo, False),
            (after_sudo - before_sudo, True),
        ):
            changed_sudo = users_sudo.filtered(
                lambda user, wanted=wanted: user.dunning_summary != wanted
            )
            changed_sudo.dunning_summary = wanted
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_weekly(self) -> models.BaseModel:
        """Return the weekly summary for those who collect; none once deleted."""
        digest = self.env.ref(WEEKLY, raise_if_not_found=False) or self.browse()
        # Who gets it is settled by rights and preferences, whoever asks.
        digest_sudo = digest.sudo()
        return digest_sudo

    # pylint: disable-next=missing-return
    def _dunning_choose_recipients(self) -> None:
        """Have the weekly summary go to those who collect, or were added, unless they
        have switched it off, have no address or see no dunning any more. To be called
        elevated."""
        for digest in self:
            users = self.env["res.users"]
            collectors = users.search(
                [("all_group_ids", "in", self.env.ref(COLLECTORS).ids)]
            )
            recipients = (digest.user_ids | collectors).filtered(
                lambda user: (
                    user.active
                    and user.email
                    and user.dunning_summary
                    and user.has_group(READERS)
                )
            )
            if recipients != digest.user_ids:
                # Nobody has subscribed or unsubscribed.
                # pylint: disable-next=super-method-mismatch
                super(DigestDigest, digest).write(
                    {"user_ids": [Command.set(recipients.ids)]}
                )

    def _action_send(self, update_periodicity=True):
        # EXTENDS 'digest'
        weekly_sudo = self._dunning_get_weekly()
        (weekly_sudo & self)._dunning_choose_recipients()
        return super()._action_send(update_periodicity)

    def _check_daily_logs(self):
        # EXTENDS 'digest': a week in which nobody came is a week all the same
        return super()._check_daily_logs() - self._dunning_get_weekly()

    def _get_kpi_fields(self):
        # EXTENDS 'digest': which figures are sent is known to who sends, each figure
        # to who may see it
        digests_sudo = self.sudo()
        return super(DigestDigest, digests_sudo)._get_kpi_fields()

    def _compute_kpis_actions(self, company, user):
        # EXTENDS 'digest'
        menu = f"?menu_id={self.env.ref('account_dunning.menu_root').id}"
        return super()._compute_kpis_actions(company, user) | {
            "kpi_dunning_overdue": f"account_dunning.action_dashboard{menu}",
            "kpi_dunning_received": f"account_dunning.action_dashboard{menu}",
            "kpi_dunning_done": f"account_dunning.action_history{menu}",
            "kpi_dunning_waiting": f"account_dunning.action_agenda{menu}",
            "kpi_dunning_broken": f"account_dunning.action_promise_rate{menu}",
        }

    def _dunning_get_periods(self) -> Iterator[tuple]:
        """Yield each digest with its company and the dates between which it counts.

        :raise AccessError: who gets it may not see figures of the company
        """
        start, end, __ = self._get_kpi_compute_parameters()
        for digest in self:
            company = digest.company_id or self.env.company
            company._dunning_check_figures()
            yield (
                digest,
                company.with_company(company),
                fields.Date.to_date(start),
                fields.Date.to_date(end),
            )

    def _dunning_get_kpi_domain(self, company: models.BaseModel) -> Domain:
        """Return the condition of records whose figures who gets them may see."""
        return company._dunning_get_visible_domain()
