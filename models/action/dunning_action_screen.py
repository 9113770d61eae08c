from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import OPEN_STATES

# Groups of the agenda; their codes sort them.
LATE, TODAY, SOON, LATER = "1_late", "2_today", "3_soon", "4_later"
SOON_DAYS = 7


class DunningAction(models.Model):
    """How an action shows: what it is, when it is due, why it ended."""

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
        search="_search_days_late",
        help="Of the oldest item, as of today; of a done action, as of that day.",
    )
    title = fields.Char(string="Subject", compute="_compute_title")
    date_closed = fields.Date(
        string="Closed On",
        compute="_compute_date_closed",
        help="Day on which the action was done or cancelled.",
    )
    cancel_label = fields.Char(
        string="Cancelled Because", compute="_compute_cancel_label"
    )

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
            date_done, date, date_due = (
                SQL.identifier(alias, name, to_flush=self._fields[name])
                for name in ("date_done", "date", "date_due")
            )
            return SQL(
                "GREATEST(COALESCE(%s, GREATEST(%s, %s)) - %s, 0)",
                date_done,
                date,
                self.env.company._dunning_today(),
                date_due,
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

    def _search_days_late(self, operator, value):
        if operator == "in":
            condition = SQL("= ANY(%s)", [day or 0 for day in value])
        elif operator in ("<", ">", "<=", ">="):
            condition = SQL("%s %s", SQL(operator), value or 0)
        else:
            return NotImplemented
        # What has no item is late by no day, as it shows.
        return fields.Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "COALESCE(%s, 0) %s",
                model._field_to_sql(alias, "days_late"),
                condition,
            )
        )

    def _get_days_late(self, date_due):
        """Return by how many days an item is late on the day that counts for the
        action: an open one goes on ageing."""
        if not date_due:
            return 0
        return max((self._get_content_day() - date_due).days, 0)

    @api.depends("level_id", "kind", "channel", "note")
    @api.depends_context("lang")
    def _compute_title(self):
        for action in self:
            action.title = action._get_kind()._get_title(action)

    def _get_title_beside(self, *said: str | bool | None) -> str:
        """Return what the action is called beside words that are not to be repeated:
        its channel, its note.

        :param said: these words
        """
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return kinds[self.kind] if self.title in said else self.title

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

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_content_day(self) -> Date:
        """Return the day the text is of: that on which it went out, once it has."""
        self.ensure_one()
        return self.date_done if self.state == "done" else self._get_judged_day()

    def _get_content_lines(self) -> models.BaseModel:
        """Return the lines the customer is told of, the oldest first."""
        self.ensure_one()
        told = "done" if self.state == "done" else "open"
        # Grouping keeps what is read together with the other actions of the batch.
        lines = self.line_ids.grouped("state").get(told, self.line_ids.browse())
        return lines.sorted(lambda line: (line.date_due, line.id))

    def _tell_decided(self, one: str, many: str) -> dict:
        """Close the dialog in which something was decided, and say what.

        :param one: what became of an action, where it is one
        :param many: what became of the actions, with their number
        :return: client action
        """
        message = many
        if len(self) == 1:
            name = self.display_name
            message = self.env._("%(what)s: %(details)s", what=name, details=one)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
