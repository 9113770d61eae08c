from odoo import fields, models

from ...tools.words import OPEN_STAGES

SETTLE = "account_dunning.activity_type_dispute"


class DunningDispute(models.Model):
    """Open disputes among the activities of those who settle them."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _begin(self):
        # EXTENDS 'account_dunning'
        result = super()._begin()
        self._schedule_settlement()
        return result

    def write(self, vals):
        # EXTENDS 'account_dunning': the activity follows whose it is, and until when
        result = super().write(vals)
        changed = {
            name: vals[name] for name in ("user_id", "date_deadline") if vals.get(name)
        }
        if changed:
            self.activity_search([SETTLE]).write(changed)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _close(self, state, **values):
        # EXTENDS 'account_dunning'
        result = super()._close(state, **values)
        self.activity_search([SETTLE]).unlink()
        return result

    def _open_again(self):
        # EXTENDS 'account_dunning'
        result = super()._open_again()
        self.with_context(mail_activity_quick_update=True)._schedule_settlement()
        return result

    def _message_auto_subscribe_notify(self, partner_ids, template):
        # EXTENDS 'mail': the activity tells who settles it, and until when
        told = self.env.ref(SETTLE, raise_if_not_found=False) and self.filtered(
            lambda dispute: dispute.state in OPEN_STAGES
        )
        untold = self - (told or self.browse())
        return super(DunningDispute, untold)._message_auto_subscribe_notify(
            partner_ids, template
        )

    def _schedule_settlement(self, **values):
        """Put the disputes among the activities of those who settle them.

        :param values: of the activities
        """
        disputes = self.filtered("user_id")
        activity_type = self.env.ref(SETTLE, raise_if_not_found=False)
        if not disputes or not activity_type:
            # Who has deleted it does not want any.
            return
        # Activities take their names one by one: read at once for all.
        disputes.mapped("display_name")
        # However many days and people there are, all are made at once.
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "summary": activity_type.summary,
                    "note": activity_type.default_note,
                    "date_deadline": dispute.date_deadline
                    or fields.Date.context_today(dispute),
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": dispute.id,
                    "user_id": dispute.user_id.id,
                    **values,
                }
                for dispute in disputes
            ]
        )
