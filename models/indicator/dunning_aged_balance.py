from dataclasses import dataclass
from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import SQL

from .dunning_balance import DATES

CREDITS = "9"
# The column of each age group.
AMOUNTS = {
    0: "amount_not_due",
    **{group: f"amount_age_{group}" for group in range(1, 5)},
    -1: "amount_credits",
}

# What is remembered of a row is of one way to look at it.
OF_A_VIEW = {
    "readonly": True,
    "depends_context": (
        "company",
        "dunning_balance_date",
        "dunning_balance_by",
        "dunning_balance_netted",
    ),
}
IN_COMPANY = {**OF_A_VIEW, "currency_field": "company_currency_id"}


@dataclass(frozen=True)
class AgedView:
    """How the aged balance is looked at.

    :param date: the day, None for today
    :param by: the date from which days are counted, ``due`` or ``invoice``
    :param netted: whether credits are in the age groups, by their own dates
    """

    date: Date | None
    by: str
    netted: bool


class DunningAgedBalance(models.Model):
    """What customers owed at the end of a day, by how late it was: to group, to pivot,
    to list and to open. Read from the ledger at each look, never stored; its id is
    that of the journal item.

    The context says which day and how (:meth:`_get_asked_view`), by default today, by
    due date, credits apart. Amounts are in company currency; not due, age groups and
    credits add up to the balance. The age groups are those of the current company.
    """

    _name = "dunning.aged.balance"
    _description = "Aged Balance"
    _inherit = ["dunning.numbered"]
    _auto = False
    _rec_name = "name"
    _order = "date_due, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(string="Number", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # === When === #
    date = fields.Date(string="Accounting Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_invoice = fields.Date(string="Invoice Date", readonly=True)
    days_late = fields.Integer(
        **OF_A_VIEW,
        aggregator="max",
        help="Days since the due date, or the invoice date if that was asked for; 0 "
        "for what was not due, and for credits that stand apart.",
    )
    age = fields.Selection(selection="_get_age_selection", **OF_A_VIEW)

    # === Amounts === #
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(
        string="In Its Currency", aggregator=None, **OF_A_VIEW
    )
    amount_company = fields.Monetary(string="Balance", **IN_COMPANY)
    amount_not_due = fields.Monetary(string="Not Due", **IN_COMPANY)
    amount_age_1 = fields.Monetary(string="First Age Group", **IN_COMPANY)
    amount_age_2 = fields.Monetary(string="Second Age Group", **IN_COMPANY)
    amount_age_3 = fields.Monetary(string="Third Age Group", **IN_COMPANY)
    amount_age_4 = fields.Monetary(string="Last Age Group", **IN_COMPANY)
    amount_credits = fields.Monetary(
        string="Credits",
        help="Credit notes and payments that are not allocated.",
        **IN_COMPANY,
    )
    amount_overdue = fields.Monetary(string="Overdue", **IN_COMPANY)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        view = self._get_asked_view()
        company = self.env.company
        day = view.date or company._dunning_today()
        balance = self.env["dunning.balance"]
        limits = company._dunning_get_age_limits()
        return SQL(
            """
            SELECT item.move_line_id AS id,
                   item.move_line_id,
                   item.move_id,
                   item.name,
                   item.partner_id,
                   item.user_id,
                   item.company_id,
                   item.date,
                   item.date_due,
                   item.date_invoice,
                   CASE WHEN item.age > 0 THEN %(date)s - item.%(counted)s ELSE 0
                   END AS days_late,
                   CASE item.age WHEN -1 THEN %(credit)s ELSE item.age::varchar
                   END AS age,
                   item.currency_id,
                   item.company_currency_id,
                   item.residual AS amount_residual,
                   item.residual_company AS amount_company,
                   %(amounts)s,
                   CASE WHEN item.age > 0 THEN item.residual_company ELSE 0
                   END AS amount_overdue
              FROM (
                       SELECT balance.*, %(age)s AS age FROM (%(query)s) balance
                   ) item
            """,
            date=day,
            counted=SQL.identifier(DATES[view.by]),
            amounts=SQL(", ").join(
                SQL(
                    "CASE item.age WHEN %s THEN item.residual_company ELSE 0 END AS %s",
                    age,
                    SQL.identifier(name),
                )
                for age, name in AMOUNTS.items()
            ),
            credit=CREDITS,
            age=balance._get_age_sql(day, view.by, limits, netted=view.netted),
            query=balance._get_query(self.env.companies, view.date),
        )

    @api.model
    def _get_asked_view(self) -> AgedView:
        """Return how the context asks to look: ``dunning_balance_date`` (a date),
        ``dunning_balance_by`` (``due`` or ``invoice``), ``dunning_balance_netted``.

        :raise ValidationError: anybody may send it, and it is none of these
        """
        guard = self.env["dunning.guard"]
        day = self.env.context.get("dunning_balance_date")
        by = self.env.context.get("dunning_balance_by") or "due"
        guard._check_argument("date", day)
        guard._check_argument(tuple(DATES), by)
        netted = self.env.context.get("dunning_balance_netted") or False
        guard._check_argument("boolean", netted)
        return AgedView(fields.Date.to_date(day) or None, by, bool(netted))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open the journal items of the selected rows."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.move_line_id.ids)],
            "context": {"create": False},
        }

    def action_open_move(self):
        """Open the invoice or entry of the item."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    @api.private
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # EXTENDS 'base': each column of all rows would be worked out before the page is
        # cut off, who collects and the number above all
        if not limit:
            return super().search_fetch(domain, field_names, offset, limit, order)
        page = super().search_fetch(domain, [], offset, limit, order)
        page.fetch(field_names)
        return page

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS 'base': amounts of companies that reckon in the same currency are not
        # converted into it; the database adds up once what is asked for twice
        name, _colon, function = aggregate_spec.partition(":")
        own = "company_currency_id"
        if (
            function == "sum_currency"
            and getattr(self._fields.get(name), "currency_field", None) == own
            and len(self.env.companies._dunning_get_currency()) == 1
        ):
            aggregate_spec = f"{name}:sum"
        return super()._read_group_select(aggregate_spec, query)

    @api.private
    def fetch(self, field_names=None):
        # EXTENDS 'base': what is remembered is named by the context, which is looked
        # at first
        self._get_asked_view()
        return super().fetch(field_names)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base': age groups are named by the limits of the company
        found = super().fields_get(allfields, attributes)
        labels = self._get_age_labels()
        for group in range(1, 5):
            if description := found.get(f"amount_age_{group}"):
                description["string"] = labels[str(group)]
        return found

    @api.model
    def _get_age_selection(self):
        # Their codes sort the groups.
        return list(self._get_age_labels().items())

    @api.model
    def _get_age_labels(self) -> dict[str, str]:
        """Return the name of each age group in the current company."""
        limits = self.env.company._dunning_get_age_limits()
        starts = (1, *(limit + 1 for limit in limits))
        groups = {
            str(group): self.env._("%(first)s–%(last)s days", first=first, last=last)
            for group, (first, last) in enumerate(zip(starts, limits, strict=False), 1)
        }
        return {
            "0": self.env._("Not due"),
            **groups,
            str(len(limits) + 1): self.env._("Over %s days", limits[-1]),
            CREDITS: self.env._("Credits"),
        }
