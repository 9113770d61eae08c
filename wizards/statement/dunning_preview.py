from odoo import models


class DunningPreview(models.TransientModel):
    """Who is thanked by the run, too: nothing of theirs is open to be listed."""

    _inherit = "dunning.preview"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_besides(self):
        # EXTENDS 'account_dunning'
        told = super()._tell_besides()
        # Who looks at a dry run is told a number alone.
        runs_sudo = self.env["dunning.run"].sudo()
        run_sudo = runs_sudo.new({"company_id": self.company_id.id, "date": self.date})
        count = len(run_sudo._find_thanked())
        if count == 1:
            told.append(self.env._("Besides, 1 customer is thanked for its payment."))
        elif count:
            told.append(
                self.env._(
                    "Besides, %s customers are thanked for their payment.", count
                )
            )
        return told
