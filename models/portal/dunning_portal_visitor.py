from odoo import api, fields, models


class DunningPortalVisitor(models.AbstractModel):
    """What somebody did on a customer's page: it stays, by their name, though customers
    may delete their own access."""

    _name = "dunning.portal.visitor"
    _description = "What a Visitor Did"
    _inherit = ["dunning.protected"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    user_id = fields.Many2one(
        "res.users",
        string="Who",
        readonly=True,
        ondelete="set null",
        help="Who was logged in. Nobody: by the link of an e-mail or letter.",
    )
    former_user = fields.Char(
        string="Who (Access Deleted)",
        readonly=True,
        help="Name of who was logged in, where the access does not exist any more.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_who(self) -> str | bool:
        """Return the name of who was logged in, False where nobody was."""
        self.ensure_one()
        return self.user_id.name or self.former_user


class ResUsers(models.Model):
    _inherit = "res.users"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_dunning_visitors(self):
        """Keep the names of those whose access is deleted with what they have done."""
        for model in ("dunning.portal.visit", "dunning.portal.request"):
            # Who deletes a user need not have rights on dunning.
            records_sudo = self.env[model].sudo()
            done_sudo = records_sudo.search([("user_id", "in", self.ids)])
            for user, own_sudo in done_sudo.grouped("user_id").items():
                own_sudo.write({"former_user": user.name, "user_id": False})
