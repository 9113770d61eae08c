import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import get_lang, is_html_empty

from ...tools import letter_body, qr_code
from ...tools.errors import PrinterError
from ...tools.text import one_line
from ...tools.words import LETTER_CHANNELS

_logger = logging.getLogger(__name__)

# Pixels of the letter, of which 6 are 1mm.
QR_WIDTH = 138
PAGE_QR_WIDTH = 126


class DunningAction(models.Model):
    """Letters: one PDF for each action, made when it is executed and kept as proof.

    How it works: the texts of a batch are rendered at once, each in the language of
    its customer, set into the frame (``account_dunning.letter``) and printed by one
    process (``ir.actions.report``, :meth:`_dunning_print_letters`). What cannot be made
    fails its own action with the reason.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    letter_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="As it was sent.",
    )
    # The attachment is read with the rights on its action.
    letter_name = fields.Char(
        string="Printed Letter", related="letter_id.name", related_sudo=True
    )
    is_letter = fields.Boolean(compute="_compute_is_letter")
    has_letter = fields.Boolean(
        compute="_compute_is_letter", help="A letter goes out, by itself or attached."
    )
    postal_code = fields.Char(compute="_compute_postal_code")
    letter_missing = fields.Char(
        string="Missing",
        compute="_compute_postal_code",
        help="What the postal address lacks.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("channel", "level_id.attach_letter")
    def _compute_is_letter(self):
        for action in self:
            action.is_letter = action.channel in LETTER_CHANNELS
            attached = action.channel == "email" and action.level_id.attach_letter
            action.has_letter = action.is_letter or attached

    @api.depends("contact_id", "partner_id")
    @api.depends_context("lang")
    def _compute_postal_code(self):
        for action in self:
            action.postal_code = action._get_addressee().zip
            action.letter_missing = ", ".join(action._get_missing_for_letter())

    # ------------------------------------------------------------------
    # BUSINESS METHODS - MAKING
    # ------------------------------------------------------------------

    def _make_letters(self) -> models.BaseModel:
        """Make and keep the letters of the actions.

        :return: the actions that have their letter; the others have failed
        """
        letters = self._filter_with_letter()._render_letters()
        pdfs = self._print_letters(letters)
        made = self.browse().concat(*pdfs)
        made._keep_letters(pdfs)
        return made

    def _filter_with_letter(self):
        """Return the actions to which a letter can be written; the others fail with
        the reason."""
        complete = self.browse()
        for action in self:
            if problem := action._get_letter_problem():
                action._fail(problem)
            else:
                complete += action
        return complete

    def _get_letter_problem(self) -> str | None:
        """Return why no letter can be written, as a message, or None."""
        self.ensure_one()
        if missing := self._get_missing_for_letter():
            return self.env._(
                "The postal address of %(customer)s is not complete (missing: "
                "%(missing)s): complete it on the customer or on its dunning contact, "
                "then print again.",
                customer=self._get_addressee().display_name,
                missing=", ".join(missing),
            )
        if not self._get_letter_template():
            return self.env._(
                "The level has no text for letters: choose one, then print again."
            )
        # Of a step the plan says whether it claims something.
        if self.kind == "manual" and not self.amount:
            return self.env._(
                "%s owes nothing that can be claimed now, so that the letter would be "
                "empty: skip it, or postpone it.",
                self.partner_id.display_name,
            )
        return None

    def _render_letters(self):
        """Return the letters as HTML, without those that fail.

        :return: dict of action to ``Markup``
        """
        try:
            with self.env.cr.savepoint():
                return self._render_letter_batch(draft=False)
        except OperationalError:
            raise
        except Exception as error:
            if len(self) == 1:
                self._fail(self._get_letter_failure(error))
                return {}
        letters = {}
        for action in self:
            letters |= action._render_letters()
        return letters

    def _print_letters(self, letters):
        """Return the letters as PDF, without those that fail.

        :param letters: dict of action to ``Markup``
        :return: dict of action to bytes
        """
        reports = self.env["ir.actions.report"]
        try:
            pdfs = reports._dunning_print_letters(
                list(letters.values()), self.company_id
            )
            return dict(zip(letters, pdfs, strict=True))
        except PrinterError as error:
            for action in letters:
                action._fail(self._get_letter_failure(error))
            return {}
        except Exception as error:
            if len(letters) == 1:
                [action] = letters
                action._fail(self._get_letter_failure(error))
                return {}
        _logger.info("Printing the letters one by one", exc_info=True)
        pdfs = {}
        for action, letter in letters.items():
            pdfs |= self._print_letters({action: letter})
        return pdfs

    def _keep_letters(self, pdfs):
        """Attach the letters to their actions, in the place of former attempts.

        :param pdfs: dict of action to bytes
        """
        # Whoever may send a letter need not have rights on attachments.
        attachments_sudo = self.env["ir.attachment"].sudo()
        former_sudo = self.letter_id.sudo()
        attachments_sudo = attachments_sudo.create(
            [
                {
                    "name": action._get_letter_filename(),
                    "raw": pdfs[action],
                    "mimetype": "application/pdf",
                    "res_model": action._name,
                    "res_id": action.id,
                }
                for action in self
            ]
        )
        for action, attachment in zip(self, attachments_sudo, strict=True):
            action.letter_id = attachment
        former_sudo.unlink()

    def _get_letter_filename(self) -> str:
        """Return the name of the PDF, in the language of the environment."""
        self.ensure_one()
        name = self.env._(
            "Letter %(number)s %(customer)s",
            number=self._get_letter_reference(),
            customer=self.partner_id.name,
        )
        return f"{one_line(name).replace('/', '-')}.pdf"

    def _get_letter_reference(self):
        """Return the reference that the letter bears."""
        self.ensure_one()
        return f"{self.id:06}"

    def _get_place_and_date(self):
        self.ensure_one()
        city = self.company_id.city
        if not city:
            return self.date_text
        return self.env._("%(city)s, %(date)s", city=city, date=self.date_text)

    def _get_letter_failure(self, error):
        _logger.info("Letter failed", exc_info=error)
        if isinstance(error, PrinterError):
            return str(error)
        while error.__cause__ and not isinstance(error, UserError):
            error = error.__cause__
        return self.env._(
            "The letter cannot be made: correct its text (%(template)s), then print "
            "again. Reason: %(reason)s",
            template=self._get_letter_template().name,
            reason=str(error) or type(error).__name__,
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CONTENT
    # ------------------------------------------------------------------

    def _get_letter_texts(self) -> dict:
        """Return what the letters say.

        :return: dict of action to ``(subject, body)``
        """
        texts = {}
        for template, actions in self.grouped(
            lambda action: action._get_letter_template()
        ).items():
            fit = template._dunning_for_actions()
            values = fit.with_context(dunning_paper=True)._generate_template(
                actions.ids, ("subject", "body_html")
            )
            for action in actions:
                text = values[action.id]
                texts[action] = (one_line(text["subject"]), text["body_html"])
        return texts

    def _render_letter_batch(self, draft):
        texts = self._get_letter_texts()
        letters = {}
        for lang, actions in self.grouped("contact_lang").items():
            code = get_lang(self.env, lang).code
            for action in actions.with_context(lang=code, dunning_paper=True):
                letters[action] = action._render_letter(*texts[action], draft)
        return {action: letters[action] for action in self}

    def _render_letter(self, subject, body, draft):
        """Set a text into the frame, in the language of the environment."""
        self.ensure_one()
        if is_html_empty(body):
            raise UserError(self.env._("The text is empty."))
        lang = get_lang(self.env)
        return self._render_content(
            "letter",
            subject=subject,
            body=letter_body.embed(body, self._get_letter_picture),
            draft=draft,
            address_lines=self._get_address_lines(),
            direction="rtl" if lang.direction == "rtl" else "ltr",
            company=self.company_id,
            has_logo=bool(self.company_id._dunning_with_logo()),
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ADDRESS
    # ------------------------------------------------------------------

    def _get_addressee(self) -> models.BaseModel:
        """Return whose postal address is used: the contact's or, where it has none,
        the customer's."""
        self.ensure_one()
        contact, customer = self.contact_id, self.partner_id
        if contact and not self._get_missing_in_address(contact):
            return contact
        return customer

    def _get_missing_for_letter(self) -> list[str]:
        """Return what the postal address lacks, in words; nothing when a letter
        arrives."""
        self.ensure_one()
        return self._get_missing_in_address(self._get_addressee())

    @api.model
    def _get_missing_in_address(self, partner: models.BaseModel) -> list[str]:
        """Return what an address lacks to receive letters, in words."""
        country = partner.country_id or self.env.company.country_id
        checks = (
            (partner.street or partner.street2, self.env._("street")),
            (partner.zip or not country.zip_required, self.env._("postal code")),
            (partner.city, self.env._("city")),
        )
        return [label for present, label in checks if not present]

    def _get_address_lines(self) -> list:
        """Return the address as it shows in the window of the envelope: who, where,
        and the country only when it is another one."""
        self.ensure_one()
        names = [self.partner_id.name]
        if self.contact_id.name and self.contact_id != self.partner_id:
            names.append(self.contact_id.name)
        places = self._get_addressee()._dunning_get_places(self.company_id)
        return [*dict.fromkeys(names), *places]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PICTURES
    # ------------------------------------------------------------------

    def _get_signature_image(self):
        """Return the collector's signature as a data URI, or None."""
        self.ensure_one()
        # Anybody may print a colleague's letter, and ask for the size of files alone.
        user_sudo = self.user_id.sudo().with_context(bin_size=False)
        image = user_sudo.dunning_signature
        if not image:
            return None
        return self.env["ir.actions.report"]._dunning_get_picture(image, (600, 220))

    def _get_payment_qr_code(self, accounts, totals):
        """Return the code that fills in the transfer, as ``Markup``, where there is one
        amount to pay and Odoo knows a code for it; otherwise None.

        :param accounts: bank accounts that the letter names
        :param totals: list of :class:`Total`
        """
        self.ensure_one()
        totals = self._get_kind()._get_totals_to_pay(self, totals)
        claimed = [total for total in totals if total.claimed > 0]
        if len(claimed) != 1 or not accounts:
            return None
        [total] = claimed
        code = accounts[0]._dunning_get_payment_code(
            total.claimed, total.currency, self.reference, self.partner_id
        )
        return qr_code.draw(code, QR_WIDTH) if code else None

    def _get_page_code(self):
        """Return the code that leads to the customer's own page, as ``Markup``, or
        None."""
        url = self._get_page_url()
        return qr_code.draw(url, PAGE_QR_WIDTH) if url else None
