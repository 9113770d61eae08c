from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether letters can say who writes, and where to pay."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_unknown(self) -> list[str]:
        """Return what letters and e-mails cannot say of the company, each with what
        to do; nothing when all is known."""
        self.ensure_one()
        problems = []
        if not self._dunning_get_bank_accounts(self.env["account.move"]):
            problems.append(
                self.env._(
                    "The company has no bank account: reminders cannot say where to "
                    "pay. Enter it on the contact of the company, or on its bank "
                    "journal."
                )
            )
        # Whoever leads the dunning need not see the contact of the company.
        partner_sudo = self.sudo().partner_id
        if not all((partner_sudo.street, partner_sudo.zip, partner_sudo.city)):
            problems.append(
                self.env._(
                    "The address of the company is incomplete: a formal notice fails "
                    "without it. Complete street, postal code and city of the company."
                )
            )
        if not self._dunning_knows_holidays():
            problems.append(
                self.env._(
                    "The working calendar of the company has no public holiday to "
                    "come: customers are written to, and their time to pay ends, on "
                    "holidays as on other days. Enter them in its working hours."
                )
            )
        return problems


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_unknown = fields.Text(
        string="Missing about the Company", compute="_compute_dunning_unknown"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_dunning_unknown(self):
        for settings in self:
            problems = settings.company_id._dunning_get_unknown()
            settings.dunning_unknown = "\n".join(problems)
