from odoo import api, fields, models

from .dunning_guarded import READERS

SUBTYPE = "account_dunning.mt_dunning"
# In a context: what is written on the way is for readers of dunning alone.
DISCREET = "dunning_discreet"


# What dunning writes on records that others read as well, such as customers and
# invoices, is for readers of dunning alone: messages have a subtype, activities a
# mark, and record rules hide both from everybody else.
# No docstring: Odoo would take it for that of each model that inherits.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _dunning_discreetly(self):
        """Return the records, on which what is written is for readers of dunning."""
        return self.with_context(**{DISCREET: True})

    @api.model
    def _dunning_get_subtype_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(SUBTYPE)

    def _message_create(self, values_list):
        # EXTENDS 'mail'
        if self.env.context.get(DISCREET):
            subtype = {"subtype_id": self._dunning_get_subtype_id()}
            values_list = [values | subtype for values in values_list]
        return super()._message_create(values_list)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _message_create(self, values_list):
        # EXTENDS 'mail': the answer to what few may read quotes it
        ids = [values["parent_id"] for values in values_list if values.get("parent_id")]
        if ids and (subtype_id := self._dunning_get_subtype_id()):
            # The mail gateway has no rights on dunning.
            parents_sudo = self.env["mail.message"].sudo().browse(ids).exists()
            discreet_sudo = parents_sudo.filtered(
                lambda parent: parent.subtype_id.id == subtype_id
            )
            for values in values_list:
                if values.get("parent_id") in discreet_sudo.ids:
                    # In place: followers are told by these values afterwards.
                    values["subtype_id"] = subtype_id
        return super()._message_create(values_list)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_discreet = fields.Boolean(
        string="For Readers of Dunning",
        readonly=True,
        groups=READERS,
        help="Others see it only when it is theirs.",
    )

    dunning_reminder = fields.Boolean(
        string="Stands for an Action",
        readonly=True,
        groups=READERS,
        help="Done with the action, not without it.",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        activities = super().create(vals_list)
        if self.env.context.get(DISCREET):
            # Whoever answers, or is asked, need not have rights on dunning.
            activities.sudo().dunning_discreet = True
        return activities
