from odoo import models


class MailActivity(models.Model):
    """Answers of customers wait among the activities."""

    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_company(self):
        """Return the company to whose reminder a customer has answered."""
        self.ensure_one()
        sent = self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.res_id),
                ("user_id", "=", self.user_id.id),
                ("state", "=", "done"),
            ],
            order="date_done desc, id desc",
            limit=1,
        )
        return sent.company_id or self.user_id.company_id
