from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ...models.litigation.dunning_litigation_entry import ACCOUNTANTS, ENTRIES
from ...tools.litigation import GIVEN_UP

MOST_PERCENT = 100


class DunningLitigationEntry(models.TransientModel):
    """An entry about a litigation, to be looked at and posted by an accountant."""

    _name = "dunning.litigation.entry"
    _description = "Prepare an Entry"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env["dunning.guard"]._get_context_id(),
    )
    currency_id = fields.Many2one(related="litigation_id.currency_id")
    amount_left = fields.Monetary(related="litigation_id.amount_left")
    amount_credited = fields.Monetary(related="litigation_id.amount_credited")
    kind = fields.Selection(
        ENTRIES,
        string="Entry",
        required=True,
        default=lambda self: self._get_default_kind(),
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today()
    )
    rate = fields.Float(
        string="Rate (%)",
        default=100,
        help="Of what is left, without taxes.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("litigation_id", "kind", "rate")
    @api.depends_context("lang")
    def _compute_preview(self):
        for dialog in self:
            litigation = dialog.litigation_id
            litigation.check_access("read")
            dialog.preview = dialog._render_preview(litigation) if litigation else False

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("rate")
    def _check_rate(self):
        for dialog in self:
            if not 0 < dialog.rate <= MOST_PERCENT:
                raise UserError(
                    self.env._("A rate is more than 0 and at most 100 %: correct it.")
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Prepare the entry, as a draft.

        :return: action that shows it
        :raise AccessError: the user is no accountant
        :raise UserError: an account is not set, a draft waits, or nothing is left
        """
        self.ensure_one()
        if not self.env.user.has_groups(ACCOUNTANTS):
            raise AccessError(self.env._("Entries are prepared by accountants."))
        self.litigation_id.check_access("read")
        move = self.litigation_id._create_entry(self.kind, self.date, self.rate)
        return move._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_kind(self):
        """Return what is to be prepared most likely: of what was given up, its end."""
        litigations = self.env["dunning.litigation"]
        litigation = litigations.browse(self.env["dunning.guard"]._get_context_id())
        litigation = litigation.exists()._filtered_access("read")
        given_up = litigation.state in GIVEN_UP
        return "write_off" if given_up else "doubtful"

    def _render_preview(self, litigation):
        """Return the lines of the entry as HTML, or why there is none: not everybody
        who prepares entries sees journal items in Odoo's form."""
        lines, problem = [], ""
        try:
            litigation._check_entry(self.kind)
            lines = litigation._prepare_entry_lines(self.kind, self.rate)
        except UserError as error:
            problem = str(error)
        currency = litigation.company_id.currency_id
        return self.env["ir.qweb"]._render(
            "account_dunning.litigation_entry_preview",
            {
                "problem": problem,
                "rows": [self._describe_line(line, currency) for line in lines],
            },
        )

    def _describe_line(self, line, currency):
        """Return what the preview says of a line to be made."""
        balance = line["balance"]
        account = self.env["account.account"].browse(line["account_id"])
        # Odoo shows codes to few.
        account = account.with_company(self.litigation_id.company_id)
        return {
            "account": " ".join(filter(None, (account.code, account.name))),
            "name": line["name"],
            "debit": format_amount(self.env, balance, currency) if balance > 0 else "",
            "credit": format_amount(self.env, -balance, currency)
            if balance < 0
            else "",
        }
