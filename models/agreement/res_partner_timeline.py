from odoo import models


class ResPartner(models.Model):
    """Promises and disputes in the timeline. The holds that they write are not told."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_agreements(self, model, tell, ids):
        """Return what is told of promises or disputes: dict of id to entry.

        :param model: which of them
        :param tell: takes a record, and returns what there is to say of it
        """
        return {
            record.id: {
                **tell(record),
                "reason": record.reason_id.name,
                "model": model,
                "res_id": record.id,
            }
            for record in self.env[model].browse(ids)
        }
