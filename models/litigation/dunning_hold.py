from odoo import api, fields, models


class DunningHold(models.Model):
    """Holds that litigations write."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_source(self):
        # EXTENDS 'account_dunning'
        return self.litigation_id or super()._get_source()

    @api.model
    def _end_for(self, litigations):
        """End the holds by hand about nothing else than what was handed over, or about
        a customer who is insolvent: they wait for a decision that has been taken."""
        for litigation in litigations:
            holds = self.search(
                [
                    ("partner_id", "=", litigation.partner_id.id),
                    ("company_id", "=", litigation.company_id.id),
                    ("origin", "=", "manual"),
                    ("state", "=", "active"),
                ]
            )
            holds.filtered(lambda hold, by=litigation: hold._is_moot_by(by))._end()

    def _is_moot_by(self, litigation):
        if litigation.kind == "insolvency":
            return True
        items = self.move_line_ids._dunning_get_open()
        return bool(items) and items <= litigation.move_line_ids

    @api.model
    def _get_served_first(self):
        # EXTENDS 'account_dunning': after what is promised or in dispute
        return [*super()._get_served_first(), "litigation"]
