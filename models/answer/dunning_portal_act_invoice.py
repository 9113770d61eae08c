from odoo import Command, api, models
from odoo.exceptions import UserError

from ...tools.portal_mask import mask_address
from ...tools.uploads import MEGABYTE

# PDFs that one e-mail brings.
MOST_INVOICES = 10


class DunningPortalActInvoice(models.AbstractModel):
    """Invoices that the customer does not know, or has lost: sent to the address that
    is known of it, whoever asks."""

    _name = "dunning.portal.act.invoice"
    _description = "Send Me Invoices"
    _inherit = "dunning.portal.act"

    _is_mailed = True
    # Nobody has anything to do; the timeline tells it.
    _is_told = False

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("Invoices to be sent by e-mail")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        problems |= self._get_item_problems(customer, payload)
        if problems:
            return problems
        invoices = self._get_invoices(self._find_open_items(customer, payload))
        if not invoices:
            problems["item_ids"] = self.env._(
                "These are no invoices of which there is a PDF: please get in touch "
                "with us."
            )
        elif len(invoices) > MOST_INVOICES:
            problems["item_ids"] = self.env._(
                "Choose %s invoices at most for one e-mail.", MOST_INVOICES
            )
        elif not self._find_address(customer):
            problems["item_ids"] = self.env._(
                "We know no e-mail address of yours: please tell us one under "
                "“Correct my details”, or get in touch with us."
            )
        return problems

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        described = [
            (self.env._("Invoices"), self._tell_items(request)),
            (self.env._("Sent to"), self._find_address(request.partner_id)),
        ]
        return [(label, text) for label, text in described if text]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        invoices = self._get_invoices(self._get_items(request))
        self._make_pdfs(invoices)
        request.address = self._find_address(request.partner_id)
        lang = request.partner_id._dunning_portal_lang()
        self.with_context(lang=lang)._mail_invoices(
            request.with_context(lang=lang), invoices
        )
        return self.env._("We have sent it to %s.", mask_address(request.address))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _find_address(self, customer: models.BaseModel) -> str | bool:
        """Return where invoices go: where reminders go."""
        return self.env["dunning.portal.request"]._find_address(customer)

    @api.model
    def _get_invoices(self, items: models.BaseModel) -> models.BaseModel:
        """Return the invoices of items, as far as there is a PDF of them."""
        return items.move_id.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )

    @api.model
    def _make_pdfs(self, invoices):
        """Have each invoice have its PDF.

        :raise UserError: one cannot be made, or they are too large for an e-mail
        """
        if problems := invoices._dunning_make_pdfs():
            names = ", ".join(move.name for move in problems)
            raise UserError(
                self.env._(
                    "We cannot send %s by e-mail now: please get in touch with us.",
                    names,
                )
            )
        size = sum(invoices.invoice_pdf_report_id.mapped("file_size"))
        most = self.env.company.dunning_attachment_size * MEGABYTE
        if len(invoices) > 1 and size > most:
            raise UserError(
                self.env._(
                    "These invoices are too large for one e-mail: choose fewer of them."
                )
            )

    @api.model
    def _mail_invoices(self, request, invoices):
        """Write the e-mail, in the language of the environment."""
        company = request.company_id
        numbers = ", ".join(invoices.mapped("name"))
        company._dunning_portal_write(
            request.address,
            self.env._(
                "Your invoices: %(numbers)s – %(company)s",
                numbers=numbers,
                company=company.name,
            ),
            "account_dunning.portal_invoice_mail",
            {
                "numbers": invoices.mapped("name"),
                "url": request.partner_id._dunning_portal_url(company),
            },
            attachment_ids=[Command.set(invoices.invoice_pdf_report_id.ids)],
        )
