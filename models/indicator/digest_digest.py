from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import READERS
from ..ledger.account_move_line_closing import PAYMENT_JOURNALS


class DigestDigest(models.Model):
    """Figures of dunning in the e-mails that Odoo sends at intervals. Each is worked
    out as who gets it; who may not see figures gets the e-mail without them."""

    _inherit = "digest.digest"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kpi_dunning_overdue = fields.Boolean("Overdue Receivables", groups=READERS)
    kpi_dunning_overdue_value = fields.Monetary(
        compute="_compute_kpi_dunning_overdue_value", groups=READERS
    )
    kpi_dunning_received = fields.Boolean("Received from Customers", groups=READERS)
    kpi_dunning_received_value = fields.Monetary(
        compute="_compute_kpi_dunning_received_value", groups=READERS
    )
    kpi_dunning_done = fields.Boolean("Dunning Actions Done", groups=READERS)
    kpi_dunning_done_value = fields.Integer(
        compute="_compute_kpi_dunning_done_value", groups=READERS
    )
    kpi_dunning_broken = fields.Boolean("Promises Not Kept", groups=READERS)
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
            [(amount,)] = self.env.execute_query(
                SQL(
                    """
                    SELECT COALESCE(SUM(residual_company), 0)
                      FROM (%(balance)s) balance
                     WHERE NOT is_credit AND date_due < %(date)s
                    """,
                    balance=self.env["dunning.balance"]._get_query(
                        company, min(end, today)
                    ),
                    date=min(end, today),
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
    # BUSINESS METHODS
    # ------------------------------------------------------------------

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
            "kpi_dunning_broken": f"account_dunning.action_promise_rate{menu}",
        }

    def _dunning_get_periods(self):
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

    def _dunning_get_kpi_domain(self, company):
        """Return the condition of records whose figures who gets them may see."""
        return company._dunning_get_visible_domain()
