from odoo import fields, models


class DunningLimitationAlert(models.Model):
    """The collector has been told that an item will soon be time-barred: once for each
    last day, for that may change."""

    _name = "dunning.limitation.alert"
    _description = "Told of a Limitation"
    _inherit = ["dunning.protected"]
    _log_access = False
    _rec_name = "move_line_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date_limit = fields.Date(string="Time-barred after", required=True, readonly=True)

    # === Constraints and indexes === #
    _told_once = models.UniqueIndex(
        "(move_line_id, date_limit)", "The collector has been told of this."
    )
