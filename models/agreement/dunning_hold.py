from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...tools.following import FOLLOWING_CONTEXT


class DunningHold(models.Model):
    """Holds that a promise or a dispute writes: one for each of its items, in line with
    what it keeps out. People change the promise or the dispute, never its holds."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_id = fields.Many2one(
        "dunning.promise",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dispute_id = fields.Many2one(
        "dunning.dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # === What follows === #
    date_resume = fields.Date(
        string="Dunning Resumes on",
        readonly=True,
        copy=False,
        help="Day from which the items are dunned again as said beside.",
    )
    resume = fields.Selection(
        [
            ("same", "From the level reached, by its own dates"),
            ("next", "By the next level, at once"),
            ("restart", "Delays count from that day"),
        ],
        readonly=True,
        copy=False,
    )

    # === Constraints and indexes === #
    _resume_idx = models.Index(
        "(company_id, date_resume) WHERE date_resume IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning'
        if not self.env.su and self._get_editable_fields() & vals.keys():
            self._check_written_by_hand()
        return super().write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_release(self):
        # EXTENDS 'account_dunning'
        self._check_written_by_hand()
        return super().action_release()

    def action_open_source(self):
        """Open the promise or the dispute that keeps the items out.

        :raise UserError: the hold was made by hand
        """
        self.ensure_one()
        if not self._get_source():
            raise UserError(self.env._("This hold was made by hand."))
        return self._open()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_source(self):
        """Return the promise or dispute that wrote the hold, if one did."""
        self.ensure_one()
        return self.promise_id or self.dispute_id

    def _open(self):
        """Return the action that shows where the holds come from: the promise or the
        dispute, the hold made by hand, or the list of several."""
        action = {"type": "ir.actions.act_window", "name": self.env._("Holds")}
        sources = {hold._get_source() or hold for hold in self}
        if len(sources) != 1:
            domain = [("id", "in", self.ids)]
            return action | {
                "res_model": "dunning.hold",
                "view_mode": "list,form",
                "domain": domain,
            }
        [source] = sources
        return action | {
            "name": source.display_name,
            "res_model": source._name,
            "res_id": source.id,
            "view_mode": "form",
        }

    def _check_written_by_hand(self):
        """Refuse to change what a promise or a dispute has written.

        :raise UserError: saying what to change instead
        """
        for hold in self:
            source = hold._get_source()
            if source:
                raise UserError(
                    self.env._(
                        "This hold belongs to “%s”: change that instead, the hold "
                        "follows.",
                        source.display_name,
                    )
                )

    @api.model
    def _sync_with(self, shares, ends, missed=()):
        """Write, change and release holds until they are what is asked for.

        :param shares: dict of source and journal item to the amount kept out
        :param ends: dict of each source to the last day of its holds, or False
        :param missed: sources of which a hold is ended rather than made smaller
        :return: the holds that were ended
        """
        # Their history is that of the promise or dispute, which was checked.
        holds = self.with_context(tracking_disable=True, **FOLLOWING_CONTEXT)
        wanted = {
            (source, line): (amount, ends[source])
            for (source, line), amount in shares.items()
        }
        ended, changed, missed = [], defaultdict(list), set(missed)
        active = {source: source._get_active_holds() for source in ends}
        # Read at once for all.
        holds.concat(*active.values()).fetch(["move_line_ids"])
        for source, own in active.items():
            for hold in own:
                key = (source, hold.move_line_ids[:1])
                amount, date_end = wanted.get(key, (0, False))
                if not amount or (source in missed and amount < hold.amount):
                    ended.append(hold.id)
                    continue
                del wanted[key]
                if (hold.amount, hold.date_end) != (amount, date_end):
                    changed[amount, date_end].append(hold.id)
        holds.browse(ended)._end()
        for (amount, date_end), ids in changed.items():
            holds.browse(ids).write({"amount": amount, "date_end": date_end})
        holds.create(
            [
                source._prepare_hold(line) | {"amount": amount, "date_end": date_end}
                for (source, line), (amount, date_end) in wanted.items()
            ]
        )
        return holds.browse(ended)

    def _end(self, resume=False, date=False):
        """End the holds today, without asking whose they are.

        :param resume: how dunning goes on, see the field; as if nothing had been when
            not given
        :param date: day on which it does, today by default
        """
        groups = self.grouped(
            lambda hold: (hold.company_id, hold._get_resume_date(resume, date))
        )
        for (company, day), holds in groups.items():
            today = company._dunning_today()
            values = {"date_released": today, "released_user_id": self.env.uid}
            if resume:
                values |= {"date_resume": day, "resume": resume}
            holds.write(values)

    def _mark(self, resume):
        """Say how dunning goes on from today after holds that have ended.

        :param resume: see the field; False takes what was said away
        """
        for company, holds in self.grouped("company_id").items():
            today = resume and company._dunning_today()
            holds.write({"date_resume": today, "resume": resume})

    def _get_resume_date(self, resume, date):
        """Return the day on which dunning goes on after the hold, see :meth:`_end`.
        Delays do not count from a day on which an item is not due yet."""
        if not resume:
            return False
        day = date or self.company_id._dunning_today()
        due = [item.date_maturity for item in self.move_line_ids if item.date_maturity]
        return max([day, *due]) if resume == "restart" else day


class DunningWithholding(models.AbstractModel):
    _inherit = "dunning.withholding"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_active_holds(self):
        """Return the holds of the records that are not released."""
        holds = self.hold_ids
        active = holds.filtered(lambda hold: not hold.date_released)
        # Those of many records are read together, even if one asks for each alone.
        return active.with_prefetch(holds._prefetch_ids)

    def _prepare_hold(self, line):
        """Return the values of the hold on one of the items."""
        self.ensure_one()
        origin = {"dunning.promise": "promise", "dunning.dispute": "dispute"}
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "move_line_ids": [Command.set(line.ids)],
            "reason_id": self.reason_id.id,
            "origin": origin[self._name],
            f"{origin[self._name]}_id": self.id,
            "call_id": self.call_id.id,
        }
