from collections import defaultdict
from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...models.legal.dunning_interest import InterestScope
from ...tools.dates import shift


class DunningPenaltyClaim(models.TransientModel):
    """What customers owe of penalties, shown before it is booked or let off."""

    _name = "dunning.penalty.claim"
    _description = "Claim Penalties"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Last day of interest.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._get_default_partners(),
        help="Empty: all who owe penalties.",
    )
    line_ids = fields.One2many(
        "dunning.penalty.claim.line", "claim_id", string="Penalties on an Item"
    )
    total = fields.Char(
        string="To Claim", compute="_compute_total", help="All that is selected."
    )
    reason_id = fields.Many2one(
        "dunning.reason",
        string="Why Some Is Let Off",
        domain="['|', ('company_id', '=', False),"
        " ('company_id', 'parent_of', company_id),"
        # What a customer says of its payment is no reason to let it off.
        " ('outcome', 'in', [False, 'dispute', 'not_received', 'other'])]",
    )
    note = fields.Text()
    is_filled = fields.Boolean()
    has_missing_rate = fields.Boolean(compute="_compute_has_missing_rate")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.selected")
    def _compute_total(self):
        # A list adds up the page that it shows.
        for claim in self:
            lines = claim.line_ids.filtered("selected")
            claim.total = ", ".join(
                formatLang(self.env, sum(own.mapped("amount")), currency_obj=currency)
                for currency, own in lines.grouped("currency_id").items()
            )

    @api.depends("line_ids.is_rate_missing")
    def _compute_has_missing_rate(self):
        for claim in self:
            claim.has_missing_rate = any(claim.line_ids.mapped("is_rate_missing"))

    @api.model
    def _get_default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        ids = self.env["dunning.guard"]._get_context_ids("active_ids")
        return self.env["res.partner"].browse(ids).commercial_partner_id

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_fill(self) -> dict:
        """Show what is owed until the day, and neither claimed nor waived.

        :return: action that shows the dialog with its lines
        """
        self.ensure_one()
        self.company_id._dunning_check_allowed()
        lines = self._prepare_lines(self._fetch_rows())
        # Whatever they name was looked at, of all at once.
        self.sudo().write(
            {
                "line_ids": [
                    Command.clear(),
                    *(Command.create(line) for line in lines),
                ],
                "is_filled": True,
            }
        )
        return self._get_dialog()

    def action_claim(self) -> dict:
        """Book what is selected as draft invoices, one for each customer and currency.

        :return: action that shows them
        :raise UserError: nothing is selected, or the amounts are others by now
        """
        penalties_sudo = self._create_penalties()
        moves_sudo = penalties_sudo.filtered("amount")._create_invoices()
        if not moves_sudo:
            return penalties_sudo.sudo(False)._get_records_action()
        return moves_sudo.sudo(False)._get_records_action(
            name=self.env._("Penalty Invoices")
        )

    def action_waive(self) -> dict:
        """Let the customers off all that is selected.

        :return: action that shows what was let off
        :raise UserError: nothing is selected, or no reason is given
        """
        for line in self.line_ids.filtered("selected"):
            line.interest_waived = line.interest
            line.is_indemnity_waived = bool(line.indemnity)
        return self._create_penalties().sudo(False)._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_dialog(self):
        self.ensure_one()
        return self._get_records_action(
            name=self.env._("Claim Penalties"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    def _get_scope(self, **values):
        self.ensure_one()
        partners = tuple(self.partner_ids.ids) or None
        return InterestScope(self.company_id, self.date, partners=partners, **values)

    def _fetch_rows(self, items=None):
        """Return what is owed and can be claimed, see ``_fetch_open``: of items whose
        rate is missing, what is before."""
        model = self.env["dunning.interest"]
        scope = self._get_scope(items=items)
        rows = {row["id"]: row for row in model._fetch_open(scope)}
        early = defaultdict(list)
        for row in rows.values():
            if not row["missing"]:
                continue
            if row["date_from"] and row["date_from"] < row["missing"]:
                early[row["missing"]].append(row["id"])
            else:
                row.update(interest=0, date_from=0, date_to=0)
        for missing, ids in early.items():
            known = replace(
                scope, date=shift(missing, -1), items=tuple(ids), open_only=True
            )
            sums = {row["id"]: row for row in model._fetch_sums(known)}
            for id_ in ids:
                known_row = sums.get(id_, {})
                for name in ("interest", "date_from", "date_to"):
                    rows[id_][name] = known_row.get(name) or 0
        return rows

    def _prepare_lines(self, rows):
        """Return the values of the lines of the preview."""
        model = self.env["dunning.interest"]
        items = self.env["account.move.line"].browse(rows)
        # What is owed by customers whom one may see is shown with its number.
        ranks = self._get_ranks({row["partner_id"] for row in rows.values()})
        items = items._filtered_access("read").filtered(
            lambda item: rows[item.id]["partner_id"] in ranks
        )
        lines, limits = [], items._dunning_limitation_date()
        items = items.sorted(lambda item: (item.date_maturity or item.date, item.id))
        by_name = items.sorted(lambda item: ranks[rows[item.id]["partner_id"]])
        for item in by_name:
            row = rows[item.id]
            total = row["interest"] + row["indemnity"]
            limit = limits[item.id]
            barred = limit and limit.date < self.date
            problem = model._tell_row_problem(row, item)
            if barred:
                told = item._dunning_tell_limitation(limit)
                problem = f"{problem} {told}".strip()
            lines.append(
                {
                    "move_line_id": item.id,
                    "partner_id": row["partner_id"],
                    "currency_id": row["currency_id"],
                    "interest": row["interest"],
                    "indemnity": row["indemnity"],
                    "date_from": row["date_from"] or False,
                    "date_to": row["date_to"] or False,
                    "problem": problem,
                    "is_rate_missing": bool(row["missing"]),
                    "selected": bool(total) and not barred,
                }
            )
        return lines

    @api.model
    def _get_ranks(self, ids):
        """Return the place by name of each customer whom one may see."""
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search([("id", "in", list(ids))])
        return {id_: rank for rank, id_ in enumerate(found.ids)}

    def _create_penalties(self):
        """Keep what is selected, as the ledger says now; what is returned is elevated:
        people do not write penalties themselves.

        :raise UserError: see :meth:`action_claim`
        """
        self.ensure_one()
        self.company_id._dunning_check_allowed()
        lines = self.line_ids.filtered("selected")
        self._check_selected(lines)
        self._check_day()
        rows = self._fetch_rows(items=tuple(lines.move_line_id.ids))
        # Who claims need not have rights on invoices: what is made is a draft.
        penalties_sudo = self.env["dunning.penalty"].sudo()
        values = []
        for (partner, currency), own in lines.grouped(
            lambda line: (line.partner_id, line.currency_id)
        ).items():
            parts = [
                Command.create(part)
                for line in own
                for part in line._prepare_parts(rows.get(line.move_line_id.id))
            ]
            waived = all(not part[2]["amount"] for part in parts)
            values.append(
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "date": self.date,
                    "state": "waived" if waived else "draft",
                    "line_ids": parts,
                    "reason_id": self.reason_id.id,
                    "note": self.note,
                    "user_id": self.env.user.id,
                }
            )
        return penalties_sudo.create(values)

    def _check_selected(self, lines):
        if not lines:
            raise UserError(
                self.env._("Nothing is selected: choose at least one item to claim.")
            )
        let_off = any(line._is_let_off() for line in lines)
        if let_off and not self.reason_id:
            raise UserError(
                self.env._("Say why some of it is let off: choose a reason.")
            )

    def _check_day(self):
        """Refuse what is not owed yet: interest of days to come, the indemnity of what
        is not even due."""
        if self.date > self.company_id._dunning_today():
            raise UserError(
                self.env._(
                    "What days to come will bear is not owed yet: choose a day until "
                    "today, and compute the penalties anew."
                )
            )
