from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .dunning_text_template import MODEL
from .mail_render_mixin import OWN_RENDERING


class DunningTextTemplate(models.AbstractModel):
    """A text for dunning is one about actions, with reports about actions: rendered for
    the record of another model that has the same number, elevated, it would tell about
    anything."""

    _inherit = "dunning.text.template"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("model_id")
    def _check_dunning_model(self):
        others = self.filtered(lambda template: template.model != MODEL)
        if not others:
            return
        levels = self.env["dunning.level"].with_context(active_test=False)
        used = Domain.OR(
            Domain(name, "in", others.ids) for name in self._dunning_level_fields
        )
        if level := levels.search(used, limit=1):
            raise ValidationError(
                self.env._(
                    "“%s” is a text of dunning levels: it stays one about dunning "
                    "actions.",
                    next(
                        level[name].name
                        for name in self._dunning_level_fields
                        if level[name] in others
                    ),
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_for_actions(self) -> models.BaseModel:
        """Return the texts as dunning renders them for its actions, whoever has it do
        so; refuse what is made for other records.

        :raise UserError: saying what to do
        """
        for template in self:
            if problem := template._dunning_get_misfit():
                raise UserError(problem)
        return self.with_context(**OWN_RENDERING.context)

    def _dunning_get_misfit(self):
        """Return why the text is none for actions, as a message, or None."""
        self.ensure_one()
        if self.model == MODEL:
            return None
        return self.env._(
            "The template “%s” is made for another document: choose one that applies "
            "to dunning actions.",
            self.name,
        )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("model_id", "report_template_ids")
    def _check_dunning_reports(self):
        for template in self:
            if template.model == MODEL:
                problem = template._dunning_get_misfit()
            else:
                problem = template._dunning_get_wrong_report()
            if problem:
                raise ValidationError(problem)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_misfit(self):
        # EXTENDS 'account_dunning': what is attached speaks of the same
        return super()._dunning_get_misfit() or self._dunning_get_wrong_report()

    def _dunning_get_wrong_report(self):
        """Return which report is of another document, as a message, or None. What is
        printed of dunning is attached to its own documents alone: Odoo prints, elevated
        at times, the record of the report's model that has the same number."""
        # Who edits texts need not have rights on reports.
        reports_sudo = self.sudo().report_template_ids
        wrong_sudo = reports_sudo.filtered(
            lambda report: (
                report.model != self.model
                and (self.model == MODEL or report.model.startswith("dunning."))
            )
        )
        if not wrong_sudo:
            return None
        return self.env._(
            "The report “%(report)s” is made for another document: take it out of "
            "“%(template)s”.",
            report=wrong_sudo[0].name,
            template=self.name,
        )

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        # EXTENDS 'mail': nor what somebody attached before
        if "report_template_ids" in render_fields:
            if problem := self._dunning_get_wrong_report():
                raise UserError(problem)
        return super()._generate_template_attachments(
            res_ids, render_fields, render_results
        )
