import hashlib

from odoo import api, models
from odoo.exceptions import UserError

from ..dispute.dunning_dispute import OPEN_STAGES

CHUNK = 1024 * 1024

# All that a file is, whatever storage Odoo keeps it in.
PROVEN_FIELDS = (
    "checksum",
    "company_id",
    "file_size",
    "mimetype",
    "name",
    "public",
    "res_field",
    "res_id",
    "res_model",
    "type",
    "url",
)


class IrAttachment(models.Model):
    """What proves what happened stays as it was: the letter of a done action, the
    customer's acceptance of a promise, the documents upon which a dispute was
    decided."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        proofs = self._get_dunning_proofs()
        before = proofs._get_dunning_content()
        result = super().write(vals)
        # Odoo itself moves files from one storage to another.
        if proofs and proofs._get_dunning_content() != before:
            proofs._refuse_dunning_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_proof(self):
        if proofs := self._get_dunning_proofs():
            proofs._refuse_dunning_change()

    def unlink(self):
        # EXTENDS 'base': a letter that was made and not sent may go
        if files := self.filtered(lambda file: file.res_model == "dunning.action"):
            made_sudo = self.env["dunning.action"].sudo()
            made_sudo = made_sudo.search(
                [("letter_id", "in", files.ids), ("state", "!=", "done")]
            )
            made_sudo.letter_id = False
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_dunning_proofs(self):
        """Return those that prove something."""
        # What is proof does not depend on who asks.
        found_sudo = self.sudo().grouped("res_model")
        letters_sudo = self.env["dunning.action"].sudo()
        if found := found_sudo.get("dunning.action"):
            letters_sudo = letters_sudo.search(
                [("letter_id", "in", found.ids), ("state", "=", "done")]
            )
        promises_sudo = self.env["dunning.promise"].sudo()
        if found := found_sudo.get("dunning.promise"):
            promises_sudo = promises_sudo.search(
                [("acceptance_ids", "in", found.ids), ("date_accepted", "!=", False)]
            )
        documents_sudo = self.env["dunning.dispute.document"].sudo()
        if found := found_sudo.get("dunning.dispute.document"):
            documents_sudo = documents_sudo.search(
                [
                    ("attachment_ids", "in", found.ids),
                    ("dispute_id.state", "not in", OPEN_STAGES),
                ]
            )
        files_sudo = self.env["dunning.sending.file"].sudo()
        if found := found_sudo.get("dunning.sending"):
            files_sudo = files_sudo.search([("attachment_id", "in", found.ids)])
        proofs_sudo = letters_sudo.letter_id | promises_sudo.acceptance_ids
        proofs_sudo |= documents_sudo.attachment_ids | files_sudo.attachment_id
        return self & proofs_sudo.sudo(self.env.su)

    def _dunning_is_readable(self):
        """Return whether the content is there, without keeping it in memory."""
        self.ensure_one()
        if self.store_fname:
            return bool(self._file_read(self.store_fname, 1))
        return bool(self.db_datas or self.url)

    def _dunning_get_sha256(self):
        """Return the SHA-256 of the content, False when there is none to be read."""
        self.ensure_one()
        if not self.store_fname:
            return bool(self.db_datas) and hashlib.sha256(self.raw).hexdigest()
        digest = hashlib.sha256()
        try:
            with open(self._full_path(self.store_fname), "rb") as content:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
        except OSError:
            return False
        return digest.hexdigest()

    def _get_dunning_content(self):
        return [
            (proof_sudo.id, *(proof_sudo[name] for name in PROVEN_FIELDS))
            for proof_sudo in self.sudo()
        ]

    def _refuse_dunning_change(self):
        raise UserError(
            self.env._(
                "“%s” proves what happened and cannot be changed or deleted.",
                self[:1].sudo().name,
            )
        )
