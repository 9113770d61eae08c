from operator import itemgetter

from odoo import Command, api, fields, models
from odoo.tools import format_amount, format_date, formatLang

from ...models.legal.dunning_interest import InterestScope
from ...models.legal.dunning_interest_open import NO_INDEMNITY
from ...models.legal.dunning_penalty_line import INDEMNITY
from ...tools import interest

# More would be read by nobody on a screen.
MOST_ITEMS = 200


class DunningInterestStatement(models.TransientModel):
    """How the penalties on items are worked out, period by period, as of any day: on
    the screen and on paper."""

    _name = "dunning.interest.statement"
    _description = "Statement of Penalties"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Last day of interest; what is dated later does not exist.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        default=lambda self: self._get_default_items(),
    )
    content = fields.Html(compute="_compute_content", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date", "move_line_ids")
    @api.depends_context("lang")
    def _compute_content(self):
        for statement in self:
            statement.content = statement.date and statement._render("screen")

    @api.model
    def _get_default_items(self):
        """Return the items of the invoices or customers from which it is opened."""
        ids = self.env["dunning.guard"]._get_context_ids("active_ids")
        lines = self.env["account.move.line"]
        match self.env.context.get("active_model"):
            case "account.move":
                return self.env["account.move"].browse(ids)._dunning_get_items()
            case "account.move.line" | "dunning.item":
                return lines.browse(ids)
            case "res.partner":
                return self._get_items_of(self.env["res.partner"].browse(ids))
        return lines

    @api.model
    def _get_items_of(self, partners):
        """Return the items of customers on which penalties are neither claimed nor let
        off."""
        company = self.env.company
        company._dunning_check_allowed()
        scope = InterestScope(
            company,
            company._dunning_today(),
            partners=tuple(partners.commercial_partner_id.ids),
        )
        rows = self.env["dunning.interest"]._fetch_open(scope)
        items = self.env["account.move.line"].browse(row["id"] for row in rows)
        return items._filtered_access("read")[:MOST_ITEMS]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print(self) -> dict:
        """Print the statement.

        :return: action that downloads the PDF
        """
        self.ensure_one()
        self.check_access("read")
        # The file follows the rights on the statement, its author's own.
        attachments_sudo = self.env["ir.attachment"].sudo()
        attachment_sudo = attachments_sudo.create(
            {
                "name": self.env._("Statement of penalties %s.pdf", self.date),
                "raw": self._print(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment_sudo.id}?download=true",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _print(self) -> bytes:
        """Return the statement as PDF, on the paper of letters."""
        self.ensure_one()
        company = self.move_line_ids.company_id[:1] or self.env.company
        [pdf] = self.env["ir.actions.report"]._dunning_print_letters(
            [
                self._render(
                    "paper",
                    company=company,
                    has_logo=bool(company._dunning_with_logo()),
                    registry=self.env["dunning.action"]._get_registry,
                    address_lines=self._get_address_lines(company),
                )
            ],
            company,
        )
        return pdf

    def _get_address_lines(self, company):
        """Return whom it is for, as on letters; nobody where it is about several."""
        customers = self.move_line_ids.partner_id.commercial_partner_id
        if len(customers) != 1:
            return []
        return [customers.name, *customers._dunning_get_places(company)]

    def _render(self, family: str, **values: object) -> str:
        """Return the statement as HTML, for the screen or for paper."""
        self.ensure_one()
        items = self.move_line_ids._origin
        items.check_access("read")
        items = items._dunning_by_due_date()
        rows = self._describe_items(items[:MOST_ITEMS])
        return self.env["ir.qweb"]._render(
            f"account_dunning.interest_statement_{family}",
            {
                "statement": self,
                "rows": rows,
                "enters": self.env["dunning.rate"].has_access("create"),
                "totals": self._sum_rows(rows),
                "problems": self._tell_missing(rows),
                "amount": lambda value, currency: format_amount(
                    self.env, value, currency
                ),
                "date": lambda day: format_date(self.env, day),
                "percent": lambda rate: formatLang(self.env, rate, digits=2) + " %",
                **values,
            },
        )

    def _describe_items(self, items):
        """Return what the statement says of some items, read together."""
        limits = items._dunning_limitation_date()
        known, missing = items._dunning_known_interest(self.date)
        covered = self._describe_covered(items)
        indemnities = self._find_indemnities(items)
        return [
            self._describe_item(
                item,
                limits[item.id],
                known[item.id],
                missing.get(item.id),
                covered.get(item.id, []),
                indemnities.get(item.id, NO_INDEMNITY),
            )
            for item in items
        ]

    def _describe_item(self, item, found, periods, missing, covered, indemnity):
        """Return what the statement says of an item.

        :param found: its :class:`Limitation`, or None
        :param periods: of its interest, as far as they are known
        :param missing: its :class:`MissingInterest`, or None
        :param covered: what was claimed or let off
        :param indemnity: what of it is open, see ``_fetch_indemnities``
        """
        # One that is claimed by now was not owed before the item was late.
        late = periods or missing
        claimed = [each for each in covered if late and each["is_indemnity"]]
        # What an invoice states is told to whoever may read the invoice.
        return {
            "item": item,
            "number": item._dunning_get_number(),
            "customer": item.partner_id.display_name,
            "currency": item.currency_id,
            "due": item.date_maturity,
            "warning": item.move_id.dunning_rate_warning,
            "limitation": item._dunning_tell_limitation(found),
            "periods": periods,
            "unknown": missing.days if missing else [],
            "total": interest.total(periods),
            "missing": missing and missing.error,
            "covered": covered,
            "indemnity": indemnity["indemnity"]
            + sum(each["amount"] + each["waived"] for each in claimed),
            "problem": indemnity["indemnity_problem"],
        }

    def _find_indemnities(self, items):
        """Return the indemnities that are neither claimed nor let off: dict of item id
        to what ``_fetch_indemnities`` says."""
        model = self.env["dunning.interest"]
        found = {}
        for company, own in items.grouped("company_id").items():
            scope = model._get_scope(company, self.date, own)
            found |= model._fetch_indemnities(scope)
        return found

    def _sum_rows(self, rows):
        """Return what is owed on all items together: a dict for each currency."""
        totals = []
        for currency in dict.fromkeys(map(itemgetter("currency"), rows)):
            own = [row for row in rows if row["currency"] == currency]
            borne = currency.round(sum(row["total"] for row in own))
            indemnity = currency.round(sum(row["indemnity"] for row in own))
            covered = [
                each for row in own for each in row["covered"] if each["is_past"]
            ]
            totals.append(
                {
                    "currency": currency,
                    "interest": borne,
                    "indemnity": indemnity,
                    "count": sum(bool(row["indemnity"]) for row in own),
                    "total": currency.round(borne + indemnity),
                    "covered": sum(each["amount"] + each["waived"] for each in covered),
                    "unknown": any(row["unknown"] for row in own),
                }
            )
        return [total for total in totals if total["total"]]

    def _tell_missing(self, rows):
        """Return which rates are missing: one text for all items that need the same."""
        days = {}
        for error in filter(None, map(itemgetter("missing"), rows)):
            days[error.whose] = min(error.day, days.get(error.whose, error.day))
        return [
            self.env._(
                "The rate of late payment penalties from %(date)s on is not known "
                "(%(whose)s): what is owed from then on is not added up.",
                date=format_date(self.env, day),
                whose=whose,
            )
            for whose, day in days.items()
        ]

    def _describe_covered(self, items):
        """Return what was claimed or let off: dict of item id to list."""
        lines = self.env["dunning.penalty.line"].search(
            [("move_line_id", "in", items.ids), ("counts", "=", True)]
        )
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        covered = {}
        for line in lines:
            covered.setdefault(line.move_line_id.id, []).append(
                {
                    "kind": kinds[line.kind],
                    "is_indemnity": line.kind == INDEMNITY,
                    "date": line.penalty_id.date,
                    "is_past": line.penalty_id.date <= self.date,
                    "amount": line.amount,
                    "waived": line.amount_waived,
                }
            )
        return covered

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': items that one may not read are not shown
        statements = super().create(vals_list)
        for statement in statements:
            statement.move_line_ids.check_access("read")
        return statements

    @api.model
    def _prepare_for(self, items: models.BaseModel) -> models.BaseModel:
        """Return a statement of some items.

        :param items: journal items
        """
        return self.create({"move_line_ids": [Command.set(items.ids)]})
