from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL


class DunningPlan(models.AbstractModel):
    """A contact with one customer of a group counts for all of them, where the group
    says so. The statement is another one only in companies that have such a group."""

    _inherit = "dunning.plan"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_contact_sql(self, scope):
        # EXTENDS 'account_dunning'
        members = self.env["dunning.customer.group"]._get_members(scope.company.id)
        if not members:
            return super()._get_contact_sql(scope)
        if scope.partners is not None:
            groups = self.env["dunning.customer.group"]
            together = set(scope.partners) | groups._get_together(scope.partners)
            scope = replace(scope, partners=sorted(together))
        return SQL(
            """
            WITH contact AS MATERIALIZED (%(contact)s),
                 member AS MATERIALIZED (
                     SELECT *
                       FROM UNNEST(%(groups)s::int[], %(partners)s::int[])
                         AS member(group_id, partner_id)
                 )
            SELECT partner_id, MAX(date) AS date
              FROM (
                       SELECT partner_id, date FROM contact
                    UNION ALL
                       SELECT other.partner_id, contact.date
                         FROM contact
                         JOIN member ON member.partner_id = contact.partner_id
                         JOIN member other ON other.group_id = member.group_id
                   ) contact
          GROUP BY partner_id
            """,
            contact=super()._get_contact_sql(scope),
            groups=[group_id for group_id, _partner_id in members],
            partners=[partner_id for _group_id, partner_id in members],
        )


class DunningPlanKept(models.Model):
    """What changes a customer may change the others of its group."""

    _inherit = "dunning.plan.kept"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_marked(self):
        # EXTENDS 'account_dunning'
        marked = super()._get_marked()
        return marked | self.env["dunning.customer.group"]._get_together(marked)


class DunningAction(models.Model):
    """Of a group that counts contacts together, one customer is contacted at a time:
    when the next one's turn comes, it is known of."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _lock_due(self, domain, limit):
        # EXTENDS 'account_dunning'
        return super()._lock_due(domain, limit)._keep_one_by_group()

    def _keep_one_by_group(self):
        """Return the first of these actions in each group, and those of customers in
        none. The group belongs to the transaction, as the customer does."""
        groups = self.env["dunning.customer.group"]
        group_ids = {
            (company.id, partner_id): group_id
            for company in self.company_id
            for group_id, partner_id in groups._get_members(company.id)
        }
        first, alone = {}, self.browse()
        for action in self:
            if group_id := group_ids.get(action._get_customer_key()):
                first.setdefault(group_id, action)
            else:
                alone += action
        if not first:
            return self
        locked = groups._take_turn(list(first))
        return alone.concat(*(first[id_] for id_ in first if id_ in locked))
