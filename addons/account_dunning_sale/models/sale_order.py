from odoo import api, fields, models

from odoo.addons.account_dunning.tools.words import RATING_READERS


class SaleOrder(models.Model):
    """Whoever sells sees how the customer is rated and whether it may buy on credit, in
    words. A stopped customer's quotation is confirmed when it is paid, or released."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_rating = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]
            ._fields["dunning_rating"]
            ._description_selection(self.env)
        ),
        string="Payment Rating",
        compute="_compute_dunning_rating",
        groups=RATING_READERS,
    )
    dunning_rating_reason = fields.Char(
        string="Why This Rating",
        compute="_compute_dunning_rating",
        groups=RATING_READERS,
    )
    dunning_credit_stop = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]
            ._fields["dunning_credit_stop"]
            ._description_selection(self.env)
        ),
        string="Credit Stop",
        compute="_compute_dunning_rating",
        groups=RATING_READERS,
    )
    dunning_credit_stop_reason = fields.Char(
        string="Why Stopped",
        compute="_compute_dunning_rating",
        groups=RATING_READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_invoice_id", "company_id")
    @api.depends_context("lang")
    def _compute_dunning_rating(self):
        for company, orders in self.grouped("company_id").items():
            partners = orders.partner_invoice_id.with_company(
                company or self.env.company
            )
            for order in orders:
                partner = partners.browse(order.partner_invoice_id.id)
                partner = partner.with_prefetch(partners.ids)
                order.dunning_rating = partner.dunning_rating
                order.dunning_rating_reason = partner.dunning_rating_reason
                order.dunning_credit_stop = partner.dunning_credit_stop
                order.dunning_credit_stop_reason = partner.dunning_credit_stop_reason

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_release_stop(self):
        """Open the release of the credit stops of these orders' customers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the Credit Stop"),
            "res_model": "dunning.stop.dialog",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_ids": self.partner_invoice_id.commercial_partner_id.ids
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _confirmation_error_message(self):
        # EXTENDS 'sale': nothing is sold on credit to who is stopped
        message = super()._confirmation_error_message()
        if message or self._dunning_is_prepaid():
            return message
        partner = self.partner_invoice_id.with_company(self.company_id)
        stop = partner._dunning_get_credit_stop().get(partner.id)
        if not stop or stop.stop != "block":
            return message
        return self.env._(
            "“%(customer)s” may not buy on credit for now (%(reason)s). Have it pay in "
            "advance, or ask %(manager)s to release the credit stop.",
            customer=partner.display_name,
            reason=stop.reason,
            manager=self.company_id._dunning_tell_releaser(),
        )

    def _dunning_is_prepaid(self):
        """Return whether the order is paid altogether."""
        self.ensure_one()
        return (
            self.currency_id.compare_amounts(self.amount_total, 0) > 0
            and self._is_paid()
        )

    def _action_confirm(self):
        # EXTENDS 'sale': what is ordered counts at once
        result = super()._action_confirm()
        self._dunning_mark()
        return result

    def _action_cancel(self):
        # EXTENDS 'sale': what is cancelled does not count any more
        result = super()._action_cancel()
        self._dunning_mark()
        return result

    def _dunning_mark(self):
        """Have the profiles of the customers read anew."""
        # Whoever sells need not have rights on dunning.
        marks_sudo = self.env["dunning.profile.mark"].sudo()
        for company, orders in self.grouped("company_id").items():
            customers = orders.partner_invoice_id.commercial_partner_id
            marks_sudo._mark(company, customers)
