from itertools import chain

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class DunningAction(models.Model):
    """The points of the customer, on each of its actions, and what an open action says
    is to be done."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    priority_points = fields.Integer(
        string="Points",
        compute="_compute_priority",
        aggregator="max",
        help="Of the customer, by the rules of priority.",
    )
    priority_detail = fields.Char(
        string="Why",
        compute="_compute_priority",
        help="The points that each rule gives.",
    )

    # === Constraints and indexes === #
    _outcome_idx = models.Index("(company_id, partner_id) WHERE outcome IS NOT NULL")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_priority(self):
        worklist = self.env["dunning.worklist"]
        for company, actions in chain(
            *(r.grouped("company_id").items() for r in self._by_rights_on_customer())
        ):
            partners = actions.partner_id.commercial_partner_id._origin
            points, details = worklist._get_explained(company, partners)
            for action in actions:
                customer = action.partner_id.commercial_partner_id._origin
                action.priority_points = points.get(customer.id, 0)
                action.priority_detail = details.get(customer.id)

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        # EXTENDS 'base': actions can be sorted and grouped by points
        if field_expr != "priority_points" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        join = query.make_alias(alias, "worklist")
        query.add_join(
            "LEFT JOIN",
            join,
            SQL("(%s)", self.env["dunning.worklist"]._table_query),
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(join, "partner_id"),
                SQL.identifier(alias, "partner_id"),
                SQL.identifier(join, "company_id"),
                SQL.identifier(alias, "company_id"),
            ),
        )
        return SQL("COALESCE(%s, 0)", SQL.identifier(join, "points"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _describe_next(self) -> str:
        """Return what is to be done, by which channel, when and why."""
        self.ensure_one()
        channels = dict(self._fields["channel"]._description_selection(self.env))
        text = self.env._(
            "%(channel)s on %(date)s: %(what)s",
            channel=channels[self.channel],
            date=format_date(self.env, self.date),
            what=self.title,
        )
        why = self._describe_cause()
        return self.env._("%(next)s – %(why)s", next=text, why=why) if why else text

    def _describe_cause(self):
        """Return why the action is there."""
        env = self.env
        if self.state == "failed":
            failure = (self.failure or "").strip()
            return env._("could not be carried out: %s", failure)
        if self.state == "to_validate":
            return env._("waits to be validated")
        return {
            "step": env._("the level is due"),
            "follow_up": env._("unpaid after the last level"),
            "deadline": env._("the deadline has passed"),
            "promise": env._("the promise was not kept"),
            "manual": self._get_note_beside() or env._("planned by hand"),
        }.get(self.kind)

    def _get_note_beside(self):
        """Return the note, unless the title says it already."""
        note = (self.note or "").strip()
        return note if note != self.title else ""
