from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.dates import LAST_DAY, shift
from ...tools.words import CHANNELS, EXECUTIONS


class DunningPreviewLine(models.TransientModel):
    """The contact that the run makes with the customer of the item.

    One customer, one contact: the highest level due decides the channel for all that is
    overdue, as in the run, whose statement is asked. When items are left out, others
    decide.
    """

    _inherit = "dunning.preview.line"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    contact_kind = fields.Selection(
        [("step", "Step"), ("follow_up", "Follow-up after the Last Level")],
        string="Contact",
        readonly=True,
        help="What the run makes for the customer that is about this item.",
    )
    contact_level_id = fields.Many2one(
        "dunning.level",
        string="Level of the Contact",
        readonly=True,
        help="The highest of the customer's levels that are due: it decides the text "
        "and the channel.",
    )
    channel = fields.Selection(
        CHANNELS, readonly=True, help="By which the customer is contacted."
    )
    execution = fields.Selection(EXECUTIONS, readonly=True)
    amount_claimed = fields.Monetary(
        string="Claimed",
        currency_field="company_currency_id",
        readonly=True,
        help="What the contact asks for of this item, before credits: nothing of what "
        "it only refers to, nor of what is on hold.",
    )
    explanation = fields.Char(string="Why", compute="_compute_explanation")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("reason", "date", "level_id", "contact_level_id", "excluded")
    @api.depends_context("lang")
    def _compute_explanation(self):
        reasons = self.env["dunning.item"]._get_reason_labels()
        for line in self:
            if line.excluded:
                line.explanation = self.env._("Left out by hand")
            elif line.decision == "step" or line.contact_kind == "step":
                line.explanation = line._get_going_with()
            else:
                line.explanation = line._get_reason_with_day(reasons)

    def _get_going_with(self):
        """Return with what the step goes out when another level decides."""
        own = self.level_id if self.decision == "step" else self.env["dunning.level"]
        if self.contact_level_id in (own, self.env["dunning.level"]):
            return False
        return self.env._("Goes out with “%s”", self.contact_level_id.name)

    def _get_reason_with_day(self, reasons):
        reason = reasons.get(self.reason)
        if not reason or not self.date:
            return reason
        if self.reason == "held":
            # The date is the day after the hold, if there is one.
            last = self.date if self.date == LAST_DAY else shift(self.date, -1)
            day = format_date(self.env, last)
            return self.env._("%(reason)s until %(day)s", reason=reason, day=day)
        day = format_date(self.env, self.date)
        return self.env._("%(day)s: %(reason)s", reason=reason, day=day)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_leave_out(self):
        """Leave the selected items out of the run."""
        self._set_excluded(self, True)

    def action_leave_out_customer(self):
        """Leave the customers of the selected items out of the run."""
        self._set_excluded(self._get_items_of_customers(), True)

    def action_put_back(self):
        """Take the selected items into the run again."""
        self._set_excluded(self, False)

    def _set_excluded(self, lines, excluded):
        # An item that two contacts are about has two lines.
        lines = self.search(
            [
                ("preview_id", "in", lines.preview_id.ids),
                ("move_line_id", "in", lines.move_line_id.ids),
            ]
        )
        lines.write({"excluded": excluded})
        for preview, items in lines.grouped("preview_id").items():
            preview._decide_contacts(items.partner_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_contacts_sql(self, scope) -> SQL:
        """Each item of ``plan`` with the contact of ``chosen`` that is about it, if
        there is one, and what this claims of it."""
        run = self.env["dunning.run"]
        key = SQL("partner_id, contact_kind")
        return SQL(
            """
            SELECT item.*,
                   CASE WHEN contact_kind IS NOT NULL
                        THEN ROUND(%(claimed)s, %(digits)s)
                   END AS amount_claimed
              FROM (
                       SELECT plan.*,
                              chosen.kind AS contact_kind,
                              chosen.level_id AS contact_level_id,
                              CASE WHEN chosen.kind IS NOT NULL
                                   THEN COALESCE(channel.value, 'task')
                              END AS contact_channel,
                              CASE WHEN chosen.kind IS NOT NULL
                                   THEN execution.value
                              END AS contact_execution,
                              chosen.delay_days <= 0 AS is_early,
                              %(further)s AS further
                         FROM plan
                    LEFT JOIN chosen
                           ON chosen.partner_id = plan.partner_id
                          AND %(told)s
                    LEFT JOIN dunning_level level ON level.id = chosen.level_id
                    LEFT JOIN res_partner partner ON partner.id = chosen.partner_id
                         %(way)s
                   ) item
            """,
            claimed=self.env["dunning.plan"]._get_claimed_item_sql(key),
            digits=scope.company.currency_id.decimal_places,
            further=run._get_is_further_sql(),
            told=run._get_is_told_sql(),
            way=self.env["dunning.level"]._get_way_sql(scope.company),
        )


class DunningPreview(models.TransientModel):
    _inherit = "dunning.preview"

    def _decide_contacts(self, partners):
        """Decide anew how these customers are contacted, after items of theirs were
        left out or put back."""
        self.ensure_one()
        lines = self.env["dunning.preview.line"]
        lines.flush_model()
        run = self.env["dunning.run"]
        scope = self.company_id._dunning_scope(self.date)
        self.env.cr.execute(
            SQL(
                """
                WITH plan AS (
                    SELECT DISTINCT ON (line.move_line_id)
                           line.move_line_id AS id, line.partner_id,
                           line.scenario_id, line.level_id, line.decision,
                           line.reason, line.date, line.days_late,
                           line.listed, scenario.align_levels, preview.company_id,
                           preview.date AS day,
                           COALESCE(state.tone, 0) AS heard_tone,
                           line.currency_id, %(claim)s AS claim
                      FROM dunning_preview_line line
               CROSS JOIN LATERAL (
                              SELECT line.amount_company AS residual_company,
                                     line.amount_residual AS residual,
                                     line.amount_withheld AS withheld
                          ) item
                      JOIN dunning_preview preview ON preview.id = line.preview_id
                 LEFT JOIN dunning_scenario scenario ON scenario.id = line.scenario_id
                 LEFT JOIN dunning_item_state state
                        ON state.move_line_id = line.move_line_id
                     WHERE line.preview_id = %(preview)s
                       AND line.partner_id = ANY(%(partners)s)
                       AND NOT line.excluded
                ),
                chosen AS (%(chosen)s),
                -- An item that two contacts are about has two lines.
                contact AS (
                    SELECT found.*, ROW_NUMBER() OVER (
                               PARTITION BY id ORDER BY contact_kind
                           ) AS place
                      FROM (%(contacts)s) found
                ),
                item AS (
                    SELECT id, move_line_id, ROW_NUMBER() OVER (
                               PARTITION BY move_line_id ORDER BY id
                           ) AS place
                      FROM dunning_preview_line
                     WHERE preview_id = %(preview)s
                       AND partner_id = ANY(%(partners)s)
                )
                UPDATE dunning_preview_line line
                   SET contact_kind = contact.contact_kind,
                       contact_level_id = contact.contact_level_id,
                       channel = contact.contact_channel,
                       execution = contact.contact_execution,
                       amount_claimed = contact.amount_claimed
                  FROM item
             LEFT JOIN contact
                    ON contact.id = item.move_line_id AND contact.place = item.place
                 WHERE line.id = item.id
                """,
                preview=self.id,
                partners=partners.ids,
                claim=self.env["dunning.plan"]._get_item_claim_sql(),
                chosen=run._get_chosen_sql(scope),
                contacts=lines._get_contacts_sql(scope),
            )
        )
        lines.invalidate_model()
