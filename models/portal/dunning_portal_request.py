from collections.abc import Iterable
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign

SCOPE = "account_dunning.portal.request"
# Time to confirm by e-mail what was asked for by a link.
HOURS = 48


class DunningPortalRequest(models.Model):
    """What a customer has asked for on its own page, and what became of it: carried out
    at once when somebody was logged in, otherwise once it is confirmed by e-mail. What
    can be asked for is said by the acts (``dunning.portal.act``)."""

    _name = "dunning.portal.request"
    _description = "Asked for on the Customer's Page"
    _inherit = ["dunning.portal.visitor"]
    _order = "id desc"
    _rec_name = "title"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Char(required=True, readonly=True, help="Which act it is.")
    title = fields.Char(required=True, readonly=True)
    payload = fields.Json(readonly=True)
    details = fields.Json(
        readonly=True,
        help="What was asked for: for each language pairs of a label and a text.",
    )
    text = fields.Text(string="What Was Asked For", compute="_compute_text")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "dunning_portal_request_attachment_rel",
        string="Files",
        readonly=True,
    )
    address = fields.Char(
        string="E-mail to", readonly=True, help="Where the e-mail went."
    )
    state = fields.Selection(
        [("waiting", "To Be Confirmed"), ("done", "Confirmed")],
        required=True,
        readonly=True,
        default="waiting",
    )
    date = fields.Datetime(required=True, readonly=True)
    date_confirmed = fields.Datetime(string="Confirmed on", readonly=True)
    answer = fields.Char(readonly=True, help="What the customer was told.")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("details")
    @api.depends_context("lang")
    def _compute_text(self):
        for request in self:
            request.text = request._tell_pairs(request._get_details())

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _submit(
        self,
        customer_sudo: models.BaseModel,
        user: models.BaseModel,
        kind: str,
        payload: dict,
        files: list[dict] = (),
    ) -> models.BaseModel:
        """Take what a customer asks for: do it, or have it confirmed by e-mail.

        :param customer_sudo: in the company, see ``dunning.portal``
        :param user: who is logged in, nobody otherwise
        :param kind: of the act
        :param payload: what JSON can hold
        :param files: dicts of ``name, raw, mimetype``, looked at by the caller
        :return: the request, elevated
        :raise UserError: it cannot be done, or nobody can be asked to confirm it
        """
        # Whoever comes by a link is nobody; the customer was looked at.
        requests_sudo = self.env["dunning.portal.request"].sudo()
        request_sudo = requests_sudo.with_env(customer_sudo.env).create(
            {
                "partner_id": customer_sudo.id,
                "company_id": customer_sudo.env.company.id,
                "kind": kind,
                "title": self._get_act_of(customer_sudo, kind)._get_title(),
                "payload": payload,
                "user_id": user.id,
                "date": fields.Datetime.now(),
            }
        )
        request_sudo._attach(files)
        request_sudo._get_act()._check_asked(request_sudo)
        request_sudo._tell_details()
        if user or request_sudo._get_act()._is_mailed:
            request_sudo._do()
        else:
            request_sudo._ask_to_confirm()
        return request_sudo

    @api.model
    def _get_act_of(self, records, kind):
        return records.env["dunning.portal.act"]._get_act(kind)

    def _get_act(self) -> models.BaseModel:
        """Return the act that was asked for."""
        self.ensure_one()
        return self._get_act_of(self, self.kind)

    def _attach(self, files):
        if files:
            attachments = self.env["ir.attachment"]._dunning_as_sent()
            made = attachments.create(
                [{**file, "res_model": self._name, "res_id": self.id} for file in files]
            )
            self.attachment_ids = made.with_env(self.env)

    @api.model
    def _tell_pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Return what is said of each thing, a line for each, as the reader writes."""
        return "\n".join(
            self.env._("%(what)s: %(value)s", what=what, value=value)
            for what, value in pairs
        )

    def _tell_details(self):
        """Keep in words what is asked for, in each language that somebody may read:
        what it names may change afterwards."""
        self.details = {
            code: [list(pair) for pair in told._get_act()._describe(told)]
            for code, _name in self.env["res.lang"].get_installed()
            for told in self.with_context(lang=code)
        }

    def _get_details(self) -> list:
        """Return what was asked for, in the language of the environment: pairs of a
        label and a text."""
        self.ensure_one()
        kept = self.details or {}
        # A language that came later is none of these.
        return kept.get(self.env.lang) or next(iter(kept.values()), [])

    def _get_own_title(self) -> str:
        """Return what it is called, in the language of the environment."""
        self.ensure_one()
        name = f"dunning.portal.act.{self.kind}"
        return self.env[name]._get_title() if name in self.env else self.title

    def _do(self):
        """Do what is asked for, once."""
        self.ensure_one()
        # Its history says who has done it, in the words of who reads it.
        act = self._get_act().with_context(mail_create_nolog=True)
        self.write({"state": "done", "date_confirmed": fields.Datetime.now()})
        self.answer = act._carry_out(self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CONFIRMATION
    # ------------------------------------------------------------------

    @api.model
    def _find_address(self, customer_sudo: models.BaseModel) -> str | bool:
        """Return the address to which a confirmation goes: that of the reminders."""
        contact_sudo = customer_sudo._dunning_get_contacts()[customer_sudo.id]
        return contact_sudo.email_normalized or customer_sudo.email_normalized

    def _ask_to_confirm(self):
        """Write to the address that is known of the customer.

        :raise UserError: none is known
        """
        self.ensure_one()
        customer = self.partner_id
        self.address = self._find_address(customer)
        if not self.address:
            raise UserError(
                self.env._(
                    "We know no e-mail address of yours to which we could write for a "
                    "confirmation. Please log in, or get in touch with us."
                )
            )
        lang = customer._dunning_portal_lang()
        self._write_to_confirm(self.with_context(lang=lang))

    def _write_to_confirm(self, request):
        """Write the e-mail, in the language of a request."""
        request.title = request._get_act()._get_title()
        company = request.company_id
        company._dunning_portal_write(
            request.address,
            request.env._(
                "Please confirm: %(title)s – %(company)s",
                title=request.title,
                company=company.name,
            ),
            "account_dunning.portal_confirm_mail",
            {"asked": request, "url": request._get_confirm_url()},
            # Nobody else reads the link.
            auto_delete=True,
        )

    def _get_confirm_url(self):
        token = hash_sign(
            self.env, SCOPE, self._get_signed(), expiration=timedelta(hours=HOURS)
        )
        return f"{self.company_id.get_base_url()}/dunning/confirm/{token}"

    def _get_signed(self):
        """Return what the link of the e-mail is signed for: who revokes the links to a
        page revokes what is to be confirmed."""
        customer = self.partner_id.with_company(self.company_id)
        return [
            self.id,
            *self.env["dunning.portal"]._get_pass(customer, self.company_id),
        ]

    @api.model
    def _find_to_confirm(self, token: str) -> models.BaseModel | None:
        """Return the request of a link, elevated and in its company; None if the link
        does not count, or went to an address that is not written to any longer.

        :param token: from the e-mail
        """
        portal = self.env["dunning.portal"]
        given = portal._verify(SCOPE, token)
        customer_sudo = given and portal._find_customer(given[1:])
        if not customer_sudo:
            return None
        request_sudo = self.with_env(customer_sudo.env).browse(given[0]).exists()
        if request_sudo.partner_id != customer_sudo:
            return None
        known = request_sudo.address == self._find_address(customer_sudo)
        return request_sudo if known else None

    def _confirm(self) -> bool:
        """Do what was confirmed; what was done already stays.

        :return: whether it was done now
        :raise UserError: it cannot be done any longer
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            raise UserError(self.env._("This is just being done: please look again."))
        if self.state == "done":
            return False
        self._get_act()._check_asked(self)
        self._do()
        return True
