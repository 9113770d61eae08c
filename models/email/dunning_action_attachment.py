from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.text import one_line
from ...tools.uploads import MEGABYTE

# Customers whose invoices are made together: their e-mails leave together.
TOGETHER = 10


class DunningAction(models.Model):
    """What is attached to e-mails: the letter and the PDFs of the invoices.

    A PDF that an invoice already has is the one the customer knows: it is attached as
    it is. The others are made by Odoo as its "Send & Print" makes them. What would be
    too much for one e-mail stays out, the most recent first, and the text says so.

    Making PDFs takes longer than all the rest. E-mails whose PDFs are there leave
    first; the others follow, a few customers at a time.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    lacks_pdfs = fields.Boolean(
        readonly=True,
        copy=False,
        help="Others that are due leave before, for PDFs have to be made.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TURNS
    # ------------------------------------------------------------------

    @api.model
    def _get_turns(self, domain):
        # EXTENDS 'account_dunning': what lacks PDFs comes last
        return [
            *(
                (turn & Domain("lacks_pdfs", "=", False), size)
                for turn, size in super()._get_turns(domain)
            ),
            (domain & Domain("lacks_pdfs", "=", True), TOGETHER),
        ]

    def _filter_prompt(self):
        # EXTENDS 'account_dunning': what lacks PDFs is put off
        late = self.filtered(lambda a: not a.lacks_pdfs and a._is_without_pdfs())
        late.lacks_pdfs = True
        return super()._filter_prompt() - late

    def _is_without_pdfs(self):
        """Return whether PDFs of invoices have to be made for the e-mail."""
        self.ensure_one()
        if self.channel != "email" or not self.level_id.attach_invoices:
            return False
        invoices = self._get_invoices_to_attach()
        attached = invoices[: self.company_id.dunning_attachment_count]
        return any(not move.invoice_pdf_report_id for move in attached)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _filter_with_attachments(self):
        """Make what the actions attach.

        :return: the actions that can go out; the others fail with the reason
        """
        with_letter = self.filtered("level_id.attach_letter")
        ready = self - with_letter | with_letter._make_letters()
        with_invoices = ready.filtered("level_id.attach_invoices")
        problems = with_invoices._make_invoice_pdfs()
        for action in ready:
            found = [
                problems[move]
                for move in action._get_invoices_to_attach()
                if move in problems
            ]
            found += action._get_unreadable_problems()
            found += action._get_size_problems()
            if found:
                action._fail("\n".join(found))
                ready -= action
        return ready

    def _make_invoice_pdfs(self):
        """Have the PDFs made that the actions attach, and leave out what is too much.

        :return: dict of invoice to what was wrong, as a message
        """
        self._limit_attachments()
        invoices = self.env["account.move"]
        for action in self:
            invoices |= action._get_invoices_to_attach()
        problems = invoices._dunning_make_pdfs()
        self._limit_attachments()
        return problems

    def _limit_attachments(self) -> None:
        """Leave out invoices beyond the number and the size that go into an e-mail, as
        far as their PDFs are made."""
        for action in self:
            count = len(action._get_listed_invoices())
            action._leave_out(count - action.company_id.dunning_attachment_count)
            if too_large := action._count_too_large():
                action._leave_out(action.unattached_count + too_large)

    def _leave_out(self, count):
        self.ensure_one()
        if self.unattached_count != max(count, 0):
            self.unattached_count = max(count, 0)

    def _count_too_large(self):
        """Return how many of the invoices to attach go beyond the size of an e-mail."""
        self.ensure_one()
        room = self.company_id.dunning_attachment_size * MEGABYTE
        # Files are weighed with the rights on the action.
        letter_sudo = self.letter_id.sudo()
        invoices_sudo = self._get_invoices_to_attach().sudo()
        room -= letter_sudo.file_size
        room -= sum(self._get_template_files().mapped("file_size"))
        for index, move_sudo in enumerate(invoices_sudo):
            room -= move_sudo.invoice_pdf_report_id.file_size
            if room < 0:
                return len(invoices_sudo) - index
        return 0

    def _get_listed_invoices(self) -> models.BaseModel:
        """Return the invoices that the action speaks of, the oldest first."""
        self.ensure_one()
        return self._get_content_lines().move_id.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )

    def _get_invoices_to_attach(self) -> models.BaseModel:
        """Return the invoices whose PDFs go with the e-mail."""
        self.ensure_one()
        if not self.level_id.attach_invoices:
            return self.env["account.move"]
        invoices = self._get_listed_invoices()
        return invoices[: max(len(invoices) - self.unattached_count, 0)]

    def _get_attachments(self):
        """Return what goes with the e-mail."""
        self.ensure_one()
        letter = self.letter_id if self.level_id.attach_letter else self.letter_id[:0]
        return letter | self._get_invoices_to_attach().invoice_pdf_report_id

    def _get_template_files(self):
        """Return the files that the template brings, to be weighed."""
        self.ensure_one()
        # Whoever sends need not have rights on the files of templates.
        template_sudo = self._get_mail_template().sudo()
        return template_sudo.attachment_ids

    def _keep_reports(self, reports):
        """Return the reports of the template as files of the action.

        :param reports: list of ``(name, content)``, as the template gave them
        """
        self.ensure_one()
        # Whoever sends need not have rights on attachments.
        attachments_sudo = self.env["ir.attachment"].sudo()
        return attachments_sudo.create(
            [
                {
                    "name": one_line(name),
                    "datas": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content, *__ in reports
            ]
        ).sudo(self.env.su)

    def _get_size_problems(self):
        """Return messages about files of the template that no e-mail can hold."""
        self.ensure_one()
        limit = self.company_id.dunning_attachment_size
        size = sum(self._get_template_files().mapped("file_size"))
        if size <= limit * MEGABYTE:
            return []
        return [
            self.env._(
                "The files of the template “%(template)s” are too large (%(size)s MB; "
                "%(limit)s MB go into an e-mail): remove or shrink them, then send "
                "again.",
                template=self._get_mail_template().name,
                size=-(-size // MEGABYTE),
                limit=limit,
            )
        ]

    def _get_unreadable_problems(self):
        """Return messages about the files that are lost."""
        self.ensure_one()
        # Whoever sends need not have rights on attachments.
        attachments_sudo = self._get_attachments().sudo()
        return [
            self.env._(
                "The file “%s” cannot be read: it is missing on the server. Restore "
                "it, or delete it and let it be made again.",
                attachment_sudo.name,
            )
            for attachment_sudo in attachments_sudo
            if not attachment_sudo._dunning_is_readable()
        ]
