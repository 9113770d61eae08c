import hashlib

from odoo import api, models
from odoo.exceptions import UserError

from .mail_discreet import ANSWERED
from .mail_message import RECEIVED

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
# What of a file that has come in people do not change.
CONTENT = {"datas", "raw", *PROVEN_FIELDS}
# By which whoever knows it reads a file without logging in.
TOKEN = "access_token"
# Where Odoo keeps the content: nobody else writes there.
STORED = {"db_datas", "store_fname"}


class IrAttachment(models.Model):
    """What proves what happened stays as it was, such as the letter of a done
    action."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': proof stays as it is
        proofs = self._dunning_get_proofs()
        # Odoo itself writes one elevated, as for files too large for a mail.
        if proofs and not self.env.su and not vals.keys().isdisjoint({TOKEN, *STORED}):
            proofs._dunning_refuse_change()
        if not (self.env.su or CONTENT.isdisjoint(vals)):
            self._dunning_check_received()
        before = proofs._dunning_get_content()
        result = super().write(vals)
        # Odoo itself moves files from one storage to another.
        if proofs and proofs._dunning_get_content() != before:
            proofs._dunning_refuse_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_proof(self):
        if proofs := self._dunning_get_proofs():
            proofs._dunning_refuse_change()
        # What goes with its record, or its message, is deleted elevated.
        if not self.env.su:
            self._dunning_check_received()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_as_sent(self) -> models.BaseModel:
        """Return the files, of which new ones are kept as they were sent: Odoo would
        unpack large pictures to make them smaller, which takes a gigabyte for some that
        are small to send, and what proves something would be another picture. Copies
        are those of the content, even if a context asks for sizes alone."""
        return self.with_context(image_no_postprocess=True, bin_size=False)

    def _dunning_get_raw(self) -> bytes:
        """Return the content, even if a context asks for its size alone: anybody may
        send one, and would have proof made of that."""
        return self.with_context(bin_size=False).raw or b""

    def _dunning_give_to(self, record: models.BaseModel) -> models.BaseModel:
        """Give files to a record, so that who reads it reads them. What the user has
        uploaded becomes its own; what belongs to something else, or is somebody else's,
        is copied: others go on having theirs.

        :return: the files of the record
        :raise AccessError: the user may not read one of them
        """
        record.ensure_one()
        self.check_access("read")
        own = {
            "res_model": record._name,
            "res_id": record.id,
            "res_field": False,
            "public": False,
            TOKEN: False,
        }
        given = self.browse()
        # The user may read them, and need not have the right to change the record.
        for file_sudo in self.sudo():
            if (file_sudo.res_model, file_sudo.res_id) != (record._name, record.id):
                if file_sudo.res_id or file_sudo.create_uid != self.env.user:
                    copied_sudo = file_sudo._dunning_as_sent().copy(own)
                    file_sudo = copied_sudo.with_env(file_sudo.env)  # noqa: PLW2901
                else:
                    file_sudo.write(own)
            elif file_sudo.public or file_sudo[TOKEN]:
                # Who put it there may have opened it to others.
                file_sudo.write({"public": False, TOKEN: False})
            given |= file_sudo.sudo(self.env.su)
        return given

    @api.model
    def _dunning_adopt(self, records: models.BaseModel, name: str) -> None:
        """Give files to the records that name them: who reads these, reads them.

        :param name: of the relation by which the records name their files
        :raise AccessError: the user may not read one of the files
        """
        for record in records:
            given = record[name]._dunning_give_to(record)
            if given != record[name]:
                record[name] = given

    def _dunning_get_proofs(self) -> models.BaseModel:
        """Return those that prove something."""
        # What is proof does not depend on who asks.
        proofs_sudo = self.sudo()._dunning_find_proofs()
        return self & proofs_sudo.sudo(self.env.su)

    def _dunning_find_proofs(self):
        """Return those that prove something, and maybe others. Override to add some;
        the files are elevated."""
        return self.browse()

    def _dunning_check_received(self) -> None:
        """Refuse to change what customers have sent: their messages stay as they came.

        :raise UserError: naming the file
        """
        # Who changes a file need not read what it came with.
        messages_sudo = self.env["mail.message"].sudo()
        files_sudo = self.sudo().filtered(lambda file: file.res_model in ANSWERED)
        if not files_sudo:
            return
        found_sudo = messages_sudo.search(
            [
                ("attachment_ids", "in", files_sudo.ids),
                ("model", "in", ANSWERED),
                ("message_type", "=", RECEIVED),
            ]
        )
        kept_sudo = found_sudo._dunning_filter_received()
        if files := self & kept_sudo.attachment_ids.sudo(self.env.su):
            files._dunning_refuse_change()

    def _dunning_of(self, model: str) -> models.BaseModel:
        """Return those that belong to records of a model; what a form has uploaded for
        one that does not exist yet belongs to none."""
        return self.filtered(lambda file: file.res_model == model and file.res_id)

    def _dunning_is_readable(self) -> bool:
        """Return whether the content is there, without keeping it in memory."""
        self.ensure_one()
        if self.store_fname:
            return bool(self._file_read(self.store_fname, 1))
        return bool(self.db_datas or self.url)

    def _dunning_get_sha256(self) -> str | bool:
        """Return the SHA-256 of the content, False when there is none to be read."""
        self.ensure_one()
        if not self.store_fname:
            return (
                bool(self.db_datas)
                and hashlib.sha256(self._dunning_get_raw()).hexdigest()
            )
        digest = hashlib.sha256()
        try:
            with open(self._full_path(self.store_fname), "rb") as content:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
        except OSError:
            return False
        return digest.hexdigest()

    def _dunning_get_content(self):
        # Whether proof has changed does not depend on who asks.
        return [
            (proof_sudo.id, *(proof_sudo[name] for name in PROVEN_FIELDS))
            for proof_sudo in self.sudo()
        ]

    def _dunning_refuse_change(self) -> None:
        """Refuse to change or delete proof.

        :raise UserError: naming the file
        """
        # Whoever may delete it knows its name.
        proof_sudo = self[:1].sudo()
        raise UserError(
            self.env._(
                "“%s” proves what happened and cannot be changed or deleted.",
                proof_sudo.name,
            )
        )
