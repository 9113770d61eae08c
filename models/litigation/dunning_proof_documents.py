import logging
from dataclasses import dataclass, field
from datetime import date as Date

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date, format_datetime

from ...tools.proof_zip import Package, clean_name

_logger = logging.getLogger(__name__)

# Invoices without PDF that are printed for a proof file; more would take too long.
MOST_PRINTED = 10


@dataclass
class Collection:
    """What belongs to a proof file.

    :param sealed: records whose content is sealed
    :param names: what each of them is called
    :param texts: path of the text of each that was sent
    :param files: of each, dict of path to SHA-256 as it was recorded
    :param rows: of the index: dicts of ``date, kind, title, state, path``
    :param missing: what is not there, in the words of the user
    """

    moves: models.BaseModel
    actions: models.BaseModel
    sendings: models.BaseModel
    promises: models.BaseModel
    disputes: models.BaseModel
    litigations: models.BaseModel
    sealed: list = field(default_factory=list)
    names: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    seals: list = field(default_factory=list)

    def get_sealed_by_model(self) -> dict:
        """Return the sealed records of each model."""
        groups = {}
        for record in self.sealed:
            groups[record._name] = groups.get(record._name, record.browse()) | record
        return groups


class DunningProof(models.Model):
    """The documents of a proof file, found with the rights of who asks."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - FINDING
    # ------------------------------------------------------------------

    def _collect(self) -> Collection:
        """Return what the proof file is made of."""
        own = Domain("partner_id", "=", self.partner_id.id) & Domain(
            "company_id", "=", self.company_id.id
        )
        about = self._get_subject_moves()
        of_moves = Domain("move_ids", "in", about.ids) if about is not None else own
        done = Domain("state", "in", ("done", "failed")) | Domain(
            "sending_ids", "!=", False
        )
        if about is None:
            done |= Domain("id", "in", self._get_sealed_ids("dunning.action"))
        else:
            done &= Domain("line_ids.move_id", "in", about.ids)
        env = self.env
        actions = env["dunning.action"].search(own & done, order="id")
        litigations = self.litigation_id or env["dunning.litigation"].search(
            own & of_moves, order="id"
        )
        promises = env["dunning.promise"].search(own & of_moves, order="id")
        disputes = env["dunning.dispute"].search(own & of_moves, order="id")
        sendings = env["dunning.sending"].search(
            [("action_id", "in", actions.ids)], order="id"
        )
        moves = self._find_moves(actions) if about is None else about
        collection = Collection(
            moves.sorted(lambda move: (move.date, move.id)),
            actions,
            sendings,
            promises,
            disputes,
            litigations,
        )
        acts = litigations.act_ids
        collection.sealed = [*actions, *sendings, *acts]
        for record in (*actions, *sendings):
            day = record.date_done if record._name == "dunning.action" else record.date
            what = env["ir.model"]._get(record._name).name
            collection.names[record] = f"{what} {record.id} ({day})"
        return collection

    def _get_subject_moves(self) -> models.BaseModel | None:
        """Return the entries that the proof file is about, None for all of them."""
        if self.litigation_id:
            return self.litigation_id.move_ids
        return self.move_id or None

    def _find_moves(self, actions):
        """Return the invoices and credit notes of the customer that are open, or about
        which something was done."""
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("payment_state", "not in", ("paid", "reversed")),
            ]
        )
        return moves | actions.line_ids.move_id.filtered(
            lambda move: move.company_id == self.company_id
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - COPYING
    # ------------------------------------------------------------------

    def _add_documents(self, package, collection):
        """Copy the documents into the ZIP, and list them."""
        self._add_invoices(package, collection)
        self._add_sendings(package, collection)
        self._add_attached(package, collection)
        self._add_told(collection)
        self._add_penalties(package, collection)
        self._add_agent(package, collection)

    def _add_penalties(self, package, collection):
        """Add how penalties are worked out. Override to do so."""

    def _add_agent(self, package, collection):
        """Add what the agent of a litigation asks for. Override to do so."""

    def _add_invoices(self, package, collection):
        invoices = collection.moves.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )
        missing = invoices.filtered(lambda move: not move.invoice_pdf_report_id)
        printed = self._print_invoices(missing[:MOST_PRINTED])
        folder = self.env._("1 invoices")
        for move in invoices:
            name = clean_name(f"{move.name}.pdf")
            path = f"{folder}/{name}"
            # Whoever reads the invoice reads its PDF.
            file_sudo = move.sudo().invoice_pdf_report_id
            if file_sudo:
                path = self._copy(package, path, file_sudo)
            elif move in printed:
                path = package.add(path, iter([printed[move]]))
            else:
                path = None
            if not path:
                collection.missing.append(
                    self.env._("Invoice %s has no PDF: print it first.", move.name)
                )
            collection.rows.append(
                self._tell(
                    move.invoice_date or move.date,
                    self.env._("Invoice"),
                    move.name,
                    self.env._(
                        "Due on %s", format_date(self.env, move.invoice_date_due)
                    ),
                    path,
                )
            )

    def _print_invoices(self, moves):
        """Return PDFs of invoices that have none yet, without keeping them: dict of
        invoice to bytes."""
        printed = {}
        for move in moves:
            try:
                # Odoo prints one at a time; what cannot be printed is told as missing.
                report = self.env["ir.actions.report"]
                content, kind = report._render_qweb_pdf(
                    "account.account_invoices", move.ids
                )
            except UserError as error:
                _logger.info("No PDF of %s", move.name, exc_info=error)
                break
            if kind == "pdf":
                printed[move] = content
        return printed

    def _add_sendings(self, package, collection):
        states = self._get_labels("dunning.sending.recipient", "state")
        channels = self._get_labels("dunning.sending", "channel")
        folder = self.env._("2 sent")
        for sending in collection.sendings:
            day = format_datetime(
                self.env, sending.date, dt_format="yyyy-MM-dd HH-mm", tz=self._get_tz()
            )
            base = clean_name(f"{day} {channels[sending.channel]} {sending.id}")
            path = None
            if sending.body or sending.text:
                # What is no HTML is not read as such, whatever a customer is called.
                text = str(sending.body or Markup("<pre>%s") % sending.text)
                path = package.add(
                    f"{folder}/{base}.html",
                    iter(
                        [
                            b'<!DOCTYPE html><meta charset="utf-8">\n',
                            text.encode(),
                        ]
                    ),
                )
                if sending.body:
                    collection.texts[sending] = path
            collection.files[sending] = {}
            for file in sending.file_ids:
                # Files go with their sending, which may be read.
                file_sudo = file.sudo().attachment_id
                name = clean_name(f"{base} - {file.name}")
                copied = self._copy(package, f"{folder}/{name}", file_sudo)
                if not copied:
                    collection.missing.append(
                        self.env._("File %s cannot be read any more.", file.name)
                    )
                    continue
                collection.files[sending][copied] = file.sha256
                path = path or copied
            told = "; ".join(
                self.env._(
                    "%(who)s: %(status)s", who=line._format(), status=states[line.state]
                )
                for line in sending.recipient_ids
            )
            # A letter has no subject apart from its text.
            title = sending.subject or sending.action_id.title
            collection.rows.append(
                self._tell(sending.date, channels[sending.channel], title, told, path)
            )

    def _add_attached(self, package, collection):
        """Files that people have attached to what was done: receipts of the post
        office, acceptances, documents of disputes, acts."""
        groups = (
            (self.env._("3 actions"), collection.actions, None),
            # What has not been accepted proves nothing yet.
            (
                self.env._("4 promises"),
                collection.promises.filtered("date_accepted"),
                "acceptance_ids",
            ),
            (
                self.env._("5 disputes"),
                collection.disputes.document_ids,
                "attachment_ids",
            ),
            (
                self.env._("6 litigation"),
                collection.litigations.act_ids,
                "attachment_ids",
            ),
        )
        # What was sent is there already, as it was sent.
        sent = collection.sendings.filtered("file_ids")
        letters = sent.file_ids.attachment_id | sent.action_id.letter_id
        for folder, records, name in groups:
            files = self.env["ir.attachment"].search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )
            if name:
                files |= records[name]
            for file in files._filtered_access("read") - letters:
                path = self._copy(package, f"{folder}/{clean_name(file.name)}", file)
                record = records.filtered(lambda r, file=file: r.id == file.res_id)
                collection.rows.append(
                    self._tell(
                        file.create_date,
                        self.env._("Document"),
                        file.name,
                        record[:1].display_name,
                        path,
                    )
                )

    def _add_told(self, collection):
        """List calls, promises, disputes and acts, which have no paper of their own."""
        channels = self._get_labels("dunning.action", "channel")
        sent = collection.sendings.action_id
        for action in collection.actions - sent:
            text = action._get_history_text() or action.note or action.failure
            collection.rows.append(
                self._tell(
                    action.date_done or action.date,
                    channels[action.channel],
                    action.display_name,
                    text,
                )
            )
        for action in collection.actions.filtered("tracking_number"):
            collection.rows.append(
                self._tell(
                    action.date_acknowledged or action.date_done,
                    self.env._("Registered letter"),
                    action.tracking_number,
                    self._tell_post(action),
                )
            )
        self._add_agreed(collection)

    def _add_agreed(self, collection):
        for kind, records in (
            (self.env._("Promise"), collection.promises),
            (self.env._("Dispute"), collection.disputes),
            (self.env._("Litigation"), collection.litigations),
        ):
            states = self._get_labels(records._name, "state")
            collection.rows += [
                self._tell(record.date, kind, record.display_name, states[record.state])
                for record in records
            ]
        collection.rows += [
            self._tell(
                question.date_answered or question.date,
                self.env._("Question about a dispute"),
                question.question,
                question.answer or self.env._("Not answered"),
            )
            for question in collection.disputes.question_ids
        ]
        collection.rows += [
            self._tell(
                act.date,
                self.env._("Act"),
                act.display_name,
                act.is_cancelled and self.env._("Cancelled"),
            )
            for act in collection.litigations.act_ids
        ]

    def _tell_post(self, action):
        returned = self._get_labels("dunning.action", "returned")
        if action.date_acknowledged:
            day = format_date(self.env, action.date_acknowledged)
            return self.env._("Acknowledged on %s", day)
        return returned.get(action.returned) or self.env._("No acknowledgement yet")

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TOOLS
    # ------------------------------------------------------------------

    def _copy(
        self, package: Package, path: str, attachment: models.BaseModel
    ) -> str | None:
        """Copy a file, in pieces.

        :return: its path in the ZIP, None when it cannot be read
        """
        if attachment.store_fname:
            try:
                source = attachment._full_path(attachment.store_fname)
                return package.add_file(path, source)
            except OSError:
                return None
        # What is kept in the database comes as a whole.
        content = attachment._dunning_get_raw()
        return package.add(path, iter([content])) if content else None

    def _tell(
        self,
        moment: Date,
        kind: str,
        title: str | bool,
        state: str | bool | None = None,
        path: str | None = None,
    ) -> dict:
        """Return a row of the index."""
        return {
            "moment": str(moment or ""),
            "date": format_date(self.env, moment) if moment else "",
            "kind": kind,
            "title": title or "",
            "state": state or "",
            "path": path or "",
        }

    def _get_labels(self, model, name):
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))

    def _get_tz(self):
        return self.company_id.partner_id.tz or self.env.user.tz or "UTC"
