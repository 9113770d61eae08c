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
        """End the holds that litigations leave without sense."""
        for litigation in litigations:
            holds = self._get_moot_by(litigation)
            holds._close_asked(self.env._("Handed over: %s", litigation.display_name))
            holds._end()

    @api.model
    def _get_moot_by(self, source: models.BaseModel) -> models.BaseModel:
        """Return the holds by hand about nothing else than what is handed over, or
        about a customer who is insolvent: they wait for a decision that is taken.

        :param source: a litigation, or the dialog that hands over
        """
        holds = self.search(
            [
                ("partner_id", "=", source.partner_id._origin.commercial_partner_id.id),
                ("company_id", "=", source.company_id.id),
                ("origin", "=", "manual"),
                ("state", "=", "active"),
            ]
        )
        return holds.filtered(lambda hold: hold._is_moot_by(source))

    def _is_moot_by(self, source):
        if source.kind == "insolvency":
            return True
        items = self.move_line_ids._dunning_get_open()
        return bool(items) and items <= source.move_line_ids._origin

    @api.model
    def _get_served_first(self):
        # EXTENDS 'account_dunning': after what is promised or in dispute
        return [*super()._get_served_first(), "litigation"]
