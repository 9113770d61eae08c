from typing import NamedTuple

from odoo import api, fields, models

# What a formal notice calls itself: C. civ. 1344, and what it is in other languages.
FORMAL_WORDS = ("mise en demeure", "formal notice", "mahnung", "letter before action")


class Mention(NamedTuple):
    """What a formal notice has to say.

    :param label: what it is
    :param present: whether it is there
    :param where: where to enter it
    :param record: what to open for that
    :param required: without it the notice does not go out
    """

    label: str
    present: bool
    where: str
    record: models.BaseModel
    required: bool = True


class DunningAction(models.Model):
    """What a formal notice has to say is looked at before it goes out: what is missing
    is listed, and leads to where it is entered."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_formal_notice = fields.Boolean(compute="_compute_is_formal_notice")
    mentions_missing = fields.Html(
        string="Missing in the Formal Notice",
        compute="_compute_mentions_missing",
        sanitize=False,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("level_id.tone", "channel")
    def _compute_is_formal_notice(self):
        for action in self:
            action.is_formal_notice = (
                action.level_id.tone == "formal" and action.channel == "registered"
            )

    @api.depends("is_formal_notice", "state", "line_ids.state", "partner_id")
    @api.depends_context("lang")
    def _compute_mentions_missing(self):
        for action in self:
            missing = []
            if action.is_formal_notice and action.state != "done":
                missing = action._get_missing_mentions()
            action.mentions_missing = (
                self.env["ir.qweb"]._render(
                    "account_dunning.mentions_missing", {"missing": missing}
                )
                if missing
                else False
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_legal_problem(self):
        # EXTENDS 'account_dunning': a formal notice that lacks something is none
        if problem := super()._get_legal_problem():
            return problem
        if not (self.is_formal_notice and self._has_texts()):
            return None
        if not self._get_letter_template():
            # That it has no text at all is told by the letter.
            return None
        missing = [
            mention for mention in self._get_missing_mentions() if mention.required
        ]
        if missing:
            return "\n".join(
                [
                    self.env._("The formal notice lacks what the law asks for:"),
                    *(
                        self.env._(
                            "– %(mention)s: %(where)s",
                            mention=mention.label,
                            where=mention.where,
                        )
                        for mention in missing
                    ),
                ]
            )
        return None

    def _get_missing_mentions(self) -> list[Mention]:
        """Return what the formal notice has to say and does not."""
        return [mention for mention in self._get_mentions() if not mention.present]

    def _get_mentions(self) -> list[Mention]:
        """Return what the formal notice has to say."""
        self.ensure_one()
        env = self.env
        company, level = self.company_id, self.level_id
        lines = self._get_content_lines()
        template = self._get_letter_template()
        creditor = company.partner_id
        return [
            Mention(
                env._("The words « mise en demeure », or formal notice"),
                self._names_itself(template),
                env._("in the subject or the text of the letter"),
                template,
            ),
            Mention(
                env._("Your name and address"),
                not self._get_missing_in_address(creditor),
                env._("on your company: street, postal code and city"),
                creditor,
            ),
            Mention(
                env._("Name and address of the customer"),
                not self._get_missing_for_letter(),
                env._("on the customer: street, postal code and city"),
                self._get_addressee(),
            ),
            Mention(
                env._("Number and due date of each item"),
                bool(lines)
                and all(line._get_content_number() and line.date_due for line in lines),
                env._("on the invoices"),
                self,
            ),
            Mention(
                env._("The table of items with the principal and the total"),
                self._uses(template, "items_table"),
                env._("in the text of the letter: {{ object.items_table }}"),
                template,
            ),
            Mention(
                env._("A deadline"),
                bool(level.deadline_days) and self._uses(template, "deadline_"),
                env._("on the level (8 days as a rule), and in the text of the letter"),
                level.scenario_id,
            ),
            Mention(
                env._("How to pay"),
                self._uses(template, "payment_block"),
                env._("in the text of the letter: {{ object.payment_block }}"),
                template,
            ),
            Mention(
                env._("Where to pay"),
                bool(self._get_bank_accounts()),
                env._(
                    "on your company: a bank account, with its BIC for who is abroad"
                ),
                creditor,
                required=False,
            ),
            Mention(
                env._("Penalties and recovery indemnity"),
                not self._owes_penalties() or self._states_penalties(),
                env._("on the level: penalties shown or claimed"),
                level.scenario_id,
                required=False,
            ),
        ]

    def _names_itself(self, template):
        """Return whether the letter calls itself a formal notice."""
        text = f"{self.custom_subject or ''} {self.custom_body or ''}"
        lang = self.contact_lang
        shown = template.with_context(lang=lang)
        text += f" {shown.subject or ''} {shown.body_html or ''}"
        return any(word in text.lower() for word in FORMAL_WORDS)

    def _uses(self, template, name):
        """Return whether the text of the letter has a merge field; whoever has edited
        the text has looked at it."""
        return bool(self.custom_body) or f"object.{name}" in str(
            template.body_html or ""
        )

    def _owes_penalties(self):
        """Return whether the customer is one of whom the law asks penalties."""
        # What a customer is before the law does not depend on who asks.
        return self.partner_id.sudo().dunning_customer_kind == "business"
