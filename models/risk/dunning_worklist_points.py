from odoo import api, models
from odoo.tools import SQL

# How many customers are compared when a rule is changed.
COMPARED = 15


class DunningWorklist(models.Model):
    """Points, explained: which rule gives how many for what, and what a changed rule
    does to the order. The sum of what is shown is what the row has."""

    _inherit = "dunning.worklist"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_explained(self, company, partners) -> tuple[dict, dict]:
        """Return the points of customers and how they come about, in words.

        :param company: ``res.company``
        :param partners: commercial partners
        :return: dicts of partner id to points, and to text
        """
        rules = self._get_rules(company)
        if not rules or not partners:
            return {}, {}
        currency = company.currency_id
        points, details = {}, {}
        for partner_id, parts, measures in self.env.execute_query(
            self._get_parts_query(company, partners, rules)
        ):
            points[partner_id] = sum(parts)
            told = sorted(
                (
                    (-abs(part), self._tell(rule, part, measure, currency))
                    for rule, part, measure in zip(rules, parts, measures, strict=True)
                    if part
                ),
                key=lambda part: part[0],
            )
            details[partner_id] = ", ".join(text for _part, text in told)
        return points, details

    @api.model
    def _get_parts_query(self, company, partners, rules) -> SQL:
        conditions = self.env["dunning.condition"]
        return SQL(
            "SELECT partner_id, ARRAY[%s], ARRAY[%s] FROM (%s) basis",
            SQL(", ").join(rule._get_points_sql(company) for rule in rules),
            SQL(", ").join(
                SQL(
                    "(%s)::float8",
                    conditions._of(rule.condition)._get_measure_sql(company),
                )
                for rule in rules
            ),
            self._get_basis_query(company, partners),
        )

    @api.model
    def _tell(self, rule, points, measure, currency):
        condition = self.env["dunning.condition"]._of(rule.condition)
        return self.env._(
            "%(points)s: %(what)s",
            points=f"{points:+d}",
            what=condition._tell(measure, currency),
        )

    @api.model
    def _get_comparison(self, rule) -> list[dict]:
        """Return which customers come first when a rule is as it is on a form, before
        it is saved.

        :param rule: ``dunning.priority.rule``, with what has been entered
        :return: list of dicts, the first ones of the new order: ``name, place, before``
            (the place it has now), ``points, points_before, to_collect``
        """
        self.check_access("read")
        company = self.env.company
        saved = self._get_rules(company)
        changed = [other for other in saved if other != rule._origin]
        if (
            rule.condition
            and rule._counts_in(company)
            and rule._get_points_sql(company)
        ):
            changed.append(rule)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT *,
                       RANK() OVER (
                           ORDER BY points DESC, to_collect DESC, partner_id
                       ) AS place,
                       RANK() OVER (
                           ORDER BY points_before DESC, to_collect DESC, partner_id
                       ) AS before
                  FROM (
                           SELECT partner_id, to_collect,
                                  %(changed)s AS points, %(saved)s AS points_before
                             FROM (%(basis)s) basis
                       ) row
              ORDER BY place
                 LIMIT %(limit)s
                """,
                changed=self._get_sum_sql(changed, company),
                saved=self._get_sum_sql(saved, company),
                basis=self._get_basis_query(company),
                limit=COMPARED,
            )
        )
        partners = self.env["res.partner"].browse(row["partner_id"] for row in rows)
        # The names of customers whose figures one sees are shown with these.
        names = {
            partner.id: partner.name for partner in partners._filtered_access("read")
        }
        currency = company.currency_id
        return [
            {
                **row,
                "name": names.get(row["partner_id"]) or "",
                "to_collect": currency.format(row["to_collect"]),
            }
            for row in rows
        ]
