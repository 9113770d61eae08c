from odoo import api, fields, models
from odoo.tools import SQL

from .dunning_plan_watched import WATCHED, Watch

# Stands for items without customer.
NOBODY = 0

# The states of a row, and the event that has none of them.
STATES = (("old", "INSERT"), ("new", "DELETE"))


class DunningPlanMark(models.Model):
    """Customers of whom the kept plan may say something else than the plan.

    Written by the database itself, in the transaction that changes what the plan reads;
    rows are only added, and deleted by who plans the customer again, so that two
    payments of one customer do not meet. See
    :mod:`~odoo.addons.account_dunning.models.plan.dunning_plan_kept`.
    """

    _name = "dunning.plan.mark"
    _description = "Customer to Be Planned Again"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # No relation: that would have each mark lock its customer.
    partner_id = fields.Integer(readonly=True)

    # ------------------------------------------------------------------
    # WHO MARKS
    # ------------------------------------------------------------------

    def init(self):
        """Have the database mark customers when something changes that plans read."""
        # Once all tables are there.
        self.pool.post_init(self._watch)

    @api.model
    def _get_watched(self) -> tuple[Watch, ...]:
        """Return what the plan reads. Override where something else decides on it."""
        return WATCHED

    @api.model
    def _watch(self):
        self._unwatch()
        for watch in self._get_watched():
            self.env.cr.execute(self._get_function(watch))
            for event in watch.events:
                for trigger in self._get_triggers(watch, event):
                    self.env.cr.execute(trigger)

    @api.model
    def _unwatch(self) -> None:
        """Have the database mark nobody any more."""
        for watch in self._get_watched():
            self.env.cr.execute(
                SQL(
                    "DROP FUNCTION IF EXISTS %s() CASCADE",
                    self._get_mark_function_name(watch),
                )
            )

    @api.model
    def _get_mark_function_name(self, watch):
        return SQL.identifier(f"dunning_mark_{watch.name or watch.table}")

    @api.model
    def _get_function(self, watch):
        return SQL(
            """
            CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $mark$
            BEGIN
                INSERT INTO dunning_plan_mark (partner_id)
                SELECT contact.id FROM (%s) contact(id) WHERE contact.id IS NOT NULL;
                RETURN NULL;
            END
            $mark$
            """,
            self._get_mark_function_name(watch),
            SQL(watch.partners),
        )

    @api.model
    def _get_triggers(self, watch, event):
        """Return what has the function called after an event."""
        states = [x for x, other in STATES if other != event]
        suffix = f"_{watch.name}" if watch.name else ""
        name = f"dunning_mark_{event.lower()}{suffix}"
        if not watch.at_once:
            return [
                SQL(
                    "CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW WHEN (%s)"
                    " EXECUTE FUNCTION %s()",
                    SQL.identifier(name),
                    SQL(event),
                    SQL.identifier(watch.table),
                    self._get_condition(watch, states),
                    self._get_mark_function_name(watch),
                )
            ]
        # A trigger sees the rows before, or those after.
        return [
            SQL(
                "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                SQL.identifier(f"{name}_{state}"),
                SQL(event),
                SQL.identifier(watch.table),
                SQL(state.upper()),
                self._get_mark_function_name(watch),
            )
            for state in states
        ]

    @api.model
    def _get_condition(self, watch, states):
        """Return the condition on a row under which its customers are marked."""
        read = SQL(" OR ").join(
            SQL("(%s)", SQL(watch.condition.format(row=state))) for state in states
        )
        if len(states) == 1:
            return read
        before, after = (
            SQL(", ").join(SQL.identifier(state, column) for column in watch.columns)
            for state in states
        )
        return SQL("(%s) AND (%s) IS DISTINCT FROM (%s)", read, before, after)
