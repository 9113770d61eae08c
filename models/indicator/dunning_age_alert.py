from odoo import api, fields, models
from odoo.tools import SQL


class DunningAgeAlert(models.Model):
    """The collector has been told that an item will soon be long unpaid: once."""

    _name = "dunning.age.alert"
    _description = "Told of a Long Unpaid Item"
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
    date = fields.Date(string="Told on", required=True, readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _move_line_uniq = models.UniqueIndex(
        "(move_line_id)", "The collector has been told of this item."
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _drop_pointless(self, company):
        """Take back what was told when all of its items are paid."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT alert.activity_id
                  FROM dunning_age_alert alert
                  JOIN account_move_line line ON line.id = alert.move_line_id
                 WHERE line.company_id = %s
                   AND alert.activity_id IS NOT NULL
              GROUP BY alert.activity_id
                HAVING BOOL_AND(line.reconciled OR line.parent_state != 'posted')
                """,
                company.id,
            )
        )
        # Whose activity it is does not matter: it has become pointless.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.browse(id_ for (id_,) in rows).exists().unlink()
