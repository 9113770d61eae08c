from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount


class DunningLitigationDialog(models.TransientModel):
    """What is told before something is handed over: what of it is not to be claimed,
    what ends by it, and what goes on beside it."""

    _inherit = "dunning.litigation.dialog"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    accepted_text = fields.Text(compute="_compute_texts")
    ending_text = fields.Text(compute="_compute_texts")
    staying_text = fields.Text(compute="_compute_texts")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids", "kind", "partner_id", "company_id", "currency_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for dialog in self:
            items = dialog.move_line_ids._origin
            accepted = self.env["dunning.litigation"]._get_accepted(items)
            # What colleagues have put on hold ends as well.
            ending_sudo = self.env["dunning.hold"].sudo()._get_moot_by(dialog)
            texts = {
                "accepted_text": [
                    dialog._tell_accepted(*one) for one in accepted.items()
                ],
                "ending_text": [dialog._tell_ending(hold) for hold in ending_sudo],
                "staying_text": dialog._tell_staying(items, ending_sudo),
            }
            for name, lines in texts.items():
                dialog[name] = "\n".join(lines)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_accepted(self, item, amount):
        return self.env._(
            "%(amount)s of %(item)s was accepted in a dispute and is still to be "
            "credited: it is not claimed.",
            amount=format_amount(self.env, amount, item.currency_id),
            item=item._dunning_get_number(),
        )

    def _tell_ending(self, hold):
        """Return what a hold made by hand keeps out until it ends."""
        items = hold.move_line_ids._dunning_get_open() or self._get_open_items()
        items = items.filtered(lambda item: item.currency_id == hold.currency_id)
        amount = hold.amount or sum(items.mapped("amount_residual_currency"))
        return self._tell_held([(hold, amount)], hold.currency_id, hold.move_line_ids)

    def _tell_staying(self, items, ending):
        """Return what is promised, in dispute or on hold and stays so.

        :param ending: the holds that do not
        """
        # What colleagues have agreed stays as well.
        shares_sudo = self.env["dunning.hold"].sudo()._get_shares(items)
        found = defaultdict(list)
        numbers = defaultdict(items.browse)
        for item in items:
            for hold_sudo, amount in shares_sudo[item.id]:
                if self._is_staying(hold_sudo - ending):
                    source_sudo = hold_sudo._get_source() or hold_sudo
                    found[source_sudo].append((hold_sudo, amount))
                    numbers[source_sudo] |= item
        return [
            self._tell_held(shares, self.currency_id, numbers[source_sudo])
            for source_sudo, shares in found.items()
        ]

    def _is_staying(self, hold):
        """Return whether a hold is to be told of, besides what is said elsewhere."""
        return hold.origin in ("manual", "promise", "dispute") and (
            hold.dispute_id.state != "accepted"
        )

    def _tell_held(self, shares, currency, items):
        """Return in a line what keeps items out, how much of them, and which."""
        text = self.env["dunning.hold"]._describe_shares(shares, currency)
        numbers = ", ".join(item._dunning_get_number() for item in items)
        return f"{text} – {numbers}" if numbers else text
