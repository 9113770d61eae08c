from itertools import chain

from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ..action.dunning_action import OPEN_STATES

# Groups of the agenda; their codes sort them.
LATE, TODAY, SOON, LATER = "1_late", "2_today", "3_soon", "4_later"
SOON_DAYS = 7


class DunningAction(models.Model):
    """What the agenda shows around an action: when it is due, what was said last,
    what comes next. Nothing here is stored or decides anything."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    due = fields.Selection(
        [
            (LATE, "Late"),
            (TODAY, "Today"),
            (SOON, "Next 7 Days"),
            (LATER, "Later"),
        ],
        string="When",
        compute="_compute_due",
        search="_search_due",
        group_expand=True,
    )
    days_late = fields.Integer(
        compute="_compute_days_late",
        help="Of the oldest item, as of today; of a done action, as of that day.",
    )
    title = fields.Char(string="What", compute="_compute_title")
    is_sendable = fields.Boolean(compute="_compute_is_sendable")
    next_level_id = fields.Many2one(
        "dunning.level",
        string="Next Step",
        compute="_compute_next_level_id",
        help="The level that follows if the customer still does not pay.",
    )
    last_exchange_date = fields.Date(compute="_compute_last_exchange")
    last_exchange = fields.Char(
        compute="_compute_last_exchange",
        help="The last contact or message with the customer.",
    )
    has_dropped = fields.Boolean(compute="_compute_has_columns")
    has_withheld = fields.Boolean(compute="_compute_has_columns")
    amount_by_currency = fields.Char(
        string="Amounts Claimed",
        compute="_compute_amount_by_currency",
        help="One total for each currency.",
    )
    date_closed = fields.Date(
        string="Closed On",
        compute="_compute_date_closed",
        help="Day on which the action was done or cancelled.",
    )
    cancel_label = fields.Char(
        string="Cancelled Because", compute="_compute_cancel_label"
    )
    customer_balance = fields.Html(compute="_compute_customer", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date", "state")
    def _compute_due(self):
        today = self.env.company._dunning_today()
        soon = fields.Date.add(today, days=SOON_DAYS)
        for action in self:
            if action.state not in OPEN_STATES or not action.date:
                action.due = False
            elif action.date < today:
                action.due = LATE
            elif action.date == today:
                action.due = TODAY
            else:
                action.due = SOON if action.date <= soon else LATER

    def _search_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._dunning_today()
        soon = fields.Date.add(today, days=SOON_DAYS)
        is_open = fields.Domain("state", "in", OPEN_STATES)
        domains = {
            LATE: is_open & fields.Domain("date", "<", today),
            TODAY: is_open & fields.Domain("date", "=", today),
            SOON: is_open & fields.Domain([("date", ">", today), ("date", "<=", soon)]),
            LATER: is_open & fields.Domain("date", ">", soon),
            False: ~is_open,
        }
        return fields.Domain.OR(domains[due] for due in value if due in domains)

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': group the agenda by when actions are due, sort the history
        if field_expr == "date_closed":
            return SQL(
                "COALESCE(%s, %s::date)",
                SQL.identifier(alias, "date_done"),
                SQL.identifier(alias, "write_date"),
            )
        if field_expr == "days_late":
            return SQL(
                "GREATEST(COALESCE(%s, GREATEST(%s, %s)) - %s, 0)",
                SQL.identifier(alias, "date_done"),
                SQL.identifier(alias, "date"),
                self.env.company._dunning_today(),
                SQL.identifier(alias, "date_due"),
            )
        if field_expr == "due":
            return self._get_due_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _get_due_sql(self, alias) -> SQL:
        today = self.env.company._dunning_today()
        return SQL(
            """
            CASE WHEN %(state)s NOT IN %(open_states)s THEN NULL
                 WHEN %(date)s < %(today)s THEN %(late)s
                 WHEN %(date)s = %(today)s THEN %(now)s
                 WHEN %(date)s <= %(soon_date)s THEN %(soon)s
                 ELSE %(later)s
            END
            """,
            state=SQL.identifier(alias, "state"),
            date=SQL.identifier(alias, "date"),
            open_states=OPEN_STATES,
            today=today,
            soon_date=fields.Date.add(today, days=SOON_DAYS),
            late=LATE,
            now=TODAY,
            soon=SOON,
            later=LATER,
        )

    @api.depends("date_due", "date", "date_done")
    def _compute_days_late(self):
        for action in self:
            action.days_late = action._get_days_late(action.date_due)

    def _get_days_late(self, date_due):
        """Return by how many days an item is late on the day that counts for the
        action: an open one goes on ageing."""
        if not date_due:
            return 0
        return max((self._get_content_day() - date_due).days, 0)

    @api.depends("level_id", "kind", "channel", "note")
    @api.depends_context("lang")
    def _compute_title(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            title = action.level_id.name
            if not title and action.kind == "manual":
                title = action._get_manual_title()
            action.title = title or kinds.get(action.kind)

    def _get_title_beside(self, *said):
        """Return what the action is called beside words that are not to be repeated:
        its channel, its note.

        :param said: these words
        """
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return kinds[self.kind] if self.title in said else self.title

    def _get_manual_title(self):
        """Return what a person planned: the first words of the note, else by which
        channel. That it was planned by hand says nothing of what is to be done."""
        self.ensure_one()
        if lines := (self.note or "").strip().splitlines():
            return lines[0].strip()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return channels.get(self.channel)

    @api.depends("channel", "level_id", "company_id")
    def _compute_is_sendable(self):
        for action in self:
            action.is_sendable = action._is_sendable()

    @api.depends("level_id", "scenario_id")
    def _compute_next_level_id(self):
        for action in self:
            level = action.level_id
            following = action.scenario_id.level_ids.filtered(
                lambda other, level=level: other.delay_days > level.delay_days
            )
            action.next_level_id = level and following.sorted("delay_days")[:1]

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_last_exchange(self):
        for company, actions in chain(
            *(r.grouped("company_id").items() for r in self._by_rights_on_customer())
        ):
            partners = actions.partner_id.with_company(company)
            exchanges = partners._dunning_get_last_exchanges()
            for action in actions:
                date, text = exchanges.get(action.partner_id.id, (False, False))
                action.last_exchange_date = date
                action.last_exchange = text

    @api.depends("line_ids.state", "line_ids.amount_withheld")
    def _compute_has_columns(self):
        for action in self:
            states = action.line_ids.mapped("state")
            action.has_dropped = "dropped" in states
            action.has_withheld = any(action.line_ids.mapped("amount_withheld"))

    @api.depends("state", "line_ids.state", "line_ids.amount_claimed")
    @api.depends_context("lang")
    def _compute_amount_by_currency(self):
        told = self.filtered(lambda action: action.state != "cancelled")
        (self - told).amount_by_currency = False
        for action, totals in told._get_totals().items():
            action.amount_by_currency = "  +  ".join(
                format_amount(self.env, total.claimed, total.currency)
                for total in totals
                if total.lines
            )

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "tz")
    def _compute_customer(self):
        for action in chain(*self._by_rights_on_customer()):
            partner = action.partner_id.with_company(action.company_id)
            action.customer_balance = partner.dunning_balance

    @api.depends("date_done", "write_date")
    def _compute_date_closed(self):
        for action in self:
            written = action.state == "cancelled" and action.write_date
            action.date_closed = action.date_done or written

    @api.depends("cancel_cause")
    @api.depends_context("lang")
    def _compute_cancel_label(self):
        labels = self.env["dunning.item"]._get_reason_labels()
        for action in self:
            cause = action.cancel_cause
            action.cancel_label = labels.get(cause, cause)
