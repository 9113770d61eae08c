from odoo import models


class DunningProtected(models.AbstractModel):
    """Records that go on being shown when their customer is given to another company
    while they are open."""

    _inherit = "dunning.protected"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _by_rights_on_customer(self) -> list:
        """Return the records with the rights by which their customers are read.

        Whoever reads a record that is saved reads of whom it is; the customer of one
        that is only proposed is read with the rights of who proposes it.

        :return: list of recordsets
        """
        saved = self.filtered(
            lambda record: (
                record.partner_id == record._origin.partner_id
                and record.company_id == record._origin.company_id
            )
        )
        # What is saved was checked when it was written.
        saved_sudo = saved.sudo()
        return [records for records in (saved_sudo, self - saved) if records]
