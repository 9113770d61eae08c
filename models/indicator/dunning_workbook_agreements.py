from dataclasses import replace

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.workbook import Book
from ...tools.workbook_cells import Column
from .dunning_workbook_making import Layout, Making, Source


class DunningWorkbook(models.Model):
    """The sheets of a workbook about promises and disputes: those that were open on
    its day, with what has become of them since."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _write_promises(self, book: Book, making: Making):
        """Write each promised payment."""
        layout = Layout(self._get_promise_sources(making))
        query = SQL(
            """
            SELECT %(select)s
              FROM dunning_promise agreement
              JOIN dunning_promise_line line ON line.promise_id = agreement.id
              JOIN res_currency currency ON currency.id = agreement.currency_id
              JOIN res_partner partner ON partner.id = agreement.partner_id
         LEFT JOIN res_users users ON users.id = agreement.user_id
         LEFT JOIN res_partner responsible ON responsible.id = users.partner_id
             WHERE %(chosen)s
          ORDER BY agreement.company_id, partner.complete_name, agreement.id,
                   line.date, line.id
            """,
            select=layout.select,
            chosen=self._get_agreement_sql(making.companies, "dunning.promise"),
        )
        titles = self.env._("Promises"), self.env._("Promises to Pay")
        self._add_agreements(book, making, titles, layout, query)

    def _get_promise_sources(self, making):
        states = self._get_labels("dunning.promise.line", "state")
        approvals = self._get_labels("dunning.promise", "approval")
        # Without effect, it is neither running nor to come in.
        waits = SQL("line.state = 'open' AND agreement.approval = 'waiting'")
        sources = [
            self._prepare_customer_source(),
            Source(
                "date",
                SQL("agreement.date"),
                Column(self.env._("Promised on"), "date", 12),
            ),
            Source(
                "due",
                SQL("line.date"),
                Column(self.env._("Payment Expected"), "date", 12),
            ),
            self._prepare_currency_source(),
            Source(
                "amount",
                SQL("line.amount"),
                Column(self.env._("Promised"), "amount", 14),
                "currency",
            ),
            Source(
                "received",
                SQL("COALESCE(line.amount_received, 0)"),
                Column(self.env._("Received"), "amount", 14),
                "currency",
            ),
            Source(
                "left",
                SQL(
                    "CASE WHEN %s THEN 0 ELSE COALESCE(line.amount_left, 0) END", waits
                ),
                Column(self.env._("Still to Come"), "amount", 14),
                "currency",
            ),
            Source(
                "state",
                SQL(
                    "CASE WHEN %s THEN %s ELSE %s END",
                    waits,
                    approvals["waiting"],
                    self._choose(SQL("line.state"), states),
                ),
                Column(self.env._("Status"), width=20),
            ),
            Source(
                "by",
                SQL("agreement.promised_by"),
                Column(self.env._("Promised by"), width=26),
            ),
        ]
        return self._complete_sources(making, sources, "dunning.promise")

    def _write_disputes(self, book: Book, making: Making):
        """Write each dispute."""
        layout = Layout(self._get_dispute_sources(making))
        query = SQL(
            """
            SELECT %(select)s
              FROM dunning_dispute agreement
              JOIN res_currency currency ON currency.id = agreement.currency_id
              JOIN res_partner partner ON partner.id = agreement.partner_id
         LEFT JOIN dunning_reason reason ON reason.id = agreement.reason_id
         LEFT JOIN res_users users ON users.id = agreement.user_id
         LEFT JOIN res_partner responsible ON responsible.id = users.partner_id
             WHERE %(chosen)s
          ORDER BY agreement.company_id, partner.complete_name, agreement.id
            """,
            select=layout.select,
            chosen=self._get_agreement_sql(making.companies, "dunning.dispute"),
        )
        titles = self.env._("Disputes"), self.env._("Disputes")
        self._add_agreements(book, making, titles, layout, query)

    def _get_dispute_sources(self, making):
        stages = self._get_labels("dunning.dispute", "state")
        relation = self.env["dunning.dispute"]._fields["move_ids"]
        invoices = SQL(
            """
            (
                SELECT STRING_AGG(move.name, ', ' ORDER BY move.name)
                  FROM %(relation)s rel
                  JOIN account_move move ON move.id = rel.%(move)s
                 WHERE rel.%(dispute)s = agreement.id
            )
            """,
            relation=SQL.identifier(relation.relation),
            move=SQL.identifier(relation.column2),
            dispute=SQL.identifier(relation.column1),
        )
        sources = [
            self._prepare_customer_source(),
            Source(
                "date", SQL("agreement.date"), Column(self.env._("Since"), "date", 12)
            ),
            Source(
                "days",
                SQL("%s - agreement.date", self.date),
                Column(self.env._("Days"), "integer", 8),
            ),
            Source("invoices", invoices, Column(self.env._("Invoices"), width=24)),
            Source(
                "reason",
                self._translate_sql("reason", "name"),
                Column(self.env._("Reason"), width=36),
            ),
            self._prepare_currency_source(),
            Source(
                "amount",
                SQL("agreement.amount"),
                Column(self.env._("In Dispute"), "amount", 14),
                "currency",
            ),
            Source(
                "state",
                self._choose(SQL("agreement.state"), stages),
                Column(self.env._("Stage"), width=20),
            ),
            Source(
                "deadline",
                SQL("agreement.date_deadline"),
                Column(self.env._("To Settle by"), "date", 12),
            ),
        ]
        return self._complete_sources(making, sources, "dunning.dispute")

    def _add_agreements(self, book: Book, making: Making, titles, layout, query):
        """Write a sheet of agreements.

        :param titles: of the sheet, and at its top
        """
        sheet, title = titles
        head = replace(making.head, title=title)
        book.add_list(sheet, head, layout.columns, self._stream(query))

    def _prepare_customer_source(self):
        column = Column(self.env._("Customer"), width=32)
        return Source("customer", SQL("partner.complete_name"), column)

    def _prepare_currency_source(self):
        column = Column(self.env._("Currency"), width=9)
        return Source("currency", SQL("currency.name"), column)

    def _complete_sources(self, making, sources, model):
        """Add the columns that promises and disputes share."""
        if making.several:
            sources.insert(0, self._get_company_source(making, "agreement"))
        link = f"{making.address}{model}/"
        return [
            *sources,
            Source(
                "responsible",
                SQL("responsible.complete_name"),
                Column(self.env._("Responsible"), width=18),
            ),
            Source(
                "link",
                SQL("agreement.id"),
                Column("↗", "link", 9, link=link, label=self.env._("Show")),
            ),
        ]

    def _get_agreement_sql(self, companies, model) -> SQL:
        """Return the condition that the workbook tells of a promise or dispute: one
        that its author may read anyway, restricted as the items are."""
        domain = companies._dunning_get_visible_domain()
        domain &= Domain("company_id", "in", companies.ids)
        domain &= Domain("date", "<=", self.date)
        domain &= Domain("date_closed", "=", False) | Domain(
            "date_closed", ">", self.date
        )
        # Who reads it need not be allowed to read all it is restricted to.
        workbook_sudo = self.sudo()
        if workbook_sudo.partner_ids:
            customers_sudo = workbook_sudo.partner_ids.commercial_partner_id
            domain &= Domain("partner_id", "in", customers_sudo.ids)
        if workbook_sudo.move_line_ids:
            domain &= Domain("move_line_ids", "in", workbook_sudo.move_line_ids.ids)
        if looked_for := self._get_filter_sql(companies):
            domain &= Domain("move_line_ids", "in", looked_for)
        return SQL(
            "agreement.id IN %s AND %s",
            self.env[model]._search(domain).subselect(),
            self._get_collected_sql(companies, workbook_sudo.user_ids.ids),
        )

    def _get_collected_sql(self, companies, user_ids) -> SQL:
        """Return the condition that somebody of these collects from the customer."""
        if not user_ids:
            return SQL("TRUE")
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL(
                    "agreement.company_id = %s AND %s = ANY(%s)",
                    company.id,
                    company._dunning_get_collector_sql("partner"),
                    user_ids,
                )
                for company in companies
            ),
        )
