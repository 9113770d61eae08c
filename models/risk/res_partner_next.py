from odoo import models
from odoo.tools import format_date


class ResPartner(models.Model):
    """What comes next for a customer without open action, in words."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_describe_next(self) -> str:
        """Return the step that is planned and its day, else why nothing is."""
        self.ensure_one()
        step = self.dunning_next_step
        if not step:
            return self.env._("Nothing is planned")
        if not self.dunning_next_action_date:
            return self.env._("Nothing is planned – %s", step)
        return self.env._(
            "On %(date)s: %(what)s",
            date=format_date(self.env, self.dunning_next_action_date),
            what=step,
        )
