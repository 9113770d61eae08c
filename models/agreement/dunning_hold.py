from collections import defaultdict

from odoo import Command, api, models
from odoo.exceptions import UserError

from ...tools.following import FOLLOWING_CONTEXT


class DunningHold(models.Model):
    """Holds that a promise or a dispute writes: one for each of its items, in line with
    what it keeps out. People change the promise or the dispute, never its holds."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # === What follows === #

    # === Constraints and indexes === #

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


class DunningWithholding(models.AbstractModel):
    _inherit = "dunning.withholding"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_active_holds(self) -> models.BaseModel:
        """Return the holds of the records that are not released."""
        holds = self.hold_ids
        active = holds.filtered(lambda hold: not hold.date_released)
        # Those of many records are read together, even if one asks for each alone.
        return active.with_prefetch(holds._prefetch_ids)

    def _prepare_hold(self, line):
        """Return the values of the hold on one of the items."""
        self.ensure_one()
        origin = self._name.removeprefix("dunning.")
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "move_line_ids": [Command.set(line.ids)],
            "reason_id": self.reason_id.id,
            "origin": origin,
            f"{origin}_id": self.id,
            "call_id": self.call_id.id,
        }
