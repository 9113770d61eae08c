from odoo import SUPERUSER_ID, models

from ...tools.judgement import FURTHER, judge
from ...tools.tone import Level
from ...tools.verdict import Action, Line, Verdict
from ...tools.words import OPEN_STATES, WRITTEN_CHANNELS


class DunningAction(models.Model):
    """Judging actions by their lines and the plan: the data are gathered here, and the
    verdict of :mod:`~odoo.addons.account_dunning.tools.judgement` is written here."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TO JUDGE
    # ------------------------------------------------------------------

    def _judge_by(self, plans):
        """Judge the actions, and bring them and their lines in line. Those that are
        open go first, on whatever day they are judged: one that is cancelled only comes
        back for what none of them does. Follow-ups come last: they are about what
        nothing else is.

        :param plans: dict of action to the rows of the plan by which it is judged
        :return: the actions to carry out now
        """
        self._read_closing_causes()
        levels = self._get_judged_levels(plans)
        ready, taken = self.browse(), set()
        for action in self.sorted(
            lambda action: (action.kind == "follow_up", action.state == "cancelled")
        ):
            rows = plans[action]
            verdict = judge(action._get_judged(rows, levels), rows, taken)
            taken.update(verdict.taken)
            if not verdict.stands:
                action._get_kind()._cancel_for_ledger(action, verdict)
            elif action._apply_verdict(verdict, rows):
                ready += action
        return ready

    def _get_judged_levels(self, plans) -> dict[int, Level]:
        """Return the levels that actions, lines and rows name, by id."""
        different = {id(rows): rows for rows in plans.values()}.values()
        planned = {
            row.get(name)
            for rows in different
            for row in rows.values()
            for name in ("level_id", "reached_id")
        }
        own = self.level_id | self.line_ids.level_id
        levels = own.browse(planned - {None} | {*own.ids})
        return {level.id: level._get_judged() for level in levels}

    def _get_judged(self, rows, levels) -> Action:
        """Return the action as it is judged.

        :param rows: dict of journal item id to row of the plan
        :param levels: those of :meth:`_get_judged_levels`
        """
        kind, lines = self._get_kind(), {line.id: line for line in self.line_ids}

        def get(judged):
            return self.line_ids.browse(line.id for line in judged)

        return Action(
            partner_id=self.partner_id.id,
            kind=self.kind,
            lines=[line._get_judged(levels) for line in self.line_ids],
            level=levels.get(self.level_id.id),
            is_open=self.state in OPEN_STATES,
            is_call=self.channel == "call",
            levels=levels,
            get_text_rank=self._get_text_rank,
            is_listed=lambda row: kind._is_listed(self, row),
            is_pointful=lambda valid, steps: kind._is_pointful(
                self, get(valid), get(steps)
            ),
            get_lost_cause=lambda line: self._get_drop_cause(lines[line.id], rows),
        )

    def _get_text_rank(self, level):
        """Return how strong the text of the action is at a level; 0 when it is no
        text.

        :param level: :class:`~odoo.addons.account_dunning.tools.tone.Level`
        """
        channel = self.channel
        if level.id != self.level_id.id:
            channel = self._get_wanted_channel(self.level_id.browse(level.id))
        return level.rank if channel in WRITTEN_CHANNELS else 0

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TO APPLY
    # ------------------------------------------------------------------

    def _apply_verdict(self, verdict: Verdict, rows):
        """Bring an action that stands, and its lines, in line with the ledger.

        :param rows: dict of journal item id to row of the plan
        :return: whether it can be carried out now
        """
        self._reopen()
        if verdict.level:
            self._set_level(self.level_id.browse(verdict.level.id))
        for line in self.line_ids:
            line._apply_verdict(verdict, rows.get(line.move_line_id.id))
        self._set_claim(verdict)
        return not self._wait_until(verdict.wait_until)

    def _reopen(self):
        if self.state != "cancelled":
            return
        # What nobody was to do until now is not late.
        today = self.company_id._dunning_today()
        self.write(
            {
                "state": self.state_before or "todo",
                "cancel_cause": False,
                "date": max(self.date, today),
            }
        )
        self._schedule_activities()

    def _set_level(self, level):
        """Come down to the highest level still due when the item that had decided
        is gone, and up again with it."""
        if level == self.level_id:
            return
        channel = self._get_wanted_channel(level)
        vals = {
            "level_id": level.id,
            "scenario_id": level.scenario_id.id,
            "channel": channel,
            "replaced_channel": False,
            "execution": self._get_execution(level, channel),
        }
        if vals["execution"] == "automatic" and self.execution == "manual":
            # What a person was to do does not leave before somebody has seen it.
            vals["execution"] = "validate"
        if vals["execution"] == "validate" and self.state == "todo":
            vals["state"] = "to_validate"
        elif vals["execution"] == "manual" and self.state == "to_validate":
            vals["state"] = "todo"
        self.write(vals)

    def _get_execution(self, level, channel):
        sendable = channel in self.env["dunning.channel"]._get_sendable(self.company_id)
        if sendable or level.execution == "validate":
            return level.execution
        return "manual"

    def _get_wanted_channel(self, level: models.BaseModel) -> str:
        """Return the channel of a level for this customer."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return level._get_channel_for(partner.dunning_channel)

    def _set_claim(self, verdict):
        currency = self.company_id.currency_id
        amount, date_due = currency.round(verdict.amount), verdict.date_due or False
        if currency.compare_amounts(self.amount, amount) or self.date_due != date_due:
            # Amounts are no news that anybody follows.
            action = self.with_context(tracking_disable=True)
            action.write({"amount": amount, "date_due": date_due})

    def _wait_until(self, day):
        """Move what may not go out today to the day the plan gives; what a person
        does is not stopped.

        :return: whether it waits
        """
        if self.execution == "manual" or not day:
            return False
        # What has failed stays where people look for what is due.
        if day > self.date and self.state != "failed":
            # Plans of any day know no days off, and the system plans, whoever looks.
            own = self.with_user(SUPERUSER_ID)
            own.write({"date": self.company_id._dunning_get_working_day(day)})
        return True


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_judged(self, levels) -> Line:
        """Return the line as it is judged."""
        return Line(
            id=self.id,
            item_id=self.move_line_id.id,
            level=levels.get(self.level_id.id),
            is_aligned=self.is_aligned,
            cause=None if self.state == "open" else self.drop_cause or "",
            amount=self.amount_residual,
        )

    def _apply_verdict(self, verdict, row):
        """Give the line today's amounts, or leave it out; where nothing has changed,
        nothing is written.

        :param row: what the plan says of its item
        """
        vals = self._prepare_verdict(verdict, row)
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if self.id in verdict.lines:
            changed |= self._prepare_level(verdict)
        if changed:
            self.write(changed)

    def _prepare_verdict(self, verdict, row):
        if self.id in verdict.lines:
            amounts = self.action_id._prepare_line_amounts(row)
            return amounts | {"state": "open", "drop_cause": False}
        if self.id in verdict.further:
            amounts = self.action_id._prepare_line_amounts(row)
            return amounts | {"state": "dropped", "drop_cause": FURTHER}
        if cause := verdict.dropped.get(self.id):
            return {"state": "dropped", "drop_cause": cause}
        return {}

    def _prepare_level(self, verdict):
        """Return the level at which the line stands, if it is another than before."""
        level = verdict.lines[self.id]
        level_id = level.id if level else False
        if self.level_id.id == level_id:
            return {}
        return {"level_id": level_id, "is_aligned": self.id in verdict.raised}


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_judged(self) -> Level:
        """Return the level as it is judged by."""
        self.ensure_one()
        return Level(
            id=self.id,
            scenario_id=self.scenario_id.id,
            delay=self.delay_days,
            rank=self._get_rank(),
            is_written=self.channel in WRITTEN_CHANNELS,
        )
