from collections import Counter

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    """Who collects from whom: chosen by the rules of assignment, for many at once and
    for customers who have nobody yet."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_balances(
        self, partner_ids: list | None = None
    ) -> dict[int, float]:
        """Return what customers owe the company, credits deducted.

        :param partner_ids: commercial partners; by default all with something open
        :return: dict of partner id to amount in company currency
        """
        self.ensure_one()
        self.env["dunning.plan"]._flush()
        chosen = SQL("TRUE")
        if partner_ids is not None:
            chosen = SQL("contact.commercial_partner_id = ANY(%s)", list(partner_ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.commercial_partner_id, SUM(line.amount_residual)
                  FROM account_move_line line
                  JOIN res_partner contact ON contact.id = line.partner_id
                 WHERE %(is_open)s
                   AND %(chosen)s
              GROUP BY contact.commercial_partner_id
              ORDER BY contact.commercial_partner_id
                """,
                is_open=self.env["dunning.plan"]._get_is_open_in_sql([self.id]),
                chosen=chosen,
            )
        )
        return dict.fromkeys(partner_ids or (), 0.0) | {
            partner: float(amount) for partner, amount in rows
        }

    def _dunning_count_customers_by_collector(self) -> Counter:
        """Return how many customers each collector has of their own."""
        partners = self.env["res.partner"].with_company(self)
        groups = partners._read_group(
            [("dunning_user_id", "!=", False)], ["dunning_user_id"], ["__count"]
        )
        return Counter({user.id: count for user, count in groups})

    def _dunning_assign(self, chosen: dict) -> None:
        """Give customers to their collectors.

        :param chosen: dict of customer id to user id
        """
        self.ensure_one()
        partners = self.env["res.partner"].with_company(self)
        ids = {}
        for partner_id, user_id in chosen.items():
            ids.setdefault(user_id, []).append(partner_id)
        for user_id, own in ids.items():
            partners.browse(own).write({"dunning_user_id": user_id})

    def _dunning_assign_new(self) -> None:
        """Give the customers who owe something and have no collector of their own to
        those whom the rules for new customers name. To be called elevated."""
        self.ensure_one()
        rules = self.env["dunning.assignment.rule"]._get_rules(self).filtered("for_new")
        if not rules:
            return
        balances = self._dunning_get_balances()
        partners = self.env["res.partner"].with_company(self)
        new = partners.search(
            [("id", "in", list(balances)), ("dunning_user_id", "=", False)]
        )
        chosen = rules._choose(self, {id_: balances[id_] for id_ in new.ids})
        self._dunning_assign({id_: user_id for id_, (user_id, __) in chosen.items()})
