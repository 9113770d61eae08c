from odoo import api, fields, models

# Days beyond which the time line does not draw levels further apart.
LADDER_MAXIMUM_ROOM = 15


class DunningScenario(models.Model):
    """Who is dunned how: a rule on customers, limits, and the levels in turn.

    An item takes the scenario of its invoice, else of its customer, else the first
    by sequence whose rule matches the customer, else the default of its company.
    A scenario without rule is only chosen by hand or as the default.
    """

    _name = "dunning.scenario"
    _inherit = ["dunning.plan.basis", "dunning.shared"]
    _description = "Dunning Scenario"
    _order = "sequence, id"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first scenario whose rule matches the customer applies."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the scenario among all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    description = fields.Text(
        translate=True, help="When to use this scenario, for those who assign it."
    )

    # === Who it is for === #
    partner_domain = fields.Char(
        string="Customers",
        help="Customers to whom the scenario applies by itself. Without any rule it is "
        "only chosen by hand or as the company's default.",
    )
    has_partner_rule = fields.Boolean(
        string="Applies by Itself",
        compute="_compute_has_partner_rule",
        inverse="_inverse_has_partner_rule",
        help="Applies to the customers that match the rule, without being assigned.",
    )
    amount_from = fields.Monetary(
        string="Overdue From", help="Applies from this overdue amount on, if set."
    )
    amount_to = fields.Monetary(
        string="Overdue Below", help="Applies below this overdue amount, if set."
    )

    # === Limits === #
    minimum_amount = fields.Monetary(
        default=0,
        help="Nothing goes out when what can be collected from the customer, in one "
        "currency, is at or below this amount.",
    )
    contact_gap_days = fields.Integer(
        string="Days Between Contacts",
        default=7,
        help="Minimum number of days between two contacts with one customer, over all "
        "channels and invoices.",
    )
    align_levels = fields.Boolean(
        help="Bring all overdue items of the customer to the level of the contact. "
        "Otherwise each item keeps its own level.",
    )
    level_ids = fields.One2many("dunning.level", "scenario_id", copy=True)
    level_count = fields.Integer(compute="_compute_level_count")
    ladder = fields.Html(string="Time Line", compute="_compute_ladder", sanitize=False)

    # === Constraints === #
    _minimum_amount_not_negative = models.Constraint(
        "CHECK(minimum_amount >= 0)",
        "The minimum amount of a scenario cannot be negative.",
    )
    _contact_gap_not_negative = models.Constraint(
        "CHECK(contact_gap_days >= 0)",
        "The number of days between two contacts cannot be negative.",
    )
    _contact_gap_in_a_century = models.Constraint(
        "CHECK(contact_gap_days <= 36500)",
        "The days between two contacts must be within a hundred years: lower them.",
    )
    _amounts_ordered = models.Constraint(
        "CHECK(COALESCE(amount_to, 0) = 0 OR amount_to > COALESCE(amount_from, 0))",
        "The overdue amount above which a scenario stops applying must be greater "
        "than the one from which it applies.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for scenario in self:
            company = scenario.company_id or self.env.company
            scenario.currency_id = company.currency_id

    @api.depends("level_ids")
    def _compute_level_count(self):
        for scenario in self:
            scenario.level_count = len(scenario.level_ids)

    @api.depends("partner_domain")
    def _compute_has_partner_rule(self):
        for scenario in self:
            scenario.has_partner_rule = bool(scenario.partner_domain)

    @api.onchange("has_partner_rule")
    def _inverse_has_partner_rule(self):
        for scenario in self:
            if bool(scenario.partner_domain) != scenario.has_partner_rule:
                scenario.partner_domain = "[]" if scenario.has_partner_rule else False

    @api.depends(
        "level_ids.name",
        "level_ids.active",
        "level_ids.delay_days",
        "level_ids.channel",
        "level_ids.execution",
        "level_ids.tone",
    )
    @api.depends_context("lang")
    def _compute_ladder(self):
        icons = self.env["dunning.channel"]._get_icons()
        for scenario in self:
            scenario.ladder = self.env["ir.qweb"]._render(
                "account_dunning.scenario_ladder",
                {"rungs": scenario._get_rungs(), "icons": icons},
            )

    def _get_rungs(self):
        """Return what the time line draws: the levels in order and the due date
        between them, each with the room its distance to the next one takes."""
        levels = self.level_ids.filtered("active").sorted("delay_days")
        rungs = [(level.delay_days, level) for level in levels]
        before = [rung for rung in rungs if rung[0] < 0]
        rungs = [*before, (0, None), *rungs[len(before) :]]
        days = [day for day, __ in rungs[1:]]
        return [
            {
                "level": level,
                "room": 1 + min(next_day - day, LADDER_MAXIMUM_ROOM),
                "channel": self._get_label(level, "channel"),
                "execution": self._get_label(level, "execution"),
            }
            for (day, level), next_day in zip(rungs, [*days, rungs[-1][0]], strict=True)
        ]

    @api.model
    def _get_label(self, level, field_name):
        if not level:
            return ""
        labels = dict(level._fields[field_name]._description_selection(self.env))
        return labels.get(level[field_name], "")

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.private
    def copy_translations(self, new, excluded=()):
        # EXTENDS 'base': a copy says that it is one, in each language
        super().copy_translations(new, excluded)
        if "name" in excluded:
            return
        for code, __ in self.env["res.lang"].get_installed():
            scenario = self.with_context(lang=code)
            name = scenario.env._("%s (copy)", scenario.name)
            new.with_context(lang=code).name = name

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_needed(self):
        # EXTENDS 'account_dunning': its levels go with it
        result = super()._unlink_except_dunning_needed()
        levels = self.with_context(active_test=False).level_ids
        levels._unlink_except_dunning_needed()
        return result
