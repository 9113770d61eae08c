from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.claims import get_claimed
from .dunning_action_line import FURTHER

# The step stands, it only has to wait for another day.
WAITING_REASONS = ("contact_gap", "non_working_day")

# What is read of the items when actions are judged.
ITEM_FIELDS = [
    "amount_residual",
    "amount_residual_currency",
    "currency_id",
    "parent_state",
    "reconciled",
]

# What people have cancelled, or another action does, does not come back by itself.
FINAL_CAUSES = ("skipped", "merged", "replaced")


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

    def _refresh(self, any_day=False, complete=False, routine=False):
        """Bring the actions in line with the ledger as it is now.

        :param any_day: take every day for a working day
        :param complete: list the overdue items that have appeared since
        :param routine: items were paid or came up, and nothing else has happened
        :return: the actions that stand and can be carried out now
        """
        # Why items are no longer open: read at once for all.
        self.line_ids.move_line_id.fetch(ITEM_FIELDS)
        plans = dict.fromkeys(self, {})
        planned = self if complete else self.filtered(lambda x: x._has_open_items())
        if routine:
            evident = planned._get_evident_plans()
            plans.update(evident)
            planned = planned.filtered(lambda action: action not in evident)
        for (company, day), actions in planned.grouped(
            lambda action: (action.company_id, action._get_day())
        ).items():
            rows = actions._get_plan_rows(company, day, any_day)
            if complete:
                actions._add_listed_items(rows)
            plans.update(dict.fromkeys(actions, rows))
        return self._apply_plans(plans)

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

    def _get_day(self):
        """Return the day on which the action is judged: today, or its own date when
        that is later."""
        self.ensure_one()
        return max(self.date, self.company_id._dunning_today())

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_plan_rows(self, company, day, any_day):
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

    def _prepare_line_amounts(self, row):
        return {
            "date_due": row["date_due"],
            "amount_residual": row["residual"],
            "amount_withheld": row["withheld"],
        }

    def _apply_plans(self, plans):
        """Update lines and actions. Those that are open go first, on whatever day
        they are judged: one that is cancelled only comes back for what none of them
        does.

        :param plans: dict of action to the rows of the plan by which it is judged
        :return: the actions to carry out now
        """
        self._read_closing_causes()
        ready = self.browse()
        taken = set()
        for action in self.sorted(lambda action: action.state == "cancelled"):
            rows = plans[action]
            levels, level = action._judge_lines(rows, taken)
            further = action._get_further_lines(levels, level, rows)
            valid = action.line_ids.filtered(
                lambda line, levels=levels, further=further: (
                    line in levels and line not in further
                )
            )
            steps = valid.filtered(lambda line, levels=levels: levels[line])
            kind = action._get_kind()
            if not kind._is_pointful(action, valid, steps):
                kind._cancel_for_ledger(action, rows)
                continue
            action._write_levels({line: levels[line] for line in valid}, rows)
            taken.update((line.move_line_id.id, line.level_id.id) for line in steps)
            taken.add((action.partner_id.id, action.kind))
            action._reopen()
            action._set_level(level)
            action._keep_lines(valid, further, rows)
            if not action._wait_for_day(steps, rows):
                ready += action
        return ready

    def _keep_lines(self, valid, further, rows):
        """Give the valid lines today's amounts and leave the others out.

        :param further: lines whose items the text only refers to
        """
        for line in valid:
            vals = self._prepare_line_amounts(rows[line.move_line_id.id])
            vals.update(state="open", drop_cause=False)
            changed = {
                name: value for name, value in vals.items() if line[name] != value
            }
            if changed:
                line.write(changed)
        further._refer_to(rows)
        for line in self.line_ids - valid - further:
            if line.state == "open" or line.drop_cause == FURTHER:
                cause = self._get_drop_cause(line, rows)
                line.write({"state": "dropped", "drop_cause": cause})
        kept = [rows[line.move_line_id.id] for line in valid]
        referred = [rows[line.move_line_id.id] for line in further]
        amount = self._get_claimed_amount(kept, referred)
        date_due = min((row["date_due"] for row in kept), default=False)
        currency = self.company_id.currency_id
        if currency.compare_amounts(self.amount, amount) or self.date_due != date_due:
            # Amounts are no news that anybody follows.
            action = self.with_context(tracking_disable=True)
            action.write({"amount": amount, "date_due": date_due})

    def _get_claimed_amount(self, rows, referred):
        """Return what the action claims, in company currency.

        :param rows: rows of the plan for the items it lists
        :param referred: those of the items it refers to
        """
        claimed = get_claimed(rows, referred, is_early=self.level_id.delay_days < 0)
        return self.company_id.currency_id.round(claimed)

    def _reopen(self):
        if self.state != "cancelled":
            return
        self.write({"state": self.state_before or "todo", "cancel_cause": False})
        self._schedule_activities()

    def _set_level(self, level):
        """Come down to the highest level still due when the item that had decided
        is gone, and up again with it."""
        if not level or level == self.level_id:
            return
        channel = self._get_wanted_channel(level)
        vals = {
            "level_id": level.id,
            "scenario_id": level.scenario_id.id,
            "channel": channel,
            "replaced_channel": False,
            "execution": self._get_execution(level, channel),
        }
        if vals["execution"] == "validate" and self.state == "todo":
            vals["state"] = "to_validate"
        self.write(vals)

    def _get_execution(self, level, channel):
        sendable = channel in self.env["dunning.channel"]._get_sendable(self.company_id)
        if sendable or level.execution == "validate":
            return level.execution
        return "manual"

    def _wait_for_day(self, steps, rows):
        """Move what may not go out today to the day the plan gives; what a person
        does is not stopped."""
        if self.execution == "manual" or not steps:
            return False
        planned = [rows[line.move_line_id.id] for line in steps]
        if any(row["reason"] not in WAITING_REASONS for row in planned):
            return False
        day = min(row["date"] for row in planned)
        if day > self.date:
            self.write({"date": day})
        return True

    def _get_wanted_channel(self, level):
        """Return the channel of a level for this customer."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return level._get_channel_for(partner.dunning_channel)
