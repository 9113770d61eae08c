import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...models.indicator.dunning_workbook import MOST_AT_ONCE

AGED_BALANCE = "dunning.aged.balance"
# What a list or a form is about, and where that is chosen here. An item has the number
# of its journal item, and so has a row of the aged balance.
CHOSEN = {
    "dunning.item": "move_line_ids",
    "res.partner": "partner_ids",
    AGED_BALANCE: "move_line_ids",
}


class DunningWorkbookExport(models.TransientModel):
    """Ask for a workbook of the aged balance: of all, or of what was chosen in a list
    or on a customer."""

    _name = "dunning.workbook.export"
    _description = "Export the Aged Balance"
    _inherit = ["dunning.guarded", "dunning.workbook.options"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    date = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="What was open at the end of that day.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line", string="Items", help="Only these; all when empty."
    )
    item_count = fields.Integer(compute="_compute_item_count")
    domain = fields.Char(readonly=True, help="Only what was looked for in the list.")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids")
    def _compute_item_count(self):
        for export in self:
            export.item_count = len(export.move_line_ids)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        for export in self.filtered("domain"):
            self._check_searchable(export.domain)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': what was chosen in a list, or the customer of a form
        values = super().default_get(fields)
        model = self.env.context.get("active_model")
        if model == AGED_BALANCE:
            looked_at = self._get_looked_at()
            looked_at["domain"] = self._get_looked_for()
            values |= {name: looked_at[name] for name in fields if name in looked_at}
        name = CHOSEN.get(str(model))
        if name in fields and name not in values:
            ids = self.env["dunning.guard"]._get_context_ids("active_ids")
            chosen = self.env[self._fields[name].comodel_name].browse(ids)
            if name == "partner_ids":
                chosen = chosen.exists().commercial_partner_id
            values[name] = [Command.set(chosen.ids)]
        return values

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_export(self):
        """Make the workbook at once if it is small, otherwise in the background.

        :return: action that downloads it, or shows how far it is
        :raise UserError: the day is to come, or no company is chosen
        """
        self.ensure_one()
        self._check_ready()
        workbooks = self.env["dunning.workbook"]
        workbook = workbooks._order_new(self._prepare_workbook()).sudo(False)
        if workbook._count_items() <= MOST_AT_ONCE:
            workbook._make_at_once()
            return workbook.action_download() | {"close": True}
        workbook._trigger_making()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Excel Export"),
            "res_model": "dunning.workbook",
            "res_id": workbook.id,
            "view_mode": "form",
            "target": "current",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_looked_at(self):
        """Return of which day, and how, the aged balance is looked at.

        :raise ValidationError: the context says something else
        """
        view = self.env[AGED_BALANCE]._get_asked_view()
        return {
            "date": view.date or self.env.company._dunning_today(),
            "by": view.by,
            "credits": "netted" if view.netted else "apart",
        }

    @api.model
    def _get_looked_for(self):
        """Return the condition of what the list shows, when nothing is selected in it.

        :raise ValidationError: the context says something else
        """
        domain = self.env.context.get("active_domain") or []
        if not domain or self.env["dunning.guard"]._get_context_ids("active_ids"):
            return False
        domain = json.dumps(domain, default=str)
        self._check_searchable(domain)
        return domain

    @api.model
    def _check_searchable(self, text):
        """Refuse what nobody can look for now rather than in the background.

        :raise ValidationError: it is no condition of the aged balance
        """
        try:
            domain = json.loads(text)
            self.env["dunning.guard"]._check_argument("domain", domain)
            self.env[AGED_BALANCE]._search(Domain(domain))
        except ValueError as error:
            raise ValidationError(
                self.env._("The filter of the list cannot be used: choose another one.")
            ) from error

    def _check_ready(self):
        """Refuse what no workbook can show.

        :raise UserError: saying what to choose
        """
        # Those that one may not read are not seen, but refused.
        companies_sudo = self.sudo().company_ids
        if not companies_sudo:
            raise UserError(self.env._("Choose the companies to export."))
        companies_sudo.sudo(self.env.su)._dunning_check_figures()
        if self.date > self.env.company._dunning_today():
            raise UserError(
                self.env._("What will be open on a day to come is not known yet.")
            )
        self._get_limits()

    def _prepare_workbook(self):
        name = self.env._("Aged balance %s", fields.Date.to_string(self.date))
        if len(self.partner_ids) == 1:
            name = f"{name} {self.partner_ids.name}"
        return {
            **self._get_options(),
            "name": name,
            "date": self.date,
            "move_line_ids": self.move_line_ids.ids,
            "domain": self.domain,
        }
