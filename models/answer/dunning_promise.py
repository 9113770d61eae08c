from odoo import fields, models

from ..base.dunning_entered import accepts


class DunningPromise(models.Model):
    """Promises that customers make on their page are confirmed by e-mail, whatever the
    company does with others: who promises wants to know that it has arrived."""

    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    request_id = fields.Many2one(
        "dunning.portal.request",
        string="From the Customer's Page",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _needs_approval(self):
        # EXTENDS 'account_dunning': customers have no rights, whoever they are here
        if self.request_id:
            return self._is_above_limits()
        return super()._needs_approval()

    @accepts(reason="string")
    def action_refuse(self, reason: str):
        # EXTENDS 'account_dunning': who has promised on its page waits for an answer;
        # the reason is for the house
        result = super().action_refuse(reason)
        # Who decides about promises need not read what the page has kept.
        for request_sudo in self.sudo().request_id:
            request_sudo._write_promise_refusal(self.env.user)
        return result

    def _confirm_as_set(self):
        # EXTENDS 'account_dunning'
        own = self.filtered(lambda p: p.request_id and p._is_confirmable())
        if own:
            own._plan_confirmation(execution="automatic")
            self.env["dunning.action"]._trigger_execution()
        return super(DunningPromise, self - own)._confirm_as_set()
