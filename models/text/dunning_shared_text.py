from odoo import Command, api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

TEMPLATES = {
    "mail.template": ("mail_template_id", "letter_template_id"),
    "sms.template": ("sms_template_id",),
}


class DunningSharedText(models.AbstractModel):
    """Texts have no company: they are shared by those whose levels use them."""

    _name = "dunning.shared.text"
    _description = "Text of Levels"
    _inherit = ["dunning.needed"]

    def write(self, vals):
        # EXTENDS 'mail'
        self._dunning_check_shared()
        return super().write(vals)

    def copy_data(self, default=None):
        # EXTENDS 'mail': a copy has files of its own, those of the other stay there
        vals_list = super().copy_data(default)
        if "attachment_ids" in self._fields and "attachment_ids" not in (default or {}):
            nowhere = {"res_model": False, "res_id": False}
            for template, vals in zip(self, vals_list, strict=True):
                if template.model == "dunning.action" and template.attachment_ids:
                    files = template.attachment_ids.copy(nowhere)
                    vals["attachment_ids"] = [Command.set(files.ids)]
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_shared(self):
        self._dunning_check_shared()

    def _dunning_check_shared(self):
        """Refuse to change a text that companies use in which one does not work.

        :raise AccessError: saying what to do instead
        """
        if self.env.su or self.env.user._dunning_works_everywhere():
            return
        ours = self.filtered(lambda template: template.model == "dunning.action")
        if not ours:
            return
        # Which levels others have is none of the user's business.
        levels_sudo = self.env["dunning.level"].sudo().with_context(active_test=False)
        used_sudo = levels_sudo.search(
            Domain.OR(Domain(f, "in", ours.ids) for f in TEMPLATES[self._name])
        )
        foreign_sudo = used_sudo.filtered(
            lambda level: level.scenario_id.company_id not in self.env.companies
        )
        used = self.browse().union(*(foreign_sudo[f] for f in TEMPLATES[self._name]))
        shipped = ours.get_external_id()
        for template in ours:
            if template in used or shipped[template.id].startswith("account_dunning."):
                raise AccessError(
                    self.env._(
                        "“%s” is used by other companies as well: duplicate it, and "
                        "choose the copy on the levels of your company.",
                        template.display_name,
                    )
                )


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "dunning.shared.text"]


class SmsTemplate(models.Model):
    _name = "sms.template"
    _inherit = ["sms.template", "dunning.shared.text"]
