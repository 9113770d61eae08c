from odoo import fields, models
from odoo.tools import format_date


class DunningAgedBalanceDay(models.TransientModel):
    """Of which day, and how, somebody wants to see the aged balance."""

    _name = "dunning.aged.balance.day"
    _description = "Aged Balance on a Day"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="The balance is that of its end. What the ledger dates later does not "
        "exist on it.",
    )
    counted_from = fields.Selection(
        [("due", "Due Date"), ("invoice", "Invoice Date")],
        string="Days Since",
        required=True,
        default="due",
    )
    credit_notes = fields.Selection(
        [("apart", "In a Column of Their Own"), ("netted", "In the Age Groups")],
        string="Credits",
        required=True,
        default="apart",
        help="Credit notes and payments that are not allocated. In the age groups, "
        "they are by their own dates.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open(self):
        """Open the aged balance of the day.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_aged_balance"
        )
        title = self._get_title()
        return dict(
            action,
            name=title,
            # What the breadcrumb shows first.
            display_name=title,
            # An address has no context: it would show today.
            path=False,
            context={
                "search_default_group_partner": 1,
                "dunning_balance_date": fields.Date.to_string(self.date),
                "dunning_balance_by": self.counted_from,
                "dunning_balance_netted": self.credit_notes == "netted",
            },
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_title(self):
        day = format_date(self.env, self.date)
        if self.counted_from == "invoice":
            return self.env._("Aged Balance on %s, by Invoice Date", day)
        return self.env._("Aged Balance on %s", day)
