from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.litigation import AGENT_KINDS, KINDS, USUAL_REASONS
from ...tools.words import OPEN_STATES


class DunningLitigationDialog(models.TransientModel):
    """Handing over: which items, to whom, and what stops by it."""

    _name = "dunning.litigation.dialog"
    _description = "Hand Over"
    _inherit = ["dunning.withholding.dialog"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kind = fields.Selection(KINDS, string="To", required=True, default="lawyer")
    agent_ids = fields.Many2many("res.partner", compute="_compute_agent_ids")
    agent_id = fields.Many2one(
        "res.partner",
        string="Handed Over to",
        compute="_compute_agent_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', agent_ids)]",
    )
    reference = fields.Char(string="Their Reference")
    date = fields.Date(
        string="On",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_published = fields.Date(string="Published on")
    reason_id = fields.Many2one(
        "dunning.reason", compute="_compute_reason_id", store=True, readonly=False
    )
    note = fields.Text()

    # === Preview === #
    amount = fields.Monetary(string="Handed Over", compute="_compute_preview")
    amount_accepted = fields.Monetary(
        string="Accepted in Disputes",
        compute="_compute_preview",
        help="Accepted in disputes about the items; the credit notes are not posted "
        "yet. It is not to be paid.",
    )
    amount_credited = fields.Monetary(
        string="Covered by Credits",
        compute="_compute_preview",
        help="Credit notes and payments of the customer that are not allocated yet: "
        "what they cover is not to be paid again.",
    )
    amount_claimed = fields.Monetary(
        string="To Be Claimed",
        compute="_compute_preview",
        help="What is handed over, less what was accepted and what credits cover.",
    )
    action_count = fields.Integer(string="Actions", compute="_compute_preview")
    other_count = fields.Integer(string="Other Litigations", compute="_compute_preview")
    has_other_currency = fields.Boolean(compute="_compute_preview")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("currency_id", "kind")
    def _compute_move_line_ids(self):
        # EXTENDS 'account_dunning': insolvency is about all that is owed
        result = super()._compute_move_line_ids()
        for dialog in self.filtered(lambda dialog: dialog.kind == "insolvency"):
            dialog.move_line_ids = dialog._get_open_items().filtered(
                lambda line, currency=dialog.currency_id: line.currency_id == currency
            )
        return result

    @api.depends("kind")
    def _compute_agent_ids(self):
        contacts = self.env["res.partner"].search([("dunning_agent_kind", "!=", False)])
        for dialog in self:
            kinds = AGENT_KINDS.get(dialog.kind, ())
            dialog.agent_ids = contacts.filtered(
                lambda contact, kinds=kinds: contact.dunning_agent_kind in kinds
            )

    @api.depends("kind")
    def _compute_agent_id(self):
        for dialog in self:
            if dialog.agent_id not in dialog.agent_ids:
                only = dialog.agent_ids if len(dialog.agent_ids) == 1 else False
                dialog.agent_id = dialog.kind != "insolvency" and only

    @api.depends("kind")
    def _compute_reason_id(self):
        for dialog in self:
            xmlid = f"account_dunning.{USUAL_REASONS.get(dialog.kind)}"
            dialog.reason_id = self.env.ref(xmlid, raise_if_not_found=False)

    @api.depends(
        "move_line_ids",
        "kind",
        "partner_id",
        "company_id",
        "currency_id",
        "currency_ids",
    )
    def _compute_preview(self):
        for dialog in self:
            items = dialog.move_line_ids._origin
            dialog.amount = sum(items.mapped("amount_residual_currency"))
            claim = self.env["dunning.litigation"]._get_claim(dialog, dialog.amount)
            dialog.amount_accepted = claim.accepted
            dialog.amount_credited = claim.credited
            dialog.amount_claimed = claim.claimed
            dialog.has_other_currency = len(dialog.currency_ids) > 1
            dialog.action_count = len(dialog._get_stopped_actions(items))
            dialog.other_count = dialog.kind == "insolvency" and self.env[
                "dunning.litigation"
            ].search_count(dialog._get_other_domain())

    def _get_stopped_actions(self, items):
        """Return the open actions that are about nothing else than what is handed over:
        they are cancelled by it. What was planned by hand is so by insolvency alone."""
        self.ensure_one()
        actions = self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.partner_id._origin.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", OPEN_STATES),
                ("kind", "!=", "notice"),
            ]
        )
        if self.kind == "insolvency":
            return actions
        return actions.filtered(
            lambda action: (
                action.kind != "manual"
                and action._get_content_lines().move_line_id <= items
            )
        )

    def _get_other_domain(self):
        return [
            ("partner_id", "=", self.partner_id._origin.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("date_closed", "=", False),
            ("kind", "!=", "insolvency"),
        ]

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Hand over.

        :return: action that shows the litigation, or those of each currency
        :raise UserError: it is not said to whom
        :raise ValidationError: the items cannot be handed over
        """
        self.ensure_one()
        if self.kind != "insolvency" and not self.agent_id:
            raise UserError(self.env._("Say to whom it is handed over."))
        litigations = self.env["dunning.litigation"].create(
            [self._prepare_record(), *self._prepare_other_currencies()]
        )
        return litigations._get_records_action(name=self.env._("Litigations"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_proposed_items(self):
        # EXTENDS 'account_dunning': what somebody sees to already is not proposed again
        items = super()._get_proposed_items()
        if self.kind == "insolvency":
            return items
        # Others may belong to colleagues whose records the user does not see.
        others_sudo = self.env["dunning.litigation"].sudo()
        others_sudo = others_sudo.search(self._get_other_domain())
        return items - others_sudo.move_line_ids

    def _get_available(self, items):
        # OVERRIDES 'account_dunning': what was promised or disputed is handed over, too
        return {line: max(line.amount_residual_currency, 0) for line in items}

    def _prepare_record(self):
        # EXTENDS 'account_dunning'
        insolvent = self.kind == "insolvency"
        return super()._prepare_record() | {
            "kind": self.kind,
            "agent_id": self.agent_id.id,
            "reference": self.reference,
            "date": self.date,
            "date_published": self.date_published if insolvent else False,
            "reason_id": self.reason_id.id,
            "note": self.note,
        }

    def _prepare_other_currencies(self):
        """Return the values of further litigations: insolvency is about what is owed in
        every currency, and each has its own claim."""
        if self.kind != "insolvency":
            return []
        groups = self._get_open_items().grouped("currency_id")
        return [
            self._prepare_record()
            | {"currency_id": currency.id, "move_line_ids": [(6, 0, items.ids)]}
            for currency, items in groups.items()
            if currency != self.currency_id
        ]
