from collections.abc import Iterable
from dataclasses import dataclass, field

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools import einvoice_message
from ...tools.einvoice_message import Document
from ...tools.einvoice_status import Status
from ...tools.errors import MessageError
from ...tools.quiet import expecting_sql_errors
from ...tools.registration import get_identifier
from .ir_attachment import UNINDEXED

# Nothing is told to anybody while events are made: many come at once.
QUIETLY = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}
# What strangers have sent is never shown as a page.
MIMETYPE = "text/plain"


@dataclass
class Receipt:
    """What became of documents that were received.

    :param events: all that they say, those that were known too; elevated
    :param new_ids: ids of those that were not
    :param refused: what cannot be read: pairs of document and problem
        (see ``MessageError``)
    """

    events: models.BaseModel
    new_ids: set[int] = field(default_factory=set)
    refused: list[tuple[Document, str]] = field(default_factory=list)


class DunningEinvoiceEvent(models.Model):
    """From documents to events: each status once, whoever brings it how often."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _receive(
        self, xml: bytes, source: str = "other", name: str | None = None
    ) -> models.BaseModel:
        """Take a message.

        :param xml: as it was received
        :param source: where it comes from
        :param name: of the file
        :return: the events that it says, those that were known too
        :raise UserError: it cannot be read: why, and what to do
        """
        document = Document(einvoice_message.shorten(name), xml)
        receipt = self._receive_all([document], source)
        for __, problem in receipt.refused:
            raise UserError(self._tell_unreadable(problem))
        return receipt.events.sudo(self.env.su)

    @api.model
    def _receive_all(
        self,
        documents: Iterable[Document],
        source: str,
        trusted: bool = True,
        companies: models.BaseModel | None = None,
    ) -> Receipt:
        """Take messages, archives of messages too. Those that cannot be read change
        nothing of the others.

        :param source: where they come from
        :param trusted: what they say counts at once, without being looked at
        :param companies: of whose invoices alone it does; all by default
        """
        read, refused = [], []
        room = einvoice_message.Room(einvoice_message.MAX_UNTRUSTED)
        for document in documents:
            if trusted:
                # Of whoever is believed, each file has room of its own.
                room = einvoice_message.Room()
            try:
                members = einvoice_message.unpack(document)
            except MessageError as error:
                refused.append((document, error.problem))
                continue
            for member in members:
                try:
                    room.enter(member.content)
                    statuses = einvoice_message.read(member.content)
                    room.take(member.content, len(statuses))
                except MessageError as error:
                    refused.append((member, error.problem))
                else:
                    read.append((member, statuses))
        receipt = self._take(read, source, trusted, companies)
        receipt.refused = refused
        return receipt

    @api.model
    def _take(
        self,
        read: list[tuple[Document | None, list[Status]]],
        source: str,
        trusted: bool = True,
        companies: models.BaseModel | None = None,
    ) -> Receipt:
        """Make events of statuses that are not known yet.

        :param read: pairs of document, if there is one, and the statuses it says
        :raise ConcurrencyError: somebody else is taking one of them: try again
        """
        # Who brings a message need not see whose invoice it is about.
        events_sudo = self.sudo().with_context(**QUIETLY)
        by_ref = {}
        for document, statuses in read:
            for status in statuses:
                by_ref.setdefault(status.get_ref(), (document, status))
        known = events_sudo.search([("message_ref", "in", list(by_ref))])
        known_refs = set(known.mapped("message_ref"))
        new = {ref: found for ref, found in by_ref.items() if ref not in known_refs}
        created = events_sudo._create_events(new, source, trusted, companies)
        created._keep_documents([document for document, __ in new.values()], read)
        ready_sudo = events_sudo.browse(
            event.id for event in created if event.state == "assigned"
        )
        ready_sudo._apply()
        if trusted:
            known._believe(companies)
        return Receipt(known | created, set(created._ids))

    def _believe(self, companies):
        """Let count what somebody who is believed brings as well: whoever was first,
        and is not known, keeps nothing from it.

        :param companies: see :meth:`_receive_all`
        """
        doubted = self.filtered(
            lambda event: (
                event.state == "waiting"
                and event.problem_kind == "untrusted"
                and self._is_about({"company_id": event.company_id.id}, companies)
            )
        )
        doubted._retry(accepted=True)

    @api.model
    def _create_events(self, new, source, trusted, companies):
        """Create the events of statuses that are not known yet.

        :param new: dict of reference to pair of document and status
        """
        found = self._find([status for __, status in new.values()])
        found = [
            vals
            if trusted and self._is_about(vals, companies)
            else self._prepare_doubt(vals)
            for vals in found
        ]
        vals_list = [
            self._prepare_event(ref, status, source) | vals
            for (ref, (__, status)), vals in zip(new.items(), found, strict=True)
        ]
        try:
            # It may come twice at the same moment: whoever tries again knows it.
            with expecting_sql_errors():
                return self.create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError("e-invoice status received twice") from error

    @api.model
    def _is_about(self, vals, companies):
        """Return whether a status is about an invoice of some companies, or of none
        that is known."""
        company_id = vals.get("company_id")
        return companies is None or not company_id or company_id in companies.ids

    @api.model
    def _prepare_event(self, ref, status, source):
        vals = {
            "message_ref": ref,
            "source": source,
            "code": status.code or False,
            "reason_codes": ",".join(status.reasons) or False,
            "reason_text": status.text or False,
            "action_codes": ",".join(status.actions) or False,
            "amount_stated": status.amount,
            "amount_kind": status.amount_kind or False,
            "date_payment": status.date_payment,
            "number": status.number or False,
            "invoice_date": status.invoice_date,
            "document_type": status.document_type or False,
            "seller": get_identifier(status.sellers) or False,
            "seller_ids": ",".join(status.sellers) or False,
            "buyer": get_identifier(status.buyers) or False,
            "sender": status.sender or False,
            "message_number": status.message or False,
        }
        if status.date:
            # Nothing is said after it was received: a clock that is wrong would have
            # the last word for years.
            vals["date"] = min(status.date, self.env.cr.now())
        return vals

    # ------------------------------------------------------------------
    # BUSINESS METHODS - DOCUMENTS
    # ------------------------------------------------------------------

    def _keep_documents(self, documents, read):
        """Keep with each event the document it was read from. What speaks of several
        sellers is nobody's: one company does not read about another.

        :param documents: of each event, None where there is none
        :param read: pairs of document and all statuses it says
        """
        shared = {
            id(document)
            for document, statuses in read
            if len({get_identifier(status.sellers) for status in statuses}) > 1
        }
        kept = [
            (event, document)
            for event, document in zip(self, documents, strict=True)
            if document
        ]
        unindexed = self.env["ir.attachment"].with_context(**UNINDEXED.context)
        attachments = unindexed.create(
            [
                {
                    "name": document.name,
                    "raw": document.content,
                    "mimetype": MIMETYPE,
                    "res_model": self._name,
                    "res_id": False if id(document) in shared else event.id,
                }
                for event, document in kept
            ]
        )
        self._link_documents(
            [
                (event.id, attachment.id)
                for (event, __), attachment in zip(kept, attachments, strict=True)
            ]
        )

    @api.model
    def _link_documents(self, pairs):
        """Note which document an event was read from, of all at once.

        :param pairs: list of ids of event and attachment
        """
        if not pairs:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_einvoice_event
                   SET attachment_id = pair.attachment_id
                  FROM UNNEST(%s, %s) AS pair (event_id, attachment_id)
                 WHERE dunning_einvoice_event.id = pair.event_id
                """,
                [event_id for event_id, __ in pairs],
                [attachment_id for __, attachment_id in pairs],
            )
        )
        self.invalidate_model(["attachment_id"])

    @api.model
    def _tell_unreadable(self, problem: str) -> str:
        """Return why a document cannot be read, and what to do.

        :param problem: see ``MessageError``
        """
        match problem:
            case "size":
                return self.env._("It is larger than any message: split it.")
            case "doctype" | "depth" | "nodes":
                return self.env._(
                    "It has what no message of a platform has: it is not opened. Ask "
                    "the sender for the original file."
                )
            case "kind":
                return self.env._(
                    "It is no status of an invoice: expected are life cycle messages "
                    "(CDAR) and invoice responses of Peppol."
                )
            case "empty":
                return self.env._("It names no invoice.")
            case "zip":
                return self.env._(
                    "The archive is broken, encrypted or too large: unpack it, and "
                    "choose the files."
                )
        return self.env._(
            "It is no XML, or a part of it is missing: fetch it again from the "
            "platform."
        )
