from odoo import fields, models

from ...tools.words import READERS

STOPS = [("none", "Nothing"), ("warn", "Warn"), ("block", "Stop")]


class ResCompany(models.Model):
    """For what selling to a customer on credit is warned of, or stopped."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_stop_limit = fields.Selection(
        STOPS,
        string="Above the Credit Limit",
        default="none",
        required=True,
        groups=READERS,
    )
    dunning_stop_age = fields.Selection(
        STOPS,
        string="Long Overdue",
        default="none",
        required=True,
        groups=READERS,
    )
    dunning_stop_days = fields.Integer(
        string="Overdue by Days",
        default=60,
        groups=READERS,
        help="From so many days on, what is to be collected is long overdue.",
    )
    dunning_stop_notice = fields.Selection(
        STOPS,
        string="After a Formal Notice",
        default="none",
        required=True,
        groups=READERS,
    )

    _dunning_stop_days_in_years = models.Constraint(
        "CHECK(dunning_stop_days BETWEEN 1 AND 3650)",
        "The days after which an item is long overdue must be between 1 and 3650 (ten "
        "years).",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_releaser(self) -> str:
        """Return who may release a credit stop: the credit manager to ask, else another
        who may, by name."""
        others = self._dunning_find_users("account_dunning.group_dunning_release", ())
        found = self._dunning_get_manager_id() or next(iter(others), None)
        # Whoever sells or delivers need not see all users.
        users_sudo = self.env["res.users"].sudo()
        name = users_sudo.browse(found or ()).name
        return name or self.env._("a credit manager")


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_stop_limit = fields.Selection(
        related="company_id.dunning_stop_limit", readonly=False
    )
    dunning_stop_age = fields.Selection(
        related="company_id.dunning_stop_age", readonly=False
    )
    dunning_stop_days = fields.Integer(
        related="company_id.dunning_stop_days", readonly=False
    )
    dunning_stop_notice = fields.Selection(
        related="company_id.dunning_stop_notice", readonly=False
    )
