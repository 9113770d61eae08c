from odoo import api, fields, models
from odoo.tools import SQL


class DunningSendingFile(models.Model):
    """A file that went along: a copy of its own, with its name, size and SHA-256. In
    the file store, copies of one content are one file."""

    _name = "dunning.sending.file"
    _description = "File of a Dunning Sending"
    _inherit = ["dunning.protected"]
    _order = "sending_id, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    sending_id = fields.Many2one(
        "dunning.sending", required=True, readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    mimetype = fields.Char(readonly=True)
    file_size = fields.Integer(string="Size", readonly=True, help="In bytes.")
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        help="Proves that the file is the one that was sent.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what was sent stays as it was
        self.sending_id._refuse_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self.sending_id._refuse_change()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_download(self):
        """Download the file.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, files):
        """Keep copies of the files that go with sendings.

        :param files: list of pairs of sending and ``ir.attachment``
        """
        if not files:
            return
        copies = self._copy_attachments(files)
        hashes = {}
        vals_list = []
        for (sending, origin), copy in zip(files, copies, strict=True):
            if origin.checksum not in hashes:
                hashes[origin.checksum] = origin._dunning_get_sha256()
            vals_list.append(
                {
                    "sending_id": sending.id,
                    "name": origin.name,
                    "mimetype": origin.mimetype,
                    "file_size": origin.file_size,
                    "sha256": hashes[origin.checksum],
                    "attachment_id": copy.id,
                }
            )
        self.create(vals_list)

    @api.model
    def _copy_attachments(self, files):
        """Copy attachments without reading them: contents never change in place."""
        copies = self.env["ir.attachment"].create(
            [
                {
                    "name": origin.name,
                    "type": origin.type,
                    "url": origin.url,
                    "res_model": sending._name,
                    "res_id": sending.id,
                }
                for sending, origin in files
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment
                   SET store_fname = origin.store_fname,
                       db_datas = origin.db_datas,
                       checksum = origin.checksum,
                       file_size = origin.file_size,
                       mimetype = origin.mimetype
                  FROM UNNEST(%s, %s) AS pair (copy_id, origin_id)
                  JOIN ir_attachment origin ON origin.id = pair.origin_id
                 WHERE ir_attachment.id = pair.copy_id
                """,
                copies.ids,
                [origin.id for __, origin in files],
            )
        )
        copies.invalidate_recordset()
        return copies
