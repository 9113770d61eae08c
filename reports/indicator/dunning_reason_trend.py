from odoo import fields, models
from odoo.tools import SQL

from ...models.base.dunning_reason import CATEGORIES

# Where reasons are told, and the rest of the ids of their rows.
SOURCES = [
    ("action", "Contact"),
    ("promise", "Promise to Pay"),
    ("dispute", "Dispute"),
    ("hold", "Hold"),
]


class DunningReasonTrend(models.Model):
    """Why customers do not pay, month by month: the reasons of contacts, promises,
    disputes and of holds set by hand. What follows from a call tells its reason once.
    """

    _name = "dunning.reason.trend"
    _description = "Reasons by Month"
    _inherit = ["dunning.ranking"]
    _auto = False
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    reason_id = fields.Many2one("dunning.reason", readonly=True)
    category = fields.Selection(CATEGORIES, readonly=True)
    source = fields.Selection(SOURCES, string="Told By", readonly=True)
    date = fields.Date(readonly=True)
    user_id = fields.Many2one(string="Responsible")
    amount = fields.Monetary(
        readonly=True, help="What was claimed, promised, disputed or held."
    )

    # === What tells it === #
    action_id = fields.Many2one("dunning.action", readonly=True)
    promise_id = fields.Many2one("dunning.promise", readonly=True)
    dispute_id = fields.Many2one("dunning.dispute", readonly=True)
    hold_id = fields.Many2one("dunning.hold", readonly=True)

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        for source, _label in SOURCES:
            self.env[f"dunning.{source}"].flush_model()
        return SQL(
            """
            SELECT told.*, reason.category
              FROM (%(told)s) told
              JOIN dunning_reason reason ON reason.id = told.reason_id
             WHERE %(visible)s
            """,
            told=SQL(" UNION ALL ").join(
                [
                    self._get_action_sql(),
                    self._get_source_sql("promise", SQL("date"), SQL("amount_company")),
                    self._get_source_sql("dispute", SQL("date"), SQL("amount_company")),
                    # An amount of 0 holds all there is.
                    self._get_source_sql(
                        "hold",
                        SQL("create_date::date"),
                        SQL("NULLIF(amount, 0)"),
                        SQL("origin = 'manual'"),
                    ),
                ]
            ),
            visible=self.env.companies._dunning_get_visible_in_sql("told"),
        )

    def _get_action_sql(self) -> SQL:
        """Contacts that were made, and not recorded by mistake. A promise or a dispute
        that follows from a call tells the same reason, and what is at stake."""
        return self._get_source_sql(
            "action",
            SQL("date_done"),
            SQL("amount"),
            SQL(
                """
                state = 'done'
                AND NOT EXISTS (
                    SELECT
                      FROM dunning_action correction
                     WHERE correction.corrects_id = source.id
                )
                AND NOT EXISTS (
                    SELECT
                      FROM dunning_promise promise
                     WHERE promise.call_id = source.id
                       AND promise.reason_id = source.reason_id
                )
                AND NOT EXISTS (
                    SELECT
                      FROM dunning_dispute dispute
                     WHERE dispute.call_id = source.id
                       AND dispute.reason_id = source.reason_id
                )
                """
            ),
        )

    def _get_source_sql(self, source, date, amount, condition=None) -> SQL:
        """The records of one model that have a reason."""
        names = [name for name, _label in SOURCES]
        user = SQL("create_uid") if source == "hold" else SQL("user_id")
        return SQL(
            """
            SELECT id * %(count)s + %(place)s AS id,
                   reason_id,
                   %(source)s AS source,
                   %(date)s AS date,
                   partner_id,
                   company_id,
                   %(user)s AS user_id,
                   %(amount)s AS amount,
                   %(links)s
              FROM %(table)s source
             WHERE reason_id IS NOT NULL
               AND %(date)s IS NOT NULL
               AND %(condition)s
            """,
            count=len(names),
            place=names.index(source),
            source=source,
            date=date,
            user=user,
            amount=amount,
            links=SQL(", ").join(
                SQL(
                    "%s AS %s",
                    SQL("id") if name == source else SQL("NULL::integer"),
                    SQL.identifier(f"{name}_id"),
                )
                for name in names
            ),
            table=SQL.identifier(f"dunning_{source}"),
            condition=condition or SQL("TRUE"),
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_source(self):
        """Open what tells the reason."""
        self.ensure_one()
        return self[f"{self.source}_id"].get_formview_action()
