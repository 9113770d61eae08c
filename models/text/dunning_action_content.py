import functools
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ...tools.mail_styles import STYLES

# What is computed for texts; also what a template may use without the rights of a
# template editor.
CONTENT_FIELDS = (
    "amount_text",
    "company_block",
    "contact_lang",
    "date_text",
    "deadline_date",
    "deadline_text",
    "greeting",
    "items_table",
    "oldest_number",
    "parties_block",
    "payment_block",
    "reference",
    "sender",
    "signature_block",
    "unpaid_text",
)


class Total(NamedTuple):
    """What a contact says of one currency: the items it claims and those that are
    not due yet, what is deducted and what remains; ``overdue`` is the part of it
    that is overdue."""

    currency: models.BaseModel
    lines: models.BaseModel
    early_lines: models.BaseModel
    balance: float
    withheld: float
    credit: float
    claimed: float
    overdue: float

    @property
    def early(self):
        """Whether it is the total of what is not due yet."""
        return bool(self.lines) and not any(self.lines.mapped("days_late"))

    def get_items(self):
        """Return what is said of each item."""
        return [
            line._prepare_content_values()
            for lines in (self.lines, self.early_lines)
            for line in lines
        ]


class DunningAction(models.Model):
    """What letters and e-mails say: the merge fields of their templates.

    How it works: everything comes from the lines of the action, whose amounts the
    refresh has just taken from the ledger, and from what the plan deducts from them
    (credits, amounts on hold whatever the item). The fields are ready to be shown:
    written in the language of the environment, escaped, never empty where a sentence
    needs them. So a template is plain text with fields in it, which anyone who may
    edit templates can edit. They are computed for all actions of a batch at once.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    deductions = fields.Json(
        readonly=True,
        copy=False,
        help="Credits and amounts on hold of the customer when the action was done.",
    )

    # === Who writes to whom === #
    contact_lang = fields.Char(compute="_compute_people")
    greeting = fields.Char(compute="_compute_people")
    sender = fields.Char(compute="_compute_people", help="Collector, for the e-mail.")
    signature_block = fields.Html(compute="_compute_signature_block", sanitize=False)
    company_block = fields.Html(compute="_compute_company_block", sanitize=False)
    parties_block = fields.Html(compute="_compute_parties_block", sanitize=False)

    # === When === #
    date_text = fields.Char(compute="_compute_dates")
    deadline_date = fields.Date(compute="_compute_dates")
    deadline_text = fields.Char(compute="_compute_dates")

    # === What === #
    oldest_number = fields.Char(compute="_compute_reference")
    reference = fields.Char(
        compute="_compute_reference", help="Oldest number, and how many others."
    )
    amount_text = fields.Char(
        compute="_compute_amounts", help="What is claimed, in each currency."
    )
    items_table = fields.Html(compute="_compute_amounts", sanitize=False)
    payment_block = fields.Html(compute="_compute_payment_block", sanitize=False)
    unattached_count = fields.Integer(
        string="Invoices Not Attached",
        readonly=True,
        copy=False,
        help="Left out of the e-mail because they were too many or too large.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("contact_id", "partner_id", "company_id", "user_id")
    @api.depends_context("lang")
    def _compute_people(self):
        for action in self:
            contact = action.contact_id
            person = contact.type == "contact" and not contact.is_company
            action.contact_lang = (
                contact.lang
                or action.partner_id.lang
                or action.company_id.partner_id.lang
            )
            if person and contact.name:
                action.greeting = self.env._("Hello %s,", contact.name)
            else:
                action.greeting = self.env._("Hello,")
            action.sender = (
                action.user_id.email_formatted or action.company_id.email_formatted
            )

    # Apart: what a text does not use is not rendered.
    @api.depends("company_id", "user_id")
    @api.depends_context("lang", "dunning_paper")
    def _compute_signature_block(self):
        # Of each its own: on paper the code of the customer's page stands beside it.
        for action in self:
            action.signature_block = action._render_content("signature")

    @api.depends("company_id")
    @api.depends_context("lang", "dunning_paper")
    def _compute_company_block(self):
        for action in self:
            action.company_block = action._render_content("company")

    @api.depends("contact_id", "partner_id", "company_id")
    @api.depends_context("lang", "dunning_paper")
    def _compute_parties_block(self):
        for action in self:
            action.parties_block = action._render_content("parties")

    @api.depends("date", "date_done", "state", "level_id.deadline_days")
    @api.depends_context("lang")
    def _compute_dates(self):
        format_day = functools.cache(self._format_day)
        for action in self:
            day = action._get_content_day()
            days = action.level_id.deadline_days
            action.date_text = format_day(day)
            company = action.company_id
            action.deadline_date = days and company._dunning_get_last_day(day, days)
            action.deadline_text = (
                self.env._("no later than %s", format_day(action.deadline_date))
                if days
                else self.env._("as soon as possible")
            )

    @api.depends("line_ids.state", "line_ids.name")
    @api.depends_context("lang")
    def _compute_reference(self):
        for action in self:
            numbers = action._get_content_numbers()
            others = len(numbers) - 1
            action.oldest_number = numbers[0] if numbers else False
            if others > 1:
                action.reference = self.env._(
                    "%(number)s and %(count)s others", number=numbers[0], count=others
                )
            else:
                action.reference = format_list(self.env, numbers) if numbers else ""

    @api.depends(
        "state",
        "line_ids.state",
        "line_ids.amount_residual",
        "line_ids.amount_withheld",
        "unattached_count",
    )
    @api.depends_context("lang", "dunning_paper")
    def _compute_amounts(self):
        # Customers have days, and often amounts, in common.
        formats = {
            name: functools.cache(write) for name, write in self._get_formats().items()
        }
        for action, totals in self._get_totals().items():
            amounts = [
                self._format_amount(total.claimed, total.currency)
                for total in totals
                if total.lines
            ]
            action.amount_text = format_list(self.env, amounts) if amounts else ""
            action.items_table = action._render_content(
                "items", totals=totals, **formats
            )

    @api.depends("line_ids.state", "company_id")
    @api.depends_context("lang", "dunning_paper")
    def _compute_payment_block(self):
        # Only on paper is there a code to scan, of the amount to pay.
        paper = self.env.context.get("dunning_paper")
        totals = self._get_totals() if paper else {}
        links = {} if paper else self._get_payment_links()
        for action in self:
            action.payment_block = action._render_content(
                "payment",
                accounts=action._get_bank_accounts(),
                totals=totals.get(action, []),
                link=links.get(action),
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def mail_allowed_qweb_expressions(self):
        # EXTENDS 'mail': the merge fields can be used by whoever edits a template
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.company_id.name",
            "object.contact_id.id",
            "object.contact_id.name",
            *(f"object.{name}" for name in CONTENT_FIELDS),
        )

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': texts follow the ledger
        self.invalidate_recordset(CONTENT_FIELDS, flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': the text can be told again as it was
        contacts = self.filtered(lambda action: action.kind != "start")
        for action, deductions in contacts._get_deductions().items():
            if deductions:
                action.deductions = deductions
        return super()._mark_done(date)

    def _get_content_moves(self) -> models.BaseModel:
        """Return the entries the customer is told of."""
        self.ensure_one()
        return self._get_kind()._get_moves(self)

    def _get_content_numbers(self) -> list:
        """Return the numbers of the items, each once, the oldest first."""
        return self._get_kind()._get_numbers(self)

    def _render_content(self, name: str, **values: object) -> str:
        """Render a part of the text in the language of the environment: as it is in
        e-mails or, with ``dunning_paper`` in the context, in letters."""
        self.ensure_one()
        env = self.env
        family = "letter" if env.context.get("dunning_paper") else "content"
        return env["ir.qweb"]._render(
            f"account_dunning.{family}_{name}",
            {
                "action": self,
                **self._get_formats(),
                "registry": self._get_registry,
                "styles": STYLES,
                **values,
            },
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - AMOUNTS
    # ------------------------------------------------------------------

    def _get_totals(self) -> dict:
        """Return what each action tells of each currency: claimed is the balance of
        the items, without what is on hold nor what credits cover.

        :return: dict of action to list of :class:`Total`
        """
        deductions = self._get_deductions()
        return {
            action: [
                action._get_total(lines, deductions[action].get(str(currency.id)))
                for currency, lines in action._get_content_lines()
                .grouped("currency_id")
                .items()
            ]
            for action in self
        }

    def _get_total(self, lines, deductions):
        """Return the total of lines in one currency. Only the contact of a level on the
        due date or before, with nothing overdue to claim, tells the total of what falls
        due. What is deducted covers first the items that the text only refers to.

        :param deductions: credit, and amount on hold whatever the item
        """
        self.ensure_one()
        currency = lines.currency_id
        credit, held = deductions or (0.0, 0.0)
        referred = self._get_further_content_lines().filtered(
            lambda line: line.currency_id == currency
        )
        covered = sum(referred.mapped("amount_claimed"))
        credit, covered = max(credit - covered, 0.0), max(covered - credit, 0.0)
        held = max(held - covered, 0.0)
        day = self._get_content_day()
        parts = lines.grouped(lambda line: line.date_due < day)
        overdue = parts.get(True, lines.browse())
        early = parts.get(False, lines.browse())
        claimed = overdue
        if self.level_id and self.level_id.delay_days <= 0 and not overdue:
            claimed, early = early, lines.browse()
        balance = sum(claimed.mapped("amount_residual"))
        withheld = sum(claimed.mapped("amount_withheld")) + held
        due = sum(overdue.mapped("amount_claimed")) - held - credit
        return Total(
            currency=currency,
            lines=claimed,
            early_lines=early,
            balance=currency.round(balance),
            withheld=currency.round(withheld),
            credit=currency.round(credit),
            claimed=currency.round(balance - withheld - credit),
            overdue=max(0.0, currency.round(due)),
        )

    def _get_deductions(self) -> dict:
        """Return what is deducted from the items of each action, by currency: now, or
        when it was done.

        :return: dict of action to dict of currency id, as text, to ``[credit, held]``
        """
        claims = self.filtered(lambda action: action._get_kind()._has_claims())
        found = dict.fromkeys(self, {})
        found |= {action: action.deductions or {} for action in claims}
        pending = claims.filtered(
            lambda action: action.partner_id and action.state != "done"
        )
        for (company, day), actions in pending.grouped(
            lambda action: (action.company_id, action._get_content_day())
        ).items():
            scope = company._dunning_scope(day, partners=actions.partner_id.ids)
            by_partner = {}
            for partner_id, currency_id, *amounts in self.env.execute_query(
                self.env["dunning.plan"]._get_deduction_query(scope)
            ):
                by_partner.setdefault(partner_id, {})[str(currency_id)] = [
                    float(amount) for amount in amounts
                ]
            for action in actions:
                found[action] = by_partner.get(action.partner_id.id, {})
        return found


class DunningActionLine(models.Model):
    _inherit = "dunning.action.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _prepare_content_values(self):
        """Return what the table of items says of the line. Override to say more."""
        self.ensure_one()
        move = self.move_id
        original = abs(self.move_line_id.amount_currency)
        return {
            "number": self._get_content_number(),
            "invoice_date": move.invoice_date,
            "ref": move.ref if move.is_sale_document(include_receipts=True) else False,
            "date_due": self.date_due,
            "days_late": self.days_late,
            "balance": self.amount_residual,
            "original": original if original > self.amount_residual else 0.0,
        }

    def _get_content_number(self) -> str:
        """Return the number the customer knows the item by, as it was then."""
        self.ensure_one()
        number = self.name or self.move_id.name
        return self.move_id._dunning_name_item(
            number, self.instalment, self.move_line_id.name
        )
