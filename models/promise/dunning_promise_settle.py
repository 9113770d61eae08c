from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools import promises as tools
from ...tools.settlement import settle
from .dunning_promise import DECISIONS

CLOSED = [state for state, _label in DECISIONS]
ACTIVITY_BROKEN = "account_dunning.activity_type_promise_broken"


class DunningPromise(models.Model):
    """What becomes of promises.

    How it works: what is reconciled with their items is read at once for all promises
    concerned, ``tools/settlement.py`` says what each instalment has received, and what
    has changed is written. Those that share items are always settled together.
    """

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_overdue(self, company):
        """Return the promises of a company of which the time of an instalment is over,
        or the day of an entry has come, and that have not been settled since."""
        self.flush_model(["company_id", "date_settle"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM dunning_promise
                 WHERE company_id = %s
                   AND date_settle <= %s
                """,
                company.id,
                company._dunning_today(),
            )
        )
        return self.browse(id_ for (id_,) in rows)

    def _settle(self):
        # OVERRIDES 'dunning.withholding': all that share items; what is broken says
        # how dunning goes on
        if not self:
            return
        # States and holds are the system's, whoever has changed the ledger.
        promises_sudo = self.sudo()._get_linked()
        missed, restored = promises_sudo._settle_states()
        with self.env["dunning.ledger"]._followed_once():
            ended = promises_sudo._sync_holds(missed)
            missed._resume_dunning(ended)
            restored.hold_ids.filtered("resume")._mark(False)
        missed._alert_collectors()
        restored.activity_unlink([ACTIVITY_BROKEN])

    # ------------------------------------------------------------------
    # BUSINESS METHODS - STATES
    # ------------------------------------------------------------------

    def _get_linked(self):
        """Return these promises and those that share items with them, directly or
        not: what one of them receives, the others do not."""
        self.flush_model(["move_line_ids"])
        relation = self._fields["move_line_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE linked AS (
                         SELECT id FROM dunning_promise WHERE id = ANY(%(ids)s)
                          UNION
                         SELECT other.%(promise)s
                           FROM linked
                           JOIN %(relation)s own ON own.%(promise)s = linked.id
                           JOIN %(relation)s other ON other.%(item)s = own.%(item)s
                     )
                SELECT id FROM linked ORDER BY id
                """,
                ids=self.ids,
                relation=SQL.identifier(relation.relation),
                promise=SQL.identifier(relation.column1),
                item=SQL.identifier(relation.column2),
            )
        )
        return self.browse(id_ for (id_,) in rows)

    def _settle_states(self):
        # OVERRIDES 'dunning.withholding'
        missed_before = self._get_missed_counts()
        settled = self._get_settled()
        self.line_ids._write_standings(settled.standings)
        changed = defaultdict(list)
        for promise in self:
            state = promise.decision or settled.states[promise.id]
            ahead = settled.next_dates.get(promise.id, False)
            if (state, ahead) != (promise.state, promise.date_ahead):
                changed[state, ahead, promise.state, promise.company_id].append(
                    promise.id
                )
        for (state, ahead, before, company), ids in changed.items():
            vals = {"date_ahead": ahead}
            if state != before:
                closed = state != "open" and company._dunning_today()
                vals |= {"state": state, "date_closed": closed}
            # A change of state is no news by itself: the collector is alerted.
            promises = self.browse(ids).with_context(tracking_disable=True)
            promises.write(vals)
            promises._follow_approval(before)
        missed_now = self._get_missed_counts()
        return (
            self.filtered(lambda p: missed_now[p] > missed_before[p]),
            self.filtered(lambda p: missed_before[p] and not missed_now[p]),
        )

    def _get_missed_counts(self):
        """Return how many instalments of each promise were missed; of those that
        people have closed it is no matter any more."""
        counts = dict.fromkeys(self, 0)
        for promise in self.filtered(lambda promise: promise.state not in CLOSED):
            missed = promise.line_ids.filtered(lambda line: line.state in tools.MISSED)
            counts[promise] = len(missed)
        return counts

    def _get_settled(self):
        """Return what the ledger says of the promises.

        :return: :class:`Settled`, by the ids of promises and their lines
        """
        unapproved = self.filtered(lambda p: p._is_waiting() and not p.decision)
        settled = unapproved._get_unapproved()
        self -= unapproved
        items = self.move_line_ids
        items.fetch(["amount_residual_currency", "parent_state"])
        receipts = self._read_receipts(items)
        residuals = {
            item.id: item.amount_residual_currency
            for item in items
            if item.parent_state != "cancel"
        }
        days = {company: company._dunning_today() for company in self.company_id}
        groups = tools.group_by_items(
            {promise: promise.move_line_ids.ids for promise in self}
        )
        for promises in groups:
            own = {item.id for promise in promises for item in promise.move_line_ids}
            found = settle(
                [promise._prepare_settlement() for promise in promises],
                [receipt for id_ in own for receipt in receipts.get(id_, ())],
                {id_: residuals.get(id_, 0.0) for id_ in own},
                days[promises[0].company_id],
                promises[0].currency_id.decimal_places,
            )
            for known, new in zip(settled, found, strict=True):
                known.update(new)
        return settled

    def _get_unapproved(self):
        """Return what becomes of promises that wait for their approval, as
        :class:`Settled`: nothing counts for them. They wait until their last day is
        over, or nothing is left to pay."""
        settled = tools.Settled({}, {}, {}, {})
        for promise in self:
            items = promise.move_line_ids.filtered(lambda x: x.parent_state != "cancel")
            is_open = any(item.amount_residual_currency > 0 for item in items)
            last = max(promise.line_ids.mapped("date_limit"))
            lives = is_open and last >= promise.company_id._dunning_today()
            state = tools.OPEN if lives else tools.VOID
            settled.states[promise.id] = state
            settled.standings.update(
                dict.fromkeys(promise.line_ids.ids, tools.Standing(state, 0.0, 0.0))
            )
        return settled

    def _prepare_settlement(self):
        """Return the promise as it is settled."""
        self.ensure_one()
        return tools.Promise(
            key=self.id,
            instalments=[
                tools.Instalment(line.id, line.date, line.amount, line.date_limit)
                for line in self.line_ids
            ],
            items=self._get_ordered_items().ids,
            tolerance_amount=self.tolerance_amount,
            break_whole=self.break_whole,
            made=self.date,
            known=frozenset(self.baseline or ()),
            preceded=self.preceded or {},
            absorbed=(self.absorbed or {}) if self.decision else None,
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT FOLLOWS
    # ------------------------------------------------------------------

    def _resume_dunning(self, ended):
        """Say on the last holds of promises newly broken how dunning goes on.

        :param ended: holds that were ended with it
        """
        active, last = set(), {}
        for hold in self.hold_ids.sorted("id"):
            key = (hold.promise_id, hold.move_line_ids)
            if not hold.date_released:
                active.add(key)
            elif hold.move_line_ids.amount_residual_currency > 0:
                last[key] = hold
        ended_ids = set(ended.ids)
        by_resume = defaultdict(list)
        for key, hold in last.items():
            if hold.id in ended_ids or key not in active:
                resume = "next" if hold.promise_id.resume == "next" else "same"
                by_resume[resume].append(hold.id)
        for resume, ids in by_resume.items():
            ended.browse(ids)._mark(resume)

    def _alert_collectors(self):
        """Put the promises among the activities of who looks after them."""
        # Collectors are not mailed about each promise: they have their agenda.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        # Who has deleted the type of activity does not want any.
        activity_type = self.env.ref(ACTIVITY_BROKEN, raise_if_not_found=False)
        collectors = self._get_collectors()
        alerted = self.activity_search([ACTIVITY_BROKEN]).mapped("res_id")
        activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": promise.id,
                    "activity_type_id": activity_type.id,
                    "date_deadline": promise.company_id._dunning_today(),
                    "user_id": user.id,
                    "automated": True,
                }
                for promise in self
                if activity_type and promise.id not in alerted
                if (user := collectors[promise])
            ]
        )

    def _get_collectors(self):
        """Return who looks after each promise: dict of promise to user."""
        collectors = {}
        for company, promises in self.grouped("company_id").items():
            workers = company._dunning_get_workers()
            for promise in promises.with_company(company):
                user = promise.user_id or promise.partner_id.dunning_user_id
                collectors[promise] = user.browse(workers.find(user.id))
        return collectors
