from odoo import api, fields, models

from ...tools.einvoice_state import APPROVAL, CONTEST, PAYMENT, SUSPENSION

# What the customer is reminded of having said, and how many sentences of it.
TOLD_TOPICS = (CONTEST, SUSPENSION, PAYMENT, APPROVAL)
MOST_TOLD = 6
# Of invoices that a text does not list, what it is told that they are not claimed for.
UNLISTED_TOPICS = (CONTEST, SUSPENSION)


class DunningAction(models.Model):
    """What buyers have said through their platforms, in reminders and in the script of
    calls: in their own words."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    buyer_words = fields.Json(
        compute="_compute_buyer_words",
        help="Sentences about what the customer has said of its invoices.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.state", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_buyer_words(self):
        # What a customer is told of its own words is no secret of anybody.
        actions_sudo = self.sudo()
        told_sudo = actions_sudo.filtered(
            lambda action: action.partner_id and action._get_kind()._has_claims()
        )
        found = told_sudo._get_told_matters()
        for action_sudo in actions_sudo:
            customer = (action_sudo.partner_id.id, action_sudo.company_id.id)
            action_sudo.buyer_words = action_sudo._get_buyer_words(
                found.get(customer, ())
            )

    @api.depends("buyer_words")
    def _compute_script(self):
        # EXTENDS 'account_dunning': with what the customer has said itself
        result = super()._compute_script()
        for action in self.filtered(lambda action: action.channel == "call"):
            # Whoever may make the call may say what proves the receipt.
            action_sudo = action.sudo()
            words = [*(action.buyer_words or ()), *action_sudo._get_receipt_words()]
            if words:
                parts = (action.script, self.env._("The customer's platform says:"))
                text = "\n".join(f"– {sentence}" for sentence in words)
                action.script = "\n\n".join(filter(None, parts)) + "\n" + text
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _refresh(self, any_day=False, complete=False, routine=False):
        # EXTENDS 'account_dunning': texts follow what is said
        self.invalidate_recordset(["buyer_words"], flush=False)
        return super()._refresh(any_day=any_day, complete=complete, routine=routine)

    def _get_told_matters(self):
        """Return what the customers of these actions have said: dict of the ids of
        customer and company to matters, the latest first."""
        matters = self.env["dunning.einvoice.matter"].search(
            [
                ("move_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("topic", "in", TOLD_TOPICS),
                ("state", "!=", "ended"),
            ]
        )
        return matters.grouped(
            lambda matter: (
                matter.move_id.commercial_partner_id.id,
                matter.company_id.id,
            )
        )

    def _get_buyer_words(self, matters):
        """Return the sentences that the action tells."""
        self.ensure_one()
        listed = self._get_content_lines().move_id
        words = []
        for matter in matters:
            in_text = matter.move_id in listed
            holds = matter.state == "open"
            if matter.topic in UNLISTED_TOPICS and not holds:
                continue
            if not in_text and matter.topic not in UNLISTED_TOPICS:
                continue
            words.append(matter._get_effect()._get_words(matter))
        return list(filter(None, words))[:MOST_TOLD]

    def _get_receipt_words(self):
        """Return what proves that the customer has the invoices that the action lists:
        what "did not get it" is answered with."""
        rows = self._get_receipts()
        return [
            self.env._(
                "%(number)s has been on the customer's platform since %(day)s: that "
                "proves that it was received.",
                number=row.move_id.name,
                day=self._format_day(row._get_received_day()),
            )
            for row in rows[:MOST_TOLD]
        ]

    def _get_receipts(self) -> models.BaseModel:
        """Return where the invoices stand that the customer has certainly received, of
        those that the action lists."""
        moves = self._get_content_lines().move_id
        return self.env["dunning.einvoice.status"].search(
            [("move_id", "in", moves.ids), ("date_received", "!=", False)],
            order="date_received, id",
        )
