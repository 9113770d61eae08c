from odoo import models
from odoo.fields import Domain

from ...tools.proof_zip import clean_name


class DunningProof(models.Model):
    """What the buyer's platform has said, in proof files: the messages as they were
    received, and what dunning made of them."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _add_attached(self, package, collection):
        # EXTENDS 'account_dunning'
        result = super()._add_attached(package, collection)
        paths, folder = {}, self.env._("8 e-invoice statuses")
        for event in self._find_events():
            # Whoever reads what was said reads the message.
            file_sudo = event.sudo().attachment_id
            if file_sudo and file_sudo not in paths:
                name = clean_name(f"{file_sudo.id} - {file_sudo.name}")
                path = self._copy(package, f"{folder}/{name}", file_sudo)
                paths[file_sudo] = path
                if not path:
                    collection.missing.append(
                        self.env._("File %s cannot be read any more.", file_sudo.name)
                    )
            self._tell_event(collection, event, paths.get(file_sudo))
        return result

    def _tell_event(self, collection, event, path):
        """Put a status into the index."""
        title = self.env._(
            "%(what)s: %(details)s",
            what=event.move_id.name,
            details=f"{event.code} {event.name}",
        )
        told = (event.reason_names, event.reason_text, event.effect)
        collection.rows.append(
            self._tell(
                event.date,
                self.env._("E-invoice status"),
                title,
                " – ".join(filter(None, told)),
                path,
            )
        )

    def _find_events(self):
        """Return what was said of the invoices that the file is about."""
        domain = Domain("state", "=", "assigned")
        domain &= Domain("company_id", "=", self.company_id.id)
        about = self._get_subject_moves()
        if about is None:
            domain &= Domain("move_id.commercial_partner_id", "=", self.partner_id.id)
        else:
            domain &= Domain("move_id", "in", about.ids)
        return self.env["dunning.einvoice.event"].search(domain, order="date, id")
