from typing import NamedTuple

from odoo import api, fields, models

from ...tools.litigation import OPEN_LITIGATION


class Claim(NamedTuple):
    """What of an amount handed over is to be claimed, and what is not."""

    accepted: float
    credited: float
    claimed: float


class DunningLitigation(models.Model):
    """What the agent is to claim: what is handed over, less what was accepted in
    disputes and less what is on account. A credit note is the one until it is posted,
    then the other: nothing is deducted twice."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    amount_accepted = fields.Monetary(
        string="Accepted in Disputes",
        compute="_compute_amount_claimed",
        help="Accepted in disputes about the items; the credit notes are not posted "
        "yet. It is not to be paid.",
    )
    amount_credited = fields.Monetary(
        string="Covered by Credits",
        compute="_compute_amount_claimed",
        help="Credit notes and payments of the customer that are not allocated yet: "
        "what they cover is not to be paid again.",
    )
    amount_claimed = fields.Monetary(
        string="To Be Claimed",
        compute="_compute_amount_claimed",
        help="What is left, less what was accepted and what credits cover.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "amount_left", "move_line_ids", "currency_id", "partner_id", "company_id"
    )
    def _compute_amount_claimed(self):
        for litigation in self:
            claim = litigation._get_claim(litigation, litigation.amount_left)
            litigation.amount_accepted = claim.accepted
            litigation.amount_credited = claim.credited
            litigation.amount_claimed = claim.claimed

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_claim(self, source: models.BaseModel, amount: float) -> Claim:
        """Return what is to be claimed of an amount that is handed over.

        :param source: a litigation, or the dialog that hands over
        """
        items = source.move_line_ids._origin
        accepted = min(sum(self._get_accepted(items).values()), amount)
        credited = min(self._get_credit(source), amount - accepted) if amount else 0.0
        claimed = source.currency_id.round(amount - accepted - credited)
        return Claim(accepted, credited, claimed)

    @api.model
    def _get_accepted(self, items: models.BaseModel) -> dict:
        """Return what the customer need not pay of items, as it was accepted in
        disputes and is not credited yet: dunning takes it off as well.

        :return: dict of journal item to amount
        """
        # What colleagues have accepted counts, whoever hands over.
        holds_sudo = self.env["dunning.hold"].sudo()
        shares = holds_sudo._get_shares(items)
        amounts = {
            item: sum(
                amount
                for hold_sudo, amount in shares[item.id]
                if hold_sudo.dispute_id.state == "accepted"
            )
            for item in items
        }
        return {item: amount for item, amount in amounts.items() if amount}

    @api.model
    def _get_credit(self, source: models.BaseModel) -> float:
        """Return what is credited to a customer in a currency, and not allocated:
        nobody says yet what it pays, and no agent is to claim it. It covers what is
        handed over last, from which dunning takes it off until then.

        :param source: a litigation, for which those that came later leave it, or the
            dialog that hands over
        """
        partner = source.partner_id._origin.commercial_partner_id
        company, currency = source.company_id, source.currency_id
        if not (partner and company and currency):
            return 0.0
        credit = self.env["dunning.plan"]._get_credit(partner, company, currency)
        if not credit or source._name != self._name:
            return credit
        later = self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
                ("state", "in", OPEN_LITIGATION),
                ("id", ">", source.id),
            ]
        )
        accepted = self._get_accepted(later.move_line_ids)
        covered = sum(later.mapped("amount_left")) - sum(accepted.values())
        return max(0.0, currency.round(credit - covered))
