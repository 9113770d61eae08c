from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# More names would not be read.
MOST_NAMED = 40


class DunningAssignmentDialog(models.TransientModel):
    """Customers are given to collectors, many at once: by the rules, or to one. What
    would change is shown before, with what each collector would have."""

    _name = "dunning.assignment.dialog"
    _description = "Assign Customers"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    scope = fields.Selection(
        [
            ("selected", "Selected Customers"),
            ("unassigned", "Those Who Need a Collector"),
            ("without", "Those without a Collector of Their Own"),
            ("all", "All Who Owe Something"),
        ],
        string="Customers",
        required=True,
        default=lambda self: self._get_default_scope(),
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Selected",
        default=lambda self: self._get_default_partners(),
    )
    way = fields.Selection(
        [("rules", "By the Rules"), ("user", "One Collector")],
        string="Give Them",
        required=True,
        default="rules",
    )
    user_id = fields.Many2one(
        "res.users", string="Collector", domain="[('share', '=', False)]"
    )
    change_count = fields.Integer(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("scope", "partner_ids", "way", "user_id")
    @api.depends_context("company", "lang")
    def _compute_preview(self):
        for dialog in self:
            balances = dialog._get_balances()
            chosen = dialog._get_chosen(balances)
            changes = dialog._get_changes(chosen)
            dialog.change_count = len(changes)
            dialog.preview = self.env["ir.qweb"]._render(
                "account_dunning.assignment_preview",
                dialog._prepare_preview(balances, chosen, changes),
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self) -> dict:
        """Give the customers to their collectors, in the current company.

        :return: action that says how many they were, and closes the dialog
        :raise UserError: nothing would change
        """
        self.ensure_one()
        self.check_access("write")
        changes = self._get_changes(self._get_chosen(self._get_balances()))
        if not changes:
            raise UserError(
                self.env._(
                    "Nothing would change. Choose other customers or another "
                    "collector, or enter rules under Configuration › Assignment Rules."
                )
            )
        self.env.company._dunning_assign(
            {partner.id: user.id for partner, user, __ in changes}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Customers with another collector now: %s. What was open went "
                    "along.",
                    len(changes),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return []
        ids = self.env["dunning.guard"]._get_context_ids("active_ids")
        partners = self.env["res.partner"].browse(ids)
        return [Command.set(partners.exists().commercial_partner_id.ids)]

    @api.model
    def _get_default_scope(self):
        if self._get_default_partners():
            return "selected"
        # What has to be done first; otherwise those who may be given to somebody.
        partners = self.env["res.partner"].with_company(self.env.company)
        domain = [
            ("id", "in", list(self.env.company._dunning_get_balances())),
            ("dunning_is_unassigned", "=", True),
        ]
        return "unassigned" if partners.search_count(domain, limit=1) else "without"

    def _get_balances(self):
        """Return the customers that are meant, with what they owe."""
        self.ensure_one()
        company = self.env.company
        partners = self.env["res.partner"].with_company(company)
        if self.scope == "selected":
            ids = self.partner_ids._origin.commercial_partner_id.ids
            return company._dunning_get_balances(ids)
        balances = company._dunning_get_balances()
        domain = [("id", "in", list(balances))]
        if self.scope == "unassigned":
            domain.append(("dunning_is_unassigned", "=", True))
        if self.scope == "without":
            domain.append(("dunning_user_id", "=", False))
        found = partners.search(domain)
        return {id_: balances[id_] for id_ in found.ids}

    def _get_chosen(self, balances):
        """Return who would collect from whom: dict of customer id to user id and rule,
        which is empty for who was chosen by hand."""
        rules = self.env["dunning.assignment.rule"]
        if self.way == "user":
            return dict.fromkeys(balances, (self.user_id._origin.id, rules))
        # Conditions are read elevated, as by the runs: see the rules of scenarios.
        company_sudo = self.env.company.sudo()
        rules_sudo = company_sudo.env["dunning.assignment.rule"]._get_rules(
            company_sudo
        )
        return rules_sudo._choose(company_sudo, balances)

    def _get_changes(self, chosen):
        """Return who would be given to somebody else: customer, collector and rule."""
        partners = self.env["res.partner"].with_company(self.env.company)
        users, prefetched = self.env["res.users"], list(chosen)
        changes = []
        for partner_id, (user_id, rule) in chosen.items():
            partner = partners.browse(partner_id).with_prefetch(prefetched)
            if user_id and partner.dunning_user_id.id != user_id:
                changes.append((partner, users.browse(user_id), rule))
        return changes

    def _prepare_preview(self, balances, chosen, changes):
        env = self.env
        currency = env.company.currency_id
        more = len(changes) - MOST_NAMED
        unmatched = len(balances) - len(chosen)
        return {
            "summary": self._tell_changes(len(changes), len(balances)),
            "collectors": self._prepare_collectors(balances, changes),
            "changes": [
                {
                    "customer": partner.display_name,
                    "former": self._tell_former(partner),
                    "collector": user.name,
                    "rule": rule.name or "",
                    "balance": format_amount(env, balances[partner.id], currency),
                }
                for partner, user, rule in changes[:MOST_NAMED]
            ],
            "more": more > 0 and env._("… and %s more.", more),
            "total": len(balances),
            "unmatched": unmatched > 0
            and env._("No rule is for %s of them: they stay as they are.", unmatched),
            "rules": self.way == "rules",
        }

    def _tell_changes(self, count, total):
        if not count:
            return self.env._(
                "None of %s customers would be given to another collector.", total
            )
        return self.env._(
            "%(shown)s of %(total)s customers would be given to another collector.",
            shown=count,
            total=total,
        )

    def _tell_former(self, partner):
        """Return who has collected from a customer until now."""
        if partner.dunning_user_id:
            return partner.dunning_user_id.name
        default = partner.dunning_collector_id
        return self.env._("%s (by default)", default.name) if default else ""

    def _prepare_collectors(self, balances, changes):
        """Return what each collector would have: customers before and after, and what
        the new ones owe."""
        company = self.env.company
        before = company._dunning_count_customers_by_collector()
        after, owed = Counter(before), Counter()
        for partner, user, __ in changes:
            former = partner.dunning_user_id
            if former:
                after[former.id] -= 1
            after[user.id] += 1
            owed[user.id] += balances[partner.id]
        changed = [id_ for id_ in after if after[id_] != before[id_] or id_ in owed]
        users = self.env["res.users"].browse(changed).sorted("name")
        return [
            {
                "name": user.name,
                "before": before[user.id],
                "after": after[user.id],
                "owed": format_amount(self.env, owed[user.id], company.currency_id),
            }
            for user in users
        ]
