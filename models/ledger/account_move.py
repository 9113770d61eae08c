from datetime import date as Date

from odoo import models

from ...tools.following import FOLLOWING_CONTEXT
from ...tools.marks import Mark

# What is made on the way goes with a reminder, and was not sent before.
COPY = Mark("dunning_copy")

# Fields of an entry that decide whether its items are dunned, and how.
DUNNING_FIELDS = {
    "dunning_scenario_id",
    "matched_payment_ids",
    "no_followup",
    "payment_state",
    "state",
}


class AccountMove(models.Model):
    """Entries that are posted, sent, changed or deleted, and which of their items
    dunning reads."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    # It is called by _dunning_write.  pylint: disable-next=method-required-super
    def write(self, vals):
        # EXTENDS 'account': open actions follow what is posted, reset or cancelled
        # Each reconciliation posts no entries, as many times as there are pairs.
        if self and "line_ids" in vals:
            # Items that take the place of others are followed together.
            with self.env["dunning.ledger"]._followed_once():
                return self._dunning_write(vals)
        return self._dunning_write(vals)

    def _dunning_write(self, vals):
        """Write values of entries, and let dunning follow them."""
        if not self or not DUNNING_FIELDS & vals.keys():
            sent = self._dunning_filter_first_sent(vals)
            # pylint: disable-next=super-method-mismatch
            result = super().write(vals)
            sent._dunning_arrive()
            return result
        posted = vals.get("state") == "posted"
        reposted = self.filtered("posted_before") if posted else self.browse()
        # pylint: disable-next=super-method-mismatch
        result = super().write(vals)
        if posted:
            # Whoever posts an invoice need not have rights on dunning.
            moves_sudo = self.sudo()
            moves_sudo.env["dunning.ledger"]._follow_arrived(moves_sudo)
        if reposted:
            # Nor who posts it again.
            reposted_sudo = reposted.sudo().with_context(**FOLLOWING_CONTEXT)
            reposted_sudo.env["dunning.ledger"]._follow_reposted(reposted_sudo)
        routine = not reposted and self._dunning_is_routine(vals)
        self.line_ids._dunning_ledger_changed(routine=routine, moved=bool(reposted))
        return result

    def unlink(self):
        # EXTENDS 'account': what was planned for a deleted entry is dropped
        if not self:
            # Each reconciliation deletes no entries, several times.
            return super().unlink()
        moves_sudo = self.sudo()
        ledger_sudo = moves_sudo.env["dunning.ledger"]
        with ledger_sudo._followed_once(), ledger_sudo._following_deletion(moves_sudo):
            return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_filter_first_sent(self, vals):
        """Return the entries that are sent for the first time by what is written. What
        is made only to go with a reminder is not sent before it."""
        if not vals.get("is_move_sent") or COPY.is_set(self.env):
            return self.browse()
        return self.filtered(
            lambda move: move.state == "posted" and not move.is_move_sent
        )

    def _dunning_arrive(self):
        """Let dunning follow that invoices have been sent for the first time."""
        if self:
            # Whoever sends an invoice need not have rights on dunning.
            moves_sudo = self.sudo()
            moves_sudo.env["dunning.ledger"]._follow_arrived(moves_sudo)
            self.line_ids._dunning_ledger_changed()

    def _dunning_filter_due_before(self, day: Date) -> models.BaseModel:
        """Return the invoices with an item that is due before a day."""
        return self.filtered(
            lambda move: (
                move.is_sale_document(include_receipts=True)
                and any(
                    (line.date_maturity or line.date) < day
                    for line in move.line_ids
                    if line._dunning_is_item()
                )
            )
        )

    def _dunning_is_routine(self, vals):
        """Return whether values that were written have items come up or be paid, and
        do nothing else."""
        changed = DUNNING_FIELDS & vals.keys()
        if changed == {"matched_payment_ids"}:
            # Without a journal entry, they keep items out of dunning that stay open.
            return all(payment.move_id for payment in self.matched_payment_ids)
        return changed == {"state"} and vals["state"] == "posted"

    def _dunning_get_items(self) -> models.BaseModel:
        """Return the items of the entries that dunning reads."""
        return self.line_ids.filtered(lambda line: line._dunning_is_item())

    def _dunning_name_item(
        self, number: str | bool, place: int | bool, label: str | bool
    ) -> str:
        """Return the number that the customer knows an item by: that of the invoice or
        payment, or what an opening balance or other entry says of the item.

        :param number: of the entry
        :param place: which instalment of the invoice it is, if there are several
        :param label: of the item
        """
        if self.is_sale_document(include_receipts=True):
            return f"{number} ({place})" if place else number
        if self.origin_payment_id and number:
            # Its text names the way of payment, and an invoice that it has paid.
            return number
        return label or self.ref or number or ""
