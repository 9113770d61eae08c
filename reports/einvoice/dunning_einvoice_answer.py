from odoo import fields, models
from odoo.tools import SQL

from ...tools.einvoice_codes import get_name, get_reason_codes, get_statuses

# What a buyer may say that keeps an invoice from being paid.
CODES = ("206", "207", "208", "210", "213", "221", "501")


class DunningEinvoiceAnswer(models.Model):
    """What buyers say against e-invoices, by their reasons, and how long it takes until
    that is settled. A status with several reasons is told once for each, with its part
    of the amount, so that the sums are true."""

    _name = "dunning.einvoice.answer"
    _description = "What Buyers Say of E-Invoices"
    _inherit = ["dunning.ranking"]
    _auto = False
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    event_id = fields.Many2one(
        "dunning.einvoice.event", string="E-Invoice Status", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    code = fields.Selection(
        selection=lambda self: [
            (code, f"{code} {get_name(code, self.env.lang)}")
            for code in get_statuses()
            if code in CODES
        ],
        string="Status",
        readonly=True,
    )
    buyer_reason = fields.Char(string="Reason Code", readonly=True, help="As received.")
    reason_name = fields.Char(
        string="Reason of the Buyer", readonly=True, help="Its code and what it means."
    )
    reason_id = fields.Many2one("dunning.reason", string="Our Reason", readonly=True)
    department_id = fields.Many2one("dunning.department", readonly=True)
    date = fields.Date(string="Said on", readonly=True)
    date_settled = fields.Date(
        string="Settled on",
        readonly=True,
        help="Decided, overtaken by another status, or paid.",
    )
    is_open = fields.Boolean(string="Open", readonly=True)

    # === Measures === #
    amount = fields.Monetary(
        readonly=True, help="In company currency, at the rate of the invoice."
    )
    days = fields.Float(
        string="Days to Settle",
        readonly=True,
        aggregator="avg",
        digits=(7, 1),
        help="From the status until it was settled; until now while it is open.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        for model in (
            "dunning.einvoice.event",
            "dunning.einvoice.matter",
            "dunning.dispute",
            "dunning.einvoice.rule",
            "dunning.reason",
        ):
            self.env[model].flush_model()
        self.env["account.move"].flush_model(["amount_total", "amount_total_signed"])
        return SQL(
            """
            SELECT event.id * %(most)s + said.place AS id,
                   event.id AS event_id,
                   event.move_id,
                   event.partner_id,
                   event.company_id,
                   matter.user_id,
                   event.code,
                   said.reason AS buyer_reason,
                   NULLIF(CONCAT_WS(' – ', said.reason, known.words), '')
                   AS reason_name,
                   reason.id AS reason_id,
                   reason.department_id,
                   event.date::date AS date,
                   settled.moment::date AS date_settled,
                   settled.moment IS NULL AS is_open,
                   COALESCE(NULLIF(event.amount, 0), move.amount_total)
                   * COALESCE(
                         ABS(move.amount_total_signed) / NULLIF(move.amount_total, 0),
                         1
                     )
                   / said.count AS amount,
                   GREATEST(
                       EXTRACT(
                           EPOCH FROM COALESCE(settled.moment, %(now)s) - event.date
                       ),
                       0
                   ) / 86400 AS days
              FROM dunning_einvoice_event event
              JOIN account_move move ON move.id = event.move_id
         LEFT JOIN LATERAL (%(matter)s) matter ON TRUE
         LEFT JOIN dunning_reason reason ON reason.id = matter.reason_id
        CROSS JOIN LATERAL (%(said)s) said
         LEFT JOIN (%(words)s) known ON known.code = said.reason
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN matter.id IS NOT NULL THEN matter.closed
                                   ELSE COALESCE((%(next)s), event.date)
                              END AS moment
                   ) settled
             WHERE event.state = 'assigned'
               AND event.code IN %(codes)s
               AND %(visible)s
            """,
            # More reasons are not kept of a status.
            most=100,
            now=fields.Datetime.now(),
            matter=self._get_matter_sql(),
            next=self._get_next_sql(),
            said=self._get_said_sql(),
            words=self._get_words_sql(),
            codes=CODES,
            visible=self.env.companies._dunning_get_visible_in_sql("event"),
        )

    def _get_next_sql(self) -> SQL:
        """When something else was said of the invoice of the ``event``: that overtook
        what had come in too late to open anything."""
        return SQL(
            """
            SELECT MIN(later.date)
              FROM dunning_einvoice_event later
             WHERE later.move_id = event.move_id
               AND later.state = 'assigned'
               AND later.id != event.id
               AND later.date >= event.date
            """
        )

    def _get_matter_sql(self) -> SQL:
        """What was made of the ``event``: our reason, who sees to it, and when it was
        settled."""
        return SQL(
            """
            SELECT found.id,
                   COALESCE(dispute.reason_id, rule.reason_id) AS reason_id,
                   dispute.user_id,
                   CASE WHEN dispute.date_closed IS NOT NULL
                        THEN LEAST(found.date_closed, dispute.date_closed::timestamp)
                        WHEN found.state != 'open' THEN found.date_closed
                   END AS closed
              FROM dunning_einvoice_matter_event_rel rel
              JOIN dunning_einvoice_matter found ON found.id = rel.matter_id
         LEFT JOIN dunning_dispute dispute ON dispute.id = found.dispute_id
         LEFT JOIN dunning_einvoice_rule rule ON rule.id = found.rule_id
             WHERE rel.event_id = event.id
          ORDER BY found.topic = 'task', found.id
             LIMIT 1
            """
        )

    def _get_said_sql(self) -> SQL:
        """The reasons of the ``event``: one row without any where it has none."""
        return SQL(
            """
            SELECT NULLIF(TRIM(listed.reason), '') AS reason,
                   listed.place,
                   COUNT(*) OVER () AS count
              FROM UNNEST(
                       STRING_TO_ARRAY(
                           COALESCE(NULLIF(event.reason_codes, ''), ' '), ','
                       )
                   ) WITH ORDINALITY AS listed(reason, place)
            """
        )

    def _get_words_sql(self) -> SQL:
        """What the codes of reasons mean, in the language of who reads."""
        rows = (
            SQL("(%s, %s)", code, get_name(code, self.env.lang))
            for code in get_reason_codes()
        )
        return SQL(
            "SELECT * FROM (VALUES %s) AS listed(code, words)", SQL(", ").join(rows)
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_invoice(self):
        """Open the invoice of which it was said."""
        self.ensure_one()
        self.check_access("read")
        return self.move_id.get_formview_action()
