from odoo import api, models
from odoo.tools import ormcache

MODEL = "dunning.action"


# No docstring: Odoo would take it for that of each model that inherits.
class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _is_expression_allowed(self, expression, model):
        # EXTENDS 'mail': it is asked for each place of each e-mail of a batch
        if model != MODEL:
            return super()._is_expression_allowed(expression, model)
        return expression.strip() in self._dunning_get_allowed_expressions()

    @api.model
    @ormcache()
    def _dunning_get_allowed_expressions(self):
        """Return what texts of actions may say without the rights of a template editor.
        It depends on the code alone."""
        return frozenset(self.env[MODEL].mail_allowed_qweb_expressions())
