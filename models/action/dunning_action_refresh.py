from collections import defaultdict
from collections.abc import Mapping
from datetime import date as Date

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.judgement import FINAL_CAUSES

# What is read of the lines when actions are judged.
LINE_FIELDS = [
    "action_id",
    "amount_residual",
    "amount_withheld",
    "currency_id",
    "date_due",
    "drop_cause",
    "is_aligned",
    "level_id",
    "move_line_id",
    "state",
]

# What is read of the items when actions are judged.
ITEM_FIELDS = [
    "amount_residual",
    "amount_residual_currency",
    "currency_id",
    "parent_state",
    "reconciled",
]


class DunningAction(models.Model):
    """Keeping open actions true to the ledger.

    How it works: the plan is asked what it would do with the customers' items if
    these actions did not exist. A line stays when the plan would step its item to
    the same level, and takes today's amounts; otherwise it is left out. An action
    whose last step is left out is cancelled, and comes back when one of them is
    valid again. Events of the ledger and the re-check before sending both end here.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _refresh_customers(self, company, partners, routine=False):
        """Follow a change of the ledger or of the holds, in the company's branches
        too: credits of a company cover the items of its branches.

        :param company: ``res.company`` in which it happened
        :param partners: ``res.partner`` concerned
        :param routine: items were paid or came up, and nothing else has happened
        """
        # Whoever registers a payment need not have rights on dunning.
        actions_sudo = self.sudo().search_fetch(
            self._get_followed_domain(company, partners),
            self._get_judged_fields(),
            order="id desc",
        )
        actions_sudo._leave_out_settled()._refresh(routine=routine)

    @api.model
    def _get_followed_domain(self, company, partners):
        """Return which actions an event may change: those that are open, and those
        that the ledger has cancelled."""
        # Each payment waits for the answer, which in SQL takes half the time.
        self.flush_model(["cancel_cause", "company_id", "partner_id", "state"])
        partners.flush_recordset(["commercial_partner_id"])
        condition = SQL(
            """
            company_id = ANY(%s)
            AND partner_id = ANY(ARRAY(
                    SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s)
                ))
            AND state != 'done'
            AND COALESCE(cancel_cause, '') NOT IN %s
            """,
            [company.id, *self.env["res.company"]._dunning_get_branch_ids(company)],
            partners.ids,
            FINAL_CAUSES,
        )
        return fields.Domain.custom(to_sql=lambda *_args: condition)

    def _refresh(
        self, any_day: bool = False, complete: bool = False, routine: bool = False
    ) -> models.BaseModel:
        """Bring the actions in line with the ledger as it is now.

        :param any_day: take every day for a working day
        :param complete: list the overdue items that have appeared since
        :param routine: items were paid or came up, and nothing else has happened
        :return: the actions that stand and can be carried out now
        """
        self._read_lines()
        # Why items are no longer open: read at once for all.
        self.line_ids.move_line_id.fetch(ITEM_FIELDS)
        plans = dict.fromkeys(self, {})
        planned = self if complete else self.filtered(lambda x: x._has_open_items())
        if routine:
            evident = planned._get_evident_plans()
            plans.update(evident)
            planned = planned.filtered(lambda action: action not in evident)
        for (company, day), actions in planned.grouped(
            lambda action: (action.company_id, action._get_judged_day())
        ).items():
            rows = actions._get_plan_rows(company, day, any_day)
            if complete:
                actions._add_listed_items(rows)
            plans.update(dict.fromkeys(actions, rows))
        days = {action: action._get_judged_day() for action in self}
        ready = self._judge_by(plans)
        if complete and any(days[action] < action._get_judged_day() for action in self):
            # What has to wait lists what is overdue on the day it waits for.
            ready &= self._refresh(any_day, complete)
        return ready

    def _read_lines(self):
        """Read at once which lines the actions have and by what these are judged:
        somebody waits for them."""
        unread = self.filtered(lambda action: "line_ids" not in action._cache)
        if unread:
            lines = self.env["dunning.action.line"].search_fetch(
                [("action_id", "in", unread.ids)], LINE_FIELDS
            )
            by_action = lines.grouped("action_id")
            unread._fields["line_ids"]._insert_cache(
                unread, [by_action.get(x, lines.browse())._ids for x in unread]
            )

    def _has_open_items(self):
        """Return whether the plan may have something to say of the action: when all is
        paid it has not, and who pays the only invoice waits for no plan."""
        self.ensure_one()
        return not all(self.line_ids.move_line_id.mapped("reconciled"))

    @api.model
    def _get_judged_fields(self):
        """Return the fields by which actions are judged, and those that are read when
        they are cancelled: somebody waits for them. Override to add some."""
        return [
            *self._track_get_fields(),
            "amount",
            "cancel_cause",
            "channel",
            "company_id",
            "date",
            "date_due",
            "execution",
            "kind",
            "level_id",
            "partner_id",
            "state",
        ]

    def _leave_out_settled(self):
        """Return the actions without those that have been cancelled for good: they
        become more with the years."""
        cancelled = self.filtered(lambda action: action.state == "cancelled")
        if not cancelled:
            return self
        domain = fields.Domain("id", "in", cancelled.ids) & self._get_revivable_domain()
        return self - cancelled + self.search(domain, order="id desc")

    @api.model
    def _get_revivable_domain(self):
        """Return which cancelled actions the ledger may bring back, or say otherwise
        why they are cancelled: those with an item that is open."""
        return (
            fields.Domain("line_ids", "any", [("move_line_id.reconciled", "=", False)])
            | fields.Domain("line_ids", "=", False)
            | fields.Domain("cancel_cause", "=", "covered")
        )

    def _get_judged_day(self) -> Date:
        """Return the day on which the action is judged: today, or its own date when
        that is later; today while a form has none."""
        self.ensure_one()
        today = self.company_id._dunning_today()
        return max(self.date or today, today)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_plan_rows(
        self, company: models.BaseModel, day: Date, any_day: bool
    ) -> dict:
        """Return the plan of these customers as if these actions did not exist.

        :return: dict of journal item id to row (dict)
        """
        scope = company._dunning_scope(
            day,
            partners=self.partner_id.ids,
            without_actions=self.ids,
            any_day=any_day,
        )
        query = self.env["dunning.plan"]._get_query(scope)
        return {row["id"]: row for row in self.env.execute_query_dict(query)}

    def _add_listed_items(self, rows):
        """Add the items that became overdue, or ended with the collector, since the
        actions were created."""
        by_partner = defaultdict(list)
        for row in rows.values():
            by_partner[row["partner_id"]].append(row)
        vals_list = []
        for action in self:
            kind = action._get_kind()
            known = set(action.line_ids.move_line_id.ids)
            vals_list += [
                action._prepare_line_values(row)
                for row in by_partner[action.partner_id.id]
                if row["id"] not in known and kind._is_listed(action, row)
            ]
        lines = self.env["dunning.action.line"].create(vals_list)
        for line in lines:
            line.name = line.move_line_id.move_name

    def _prepare_line_values(self, row):
        return {
            "action_id": self.id,
            "move_line_id": row["id"],
            "item_ref": row["id"],
            "move_id": row["move_id"],
            "currency_id": row["currency_id"],
            **self._prepare_line_amounts(row),
        }

    def _prepare_line_amounts(self, row: Mapping) -> dict:
        """Return what a line shows of its item: day due, amounts in its currency.

        :param row: of the plan
        """
        return {
            "date_due": row["date_due"],
            "amount_residual": row["residual"],
            "amount_withheld": row["withheld"],
        }
