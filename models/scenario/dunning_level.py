from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.words import (
    CHANNELS,
    EXECUTIONS,
    LIGHT_CHANNELS,
    TONE_RANKS,
    WRITTEN_CHANNELS,
)

# Levels of a scenario: each plan reads all of them, of each pair which comes first.
MOST_LEVELS = 100


class DunningLevel(models.Model):
    """One step of a scenario. Its place is its number of days from the due date:
    negative before it (preventive), positive after."""

    _name = "dunning.level"
    _description = "Dunning Level"
    _inherit = ["dunning.plan.basis", "dunning.shared"]
    _order = "scenario_id, delay_days, sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    scenario_id = fields.Many2one(
        "dunning.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scenario_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    delay_label = fields.Char(string="Day", compute="_compute_delay_label")

    # === When === #
    delay_days = fields.Integer(
        string="Days from Due Date",
        required=True,
        help="Days after the due date on which the level is reached; negative before "
        "the due date.",
    )
    gap_days = fields.Integer(
        string="Minimum Gap",
        default=10,
        help="Minimum number of days since the previous level of the same item.",
    )

    # === How === #
    channel = fields.Selection(CHANNELS, required=True, default="email")
    fallback_channel = fields.Selection(
        CHANNELS,
        string="If That Is Not Possible",
        help="What to do when the customer has no e-mail address, no mobile number or "
        "no complete postal address for the channel above. Without it the action "
        "fails and says what is missing.",
    )
    fallback2_channel = fields.Selection(
        CHANNELS,
        string="Nor That",
        help="What to do when neither of the channels above is possible.",
    )
    execution = fields.Selection(
        EXECUTIONS,
        required=True,
        default="automatic",
        help="Automatic: goes out by itself. To validate: waits for somebody's "
        "approval. Manual: a person does it and records it.",
    )
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("formal", "Formal")],
        required=True,
        default="courteous",
        help="What is written to a customer never speaks softer of an item than what "
        "was written of it before, and a formal notice is not repeated for the same "
        "items.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        domain="[('model', '=', 'dunning.action')]",
        ondelete="restrict",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS Template",
        domain="[('model', '=', 'dunning.action')]",
        ondelete="restrict",
    )
    letter_template_id = fields.Many2one(
        "mail.template",
        string="Letter Text",
        domain="[('model', '=', 'dunning.action')]",
        ondelete="restrict",
        help="Subject and paragraphs of the letter. Letterhead, address and signature "
        "come with it.",
    )
    attach_letter = fields.Boolean(help="Attach the letter to the e-mail as PDF.")
    attach_invoices = fields.Boolean(
        default=True, help="Attach the PDF of the invoices to the e-mail."
    )
    instructions = fields.Text(
        translate=True, help="What the collector should say or do at this level."
    )

    # === What it claims === #
    deadline_days = fields.Integer(
        string="Deadline",
        default=8,
        help="Days the customer is given to pay, written in the text of the contact.",
    )
    deadline_channel = fields.Selection(
        [("call", "Phone Call"), ("task", "Task")],
        string="When the Deadline Passes",
        help="What the collector has to do when the deadline of a letter or e-mail has "
        "passed without payment. Without it the scenario just goes on.",
    )
    claim = fields.Selection(
        [
            ("none", "Nothing"),
            ("shown", "Penalties Shown"),
            ("claimed", "Penalties Claimed"),
        ],
        string="Late Payment Penalties",
        required=True,
        default="none",
        help="What letters and e-mails say of late payment penalties: nothing; that "
        "they are owed in addition, with the amount; or that they are claimed with "
        "the principal.",
    )

    # === Constraints and indexes === #
    _gap_not_negative = models.Constraint(
        "CHECK(gap_days >= 0)", "The minimum gap of a level cannot be negative."
    )
    _deadline_not_negative = models.Constraint(
        "CHECK(deadline_days >= 0)", "The deadline of a level cannot be negative."
    )
    _days_in_a_century = models.Constraint(
        "CHECK(delay_days BETWEEN -36500 AND 36500 AND gap_days <= 36500 "
        "AND deadline_days <= 36500)",
        "The days of a level must be within a hundred years: lower them.",
    )
    _one_level_a_day = models.UniqueIndex(
        "(scenario_id, delay_days) WHERE active",
        "Two levels of a scenario cannot be on the same day: change the number of "
        "days of one of them.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("delay_days")
    @api.depends_context("lang")
    def _compute_delay_label(self):
        for level in self:
            level.delay_label = self.env._("D%(days)+d", days=level.delay_days)

    @api.depends("name", "delay_label")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for level in self:
            level.display_name = f"{level.name} ({level.delay_label})"

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("scenario_id")
    def _check_count(self):
        for scenario in self.with_context(active_test=False).scenario_id:
            if len(scenario.level_ids) > MOST_LEVELS:
                raise ValidationError(
                    self.env._(
                        "A scenario has %s levels at most: remove some.", MOST_LEVELS
                    )
                )

    @api.constrains("mail_template_id", "sms_template_id", "letter_template_id")
    def _check_template_model(self):
        for level in self:
            for template in (
                level.mail_template_id,
                level.sms_template_id,
                level.letter_template_id,
            ):
                if template and template.model != "dunning.action":
                    raise ValidationError(
                        self.env._(
                            "The template “%(template)s” of the level “%(level)s” is "
                            "made for another document: choose one that applies to "
                            "dunning actions.",
                            template=template.name,
                            level=level.name,
                        )
                    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_rank(self) -> int:
        """Return how strong the tone of the level is, 0 without level."""
        return TONE_RANKS.get(self.tone, 0)

    def _tell_silent(self) -> str:
        """Return which levels have no text where they need one, and what to do."""
        channels = self.env["dunning.channel"]
        silent = self.filtered(
            lambda level: channels._of(level.channel)._is_silent(level)
        )
        return silent and self.env._(
            "Without text: %s. Choose one for each of them, otherwise what it sends "
            "fails.",
            silent._list_names(),
        )

    def _tell_too_soft(self) -> str:
        """Return which texts come after a firmer one, so that nobody gets them, and
        what to do.

        The levels are those of one scenario, in its order.
        """
        soft, firmest = self.browse(), 0
        for level in self:
            if level.channel in WRITTEN_CHANNELS:
                soft |= level if level._get_rank() < firmest else self.browse()
                firmest = max(firmest, level._get_rank())
        return soft and self.env._(
            "Softer than a text that comes earlier: %s. Tone never goes backwards, so "
            "that these are passed over for whoever has received the firmer text. "
            "Choose another tone, or put them earlier.",
            soft._list_names(),
        )

    def _list_names(self) -> str:
        return ", ".join(level.name or "" for level in self)

    def _dunning_get_way_out(self):
        # OVERRIDES 'dunning.needed': a level has no menu of its own
        return self.env._("Discard, open it (View) and switch off “In Use” instead.")

    def _get_owners(self):
        # OVERRIDES 'dunning.shared'
        return self.scenario_id

    def _get_channel_for(self, preferred: str | bool) -> str:
        """Return the channel of the level for a customer: the one it prefers where
        one light channel may stand for another, else that of the level.

        :param preferred: channel, or False
        """
        self.ensure_one()
        light = self.channel in LIGHT_CHANNELS and preferred in LIGHT_CHANNELS
        has_text = preferred != "sms" or self.sms_template_id
        return preferred if light and has_text else self.channel

    @api.model
    def _get_channel_sql(self, preferred: SQL) -> SQL:
        """Return :meth:`_get_channel_for` in SQL, for the alias ``level``."""
        return SQL(
            """
            CASE WHEN level.channel IN %(light)s
                  AND %(preferred)s IN %(light)s
                  AND (%(preferred)s != 'sms' OR level.sms_template_id IS NOT NULL)
                 THEN %(preferred)s
                 ELSE level.channel
            END
            """,
            light=LIGHT_CHANNELS,
            preferred=preferred,
        )

    @api.model
    def _get_way_sql(self, company: models.BaseModel) -> SQL:
        """How a customer is contacted, for the aliases ``level`` and ``partner``: joins
        ``channel.value`` and ``execution.value``, for the run and the dry run."""
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(company)
        return SQL(
            """
        CROSS JOIN LATERAL (SELECT %(channel)s AS value) channel
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN channel.value IN %(sendable)s
                                    AND level.execution = 'automatic'
                                    AND %(asked)s
                                   THEN 'validate'
                                   WHEN channel.value IN %(sendable)s
                                     OR level.execution = 'validate'
                                   THEN level.execution
                                   ELSE 'manual'
                              END AS value
                   ) execution
            """,
            channel=self._get_channel_sql(
                partners_sudo._field_to_sql("partner", "dunning_channel")
            ),
            sendable=tuple(self.env["dunning.channel"]._get_sendable(company)),
            asked=self._get_approval_sql(company),
        )

    @api.model
    # pylint: disable-next=unused-argument
    def _get_approval_sql(self, company: models.BaseModel) -> SQL:
        """Return the condition that somebody has to approve what goes out to the alias
        ``partner``, whatever the level says. Override to ask for it.

        :param company: ``res.company``
        """
        return SQL("FALSE")
