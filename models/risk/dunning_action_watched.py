from odoo import api, fields, models
from odoo.tools import SQL


class DunningLevel(models.Model):
    """What goes out to who is watched so is approved before, whatever the level
    says."""

    _inherit = "dunning.level"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_approval_sql(self, company):
        # EXTENDS 'account_dunning'
        asked = super()._get_approval_sql(company)
        watches = self.env["dunning.watch"]
        watches.flush_model()
        watched = watches._get_approved_query(company)
        # The statement stays as it is where nobody is watched so.
        if not self.env.execute_query(SQL("%s LIMIT 1", watched)):
            return asked
        return SQL("(%s OR partner.id IN (%s))", asked, watched)


class DunningAction(models.Model):
    """Nothing goes out by itself to a customer on the watch list who is there for that:
    neither what was planned before, nor what is written about promises and disputes."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    approved_user_id = fields.Many2one(
        "res.users", string="Validated By", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_validate(self):
        # EXTENDS 'account_dunning'
        result = super().action_validate()
        # Users may not write themselves who has approved.
        actions_sudo = self.sudo()
        actions_sudo.approved_user_id = self.env.user
        return result

    def action_withdraw_approval(self):
        # EXTENDS 'account_dunning'
        result = super().action_withdraw_approval()
        # As above.
        actions_sudo = self.sudo()
        waiting_sudo = actions_sudo.filtered(lambda a: a.state == "to_validate")
        waiting_sudo.approved_user_id = False
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_approved(self):
        # EXTENDS 'account_dunning'
        return super()._is_approved() or (
            self.state == "todo" and bool(self.approved_user_id)
        )

    def _get_execution(self, level, channel):
        # EXTENDS 'account_dunning'
        execution = super()._get_execution(level, channel)
        if execution == "automatic" and self._get_watched():
            return "validate"
        return execution

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': what a person sends on request is approved
        ready = super()._refresh(any_day=any_day, complete=complete, routine=routine)
        if any_day or not complete:
            return ready
        return ready - ready._send_back_unapproved()

    def _send_back_unapproved(self) -> models.BaseModel:
        """Have what would go out by itself to customers who are watched so wait for
        somebody's approval.

        :return: these actions
        """
        unseen = self.filtered(
            lambda action: (
                action.state == "todo"
                and action.execution == "automatic"
                and not action.approved_user_id
            )
        )
        watched = unseen._get_watched() if unseen else unseen
        watched.write({"state": "to_validate", "execution": "validate"})
        for action in watched:
            action._log_decision(
                self.env._("The customer is on the watch list: validate what goes out.")
            )
        return watched

    def _get_watched(self):
        """Return those of the actions whose customer is watched so."""
        # What follows from the watch list does not depend on who executes.
        watches_sudo = self.env["dunning.watch"].sudo()
        found = {
            (company.id, partner.id)
            for company, partner in watches_sudo._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("date_closed", "=", False),
                    ("effect", "=", "approve"),
                ],
                ["company_id", "partner_id"],
            )
        }
        return self.filtered(lambda action: action._get_customer_key() in found)
