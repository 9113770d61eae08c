from secrets import randbelow

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools import contrast
from ...tools.words import MANAGERS, READERS

# Links name the serials of customer and company; with other ones they no longer count.
SERIALS = 2**31 - 1


class ResCompany(models.Model):
    """How long links to the customers' own pages count, and that none counts any
    longer."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_portal_days = fields.Integer(
        string="Life of Links to the Customer's Page",
        default=90,
        groups=READERS,
        help="Days for which the link of an e-mail or letter opens the customer's own "
        "page without login. 0: no links are sent.",
    )
    dunning_portal_serial = fields.Integer(
        string="Serial of Links", copy=False, groups=fields.NO_ACCESS
    )

    # === Constraints and indexes === #
    _dunning_portal_days_in_years = models.Constraint(
        "CHECK(dunning_portal_days BETWEEN 0 AND 1095)",
        "Links without Login: enter 0 to 1095 days (three years).",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_portal_color(self) -> str:
        """Return the colour of the company, as dark as it takes to be read on white,
        and for white to be read on it."""
        self.ensure_one()
        return contrast.darken(self.primary_color)

    def _dunning_portal_write(
        self, address: str, subject: str, template: str, values: dict, **mail: object
    ) -> models.BaseModel:
        """Write an e-mail about a customer's page, in the language of the environment;
        it leaves after the commit.

        :param address: to whom
        :param template: XML id of what it says
        :param values: for the template
        :param mail: further values of the ``mail.mail``
        :return: the e-mail, elevated
        """
        self.ensure_one()
        body = self.env["ir.qweb"]._render(template, {"company": self, **values})
        # Neither visitors nor collectors have rights on e-mails.
        mail_sudo = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": subject,
                    "email_from": self.email_formatted or self.partner_id.email,
                    "email_to": address,
                    "body_html": Markup(body),
                    **mail,
                }
            )
        )
        mail_sudo.send_after_commit()
        return mail_sudo

    def _dunning_portal_revoke(self) -> dict:
        """Have no link to a page of the company's customers count any longer.

        :return: a notification
        :raise AccessError: only credit managers do that
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("Only credit managers revoke the links of all customers.")
            )
        self._dunning_check_allowed()
        # Nobody reads or writes serials but the system.
        company_sudo = self.sudo()
        company_sudo.dunning_portal_serial = 1 + randbelow(SERIALS)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "No link that was sent until now opens a customer's page any "
                    "longer. New reminders bring new links."
                ),
            },
        }


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_portal_days = fields.Integer(
        related="company_id.dunning_portal_days", readonly=False
    )
