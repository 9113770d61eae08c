from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools import promises as tools
from .dunning_promise import DECISIONS

# Journals by which money comes in; by all others less is to be paid.
PAYMENT_JOURNALS = ("bank", "cash", "credit")

CLOSED = [state for state, _label in DECISIONS]
ACTIVITY_BROKEN = "account_dunning.activity_type_promise_broken"


class DunningPromise(models.Model):
    """What becomes of promises.

    How it works: what is reconciled with their items is read at once for all promises
    concerned, ``tools/promises.py`` says what each instalment has received, and what
    has changed is written. Those that share items are always settled together.
    """

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_overdue(self, company):
        """Return the promises of a company of which the time of an instalment is over
        and that have not been settled since."""
        self.flush_model(["company_id", "state", "date_next", "tolerance_days"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM dunning_promise
                 WHERE company_id = %s
                   AND state = 'open'
                   AND date_next + tolerance_days < %s
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
        with self.env["dunning.action"]._refreshed_once():
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
        outcomes, _sources = self._get_settled()
        self.line_ids._write_outcomes(outcomes)
        by_state = defaultdict(list)
        for promise in self:
            state = promise.decision or tools.summarize(
                promise.line_ids.mapped("state")
            )
            if state != promise.state:
                by_state[state, promise.company_id].append(promise.id)
        for (state, company), ids in by_state.items():
            closed = state != "open" and company._dunning_today()
            # A change of state is no news by itself: the collector is alerted.
            promises = self.browse(ids).with_context(tracking_disable=True)
            promises.write({"state": state, "date_closed": closed})
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
        settled = tools.Settled({}, {})
        for promises in groups:
            own = {item.id for promise in promises for item in promise.move_line_ids}
            found = tools.settle(
                [promise._prepare_settlement() for promise in promises],
                [receipt for id_ in own for receipt in receipts.get(id_, ())],
                {id_: residuals.get(id_, 0.0) for id_ in own},
                days[promises[0].company_id],
                promises[0].currency_id.decimal_places,
            )
            settled.outcomes.update(found.outcomes)
            settled.sources.update(found.sources)
        return settled

    def _prepare_settlement(self):
        """Return the promise as it is settled."""
        self.ensure_one()
        return tools.Promise(
            key=self.id,
            instalments=[
                tools.Instalment(line.id, line.date, line.amount)
                for line in self.line_ids
            ],
            items=self._get_ordered_items().ids,
            tolerance_days=self.tolerance_days,
            tolerance_amount=self.tolerance_amount,
            break_whole=self.break_whole,
            made=self.date,
            known=self.baseline or {},
            absorbed=(self.absorbed or {}) if self.decision else None,
        )

    @api.model
    def _read_receipts(self, items):
        """Return what is reconciled with items.

        :param items: journal items, of any customers
        :return: dict of item id to list of :class:`Receipt`
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["journal_id", "move_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id,
                       partial.max_date,
                       partial.debit_amount_currency,
                       item.move_id || '-' || counterpart.move_id,
                       journal.type IN %s
                  FROM account_partial_reconcile partial
                  JOIN account_move_line item ON item.id = partial.debit_move_id
                  JOIN account_move_line counterpart
                    ON counterpart.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s)
                   AND partial.debit_amount_currency != 0
              ORDER BY partial.max_date, partial.id
                """,
                PAYMENT_JOURNALS,
                items.ids,
            )
        )
        receipts = defaultdict(list)
        for item_id, *values in rows:
            day, amount, source, payment = values
            receipts[item_id].append(
                tools.Receipt(item_id, day, float(amount), source, payment)
            )
        return receipts

    def _read_baseline(self):
        """Return what is reconciled with the items of a promise now.

        :return: dict of source (entry and counterpart) to amount
        """
        baseline = defaultdict(float)
        for receipts in self._read_receipts(self.move_line_ids).values():
            for receipt in receipts:
                baseline[receipt.source] += receipt.amount
        return dict(baseline)

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
                if (user := promise._get_collector())
            ]
        )

    def _get_collector(self):
        """Return who looks after the promise."""
        partner = self.partner_id.with_company(self.company_id)
        collector = partner.dunning_user_id or self.company_id.dunning_user_id
        return self.user_id.filtered("active") or collector
