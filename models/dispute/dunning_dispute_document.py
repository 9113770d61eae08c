from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.words import OPEN_STAGES


class DunningDisputeDocument(models.Model):
    """A document that is needed to settle a dispute, as its reason says or as somebody
    has added: received or not, with its files. It is proof once the dispute is
    closed."""

    _name = "dunning.dispute.document"
    _description = "Document of a Dispute"
    _inherit = ["dunning.guarded"]
    _order = "dispute_id, sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dispute_id.company_id")
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    checklist_id = fields.Many2one(
        "dunning.reason.document",
        string="Asked for by the Reason",
        readonly=True,
        ondelete="set null",
    )
    received = fields.Boolean(
        compute="_compute_received", store=True, readonly=False, precompute=True
    )
    date = fields.Date(
        string="Received on",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("attachment_ids")
    def _compute_received(self):
        for document in self:
            document.received = document.received or bool(document.attachment_ids)

    @api.depends("received")
    def _compute_date(self):
        for document in self:
            if not document.received:
                document.date = False
            elif not document.date:
                document.date = document.company_id._dunning_today()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': only while the dispute is open; files belong to the document
        documents = super().create(vals_list)
        documents._check_open()
        documents._attach_files()
        return documents

    def write(self, vals):
        # EXTENDS 'base': only while the dispute is open; files belong to the document
        self._check_open()
        self._check_own()
        result = super().write(vals)
        self._check_open()
        if "attachment_ids" in vals:
            self._attach_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()
        self._check_own()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_open(self):
        """Refuse to change what closed disputes were decided upon.

        :raise UserError: one of them is closed
        """
        if any(dispute.state not in OPEN_STAGES for dispute in self.dispute_id):
            raise UserError(
                self.env._(
                    "The documents of a closed dispute stay as they are: reopen it to "
                    "change them."
                )
            )

    def _check_own(self):
        """Refuse to change what the customer has handed in.

        :raise UserError: one of them came from the customer's page
        """
        # Who may change documents need not see what was asked for on the page.
        documents_sudo = self.sudo()
        if not self.env.su and documents_sudo._get_handed_in():
            raise UserError(
                self.env._(
                    "What the customer has handed in stays as it came: add a document "
                    "of your own."
                )
            )

    def _get_handed_in(self) -> models.BaseModel:
        """Return the files that the customer has handed in. Override to know some."""
        return self.env["ir.attachment"]

    def _attach_files(self):
        """Give the files to the document, so that whoever reads it reads them."""
        self.env["ir.attachment"]._dunning_adopt(self, "attachment_ids")


class DunningDispute(models.Model):
    """The documents that a dispute needs."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    document_ids = fields.One2many(
        "dunning.dispute.document", "dispute_id", string="Documents"
    )
    document_progress = fields.Char(
        string="Documents Received",
        compute="_compute_document_progress",
        help="Of those that are needed.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("document_ids.received")
    def _compute_document_progress(self):
        for dispute in self:
            needed = len(dispute.document_ids)
            received = len(dispute.document_ids.filtered("received"))
            dispute.document_progress = f"{received}/{needed}" if needed else False

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _get_editable_fields(self):
        # EXTENDS 'account_dunning': documents are edited in the form of the dispute
        return super()._get_editable_fields() | {"document_ids"}

    def _begin(self):
        # EXTENDS 'account_dunning'
        result = super()._begin()
        self._add_checklist()
        return result

    def write(self, vals):
        # EXTENDS 'account_dunning': another reason needs other documents
        changed = self.filtered(
            lambda dispute: dispute.reason_id.id != vals.get("reason_id")
        )
        result = super().write(vals)
        if "reason_id" in vals and changed:
            changed.document_ids.filtered(
                lambda document: document.checklist_id and not document.received
            ).unlink()
            changed._add_checklist()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _close(self, state, **values):
        # EXTENDS 'account_dunning': proof is what belongs to the documents
        if values.get("closed_by") == "user":
            self.document_ids._attach_files()
        return super()._close(state, **values)

    def _add_checklist(self):
        """List the documents that the reasons ask for and that are not listed."""
        self.env["dunning.dispute.document"].create(
            [
                {
                    "dispute_id": dispute.id,
                    "checklist_id": wanted.id,
                    "name": wanted.name,
                    "sequence": wanted.sequence,
                }
                for dispute in self
                for wanted in dispute.reason_id.checklist_ids
                if wanted not in dispute.document_ids.checklist_id
            ]
        )
