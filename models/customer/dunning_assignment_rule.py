from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.assignment import is_within, share, sort_key


class DunningAssignmentRule(models.Model):
    """Who collects from which customers: conditions, and one collector or a team whose
    members share the customers out among themselves."""

    _name = "dunning.assignment.rule"
    _description = "Assignment Rule"
    _inherit = ["dunning.conditions", "dunning.shared"]
    _order = "sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the rule among all companies.",
    )
    domain = fields.Char(help="On customers: industry, tags, salesperson and so on.")
    country_ids = fields.Many2many(
        "res.country", string="In Countries", help="Leave empty for all."
    )
    letter_first = fields.Char(
        string="Names From",
        size=10,
        help="Letters with which names begin, e.g. A, or DU; leave empty for the "
        "first. Accents do not count, and digits come before A.",
    )
    letter_last = fields.Char(
        string="Names To",
        size=10,
        help="Names that begin so are still meant; leave empty for the last.",
    )
    balance_from = fields.Float(
        digits=(16, 2),
        help="What customers owe the company at least, in its currency, credits "
        "deducted; 0: whatever they owe.",
    )
    balance_to = fields.Float(digits=(16, 2), help="At most; 0: without limit.")
    user_ids = fields.Many2many(
        "res.users",
        "dunning_assignment_rule_user_rel",
        "rule_id",
        "user_id",
        string="Collectors",
        required=True,
        domain="[('share', '=', False)]",
        help="Several share the customers out: who has one of them already keeps that "
        "one, others go to who has fewest customers.",
    )
    for_new = fields.Boolean(
        string="For New Customers",
        default=True,
        help="Each run gives customers who have no collector of their own to these.",
    )

    # === Constraints === #
    _balance_in_order = models.Constraint(
        "CHECK(balance_from >= 0 AND balance_to >= 0"
        " AND (balance_to = 0 OR balance_from <= balance_to))",
        "The balance of an assignment rule cannot be negative, nor begin above its "
        "end: change it.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("letter_first", "letter_last")
    def _check_letters(self):
        for rule in self:
            first, last = (
                sort_key(rule.letter_first or ""),
                sort_key(rule.letter_last or ""),
            )
            unreadable = (rule.letter_first and not first) or (
                rule.letter_last and not last
            )
            if unreadable or (last and first[: len(last)] > last):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: no name is between “%(first)s” and “%(last)s”. "
                        "Enter letters or digits, the first ones first.",
                        rule=rule.name,
                        first=rule.letter_first or "",
                        last=rule.letter_last or "",
                    )
                )

    @api.constrains("user_ids", "active")
    def _check_user_ids(self):
        for rule in self.filtered("active"):
            if not rule.user_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” gives customers to nobody: choose at least one "
                        "collector.",
                        rule.name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _choose(self, company: models.BaseModel, balances: dict) -> dict:
        """Return who should collect from some customers by these rules, the first that
        fits and whose collectors can work. To be called elevated.

        :param company: ``res.company``
        :param balances: dict of customer id to what it owes, in company currency
        :return: dict of customer id to user id and rule; without those that no rule
            is for
        """
        able = company._dunning_get_workers().able
        partners = self.env["res.partner"].with_company(company)
        partners = partners.with_context(active_test=False).browse(balances)
        partners.fetch(["name", "country_id", "dunning_user_id"])
        loads = company._dunning_count_customers_by_collector()
        left, chosen = dict.fromkeys(balances), {}
        for rule in self:
            team = [user.id for user in rule.user_ids if user.id in able]
            if not team or not left:
                continue
            found = rule._find_customers(company, partners.browse(left), balances)
            given = share(
                [(partner.id, partner.dunning_user_id.id) for partner in found],
                team,
                loads,
            )
            for partner in found:
                former = partner.dunning_user_id.id
                user_id = given[partner.id]
                chosen[partner.id] = (user_id, rule)
                if former != user_id:
                    loads[former] -= 1
                    loads[user_id] += 1
                del left[partner.id]
        return chosen

    def _find_customers(self, company, partners, balances):
        """Return those of some customers that the rule is for, those by name first;
        nobody when its conditions cannot be used any more."""
        found = self._find(company, Domain("id", "in", partners.ids))
        return (
            (found or partners.browse())
            .filtered(lambda partner: self._fits(partner, balances[partner.id]))
            .sorted(lambda partner: (sort_key(partner.name or ""), partner.id))
        )

    def _fits(self, partner, balance):
        return (
            (not self.country_ids or partner.country_id in self.country_ids)
            and is_within(
                partner.name or "", self.letter_first or "", self.letter_last or ""
            )
            and (not self.balance_from or balance >= self.balance_from)
            and (not self.balance_to or balance <= self.balance_to)
        )
