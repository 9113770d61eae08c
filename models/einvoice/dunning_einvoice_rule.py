from collections.abc import Collection

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.einvoice_codes import get_name
from .dunning_einvoice_effect import EFFECTS


class DunningEinvoiceRule(models.Model):
    """What a status of an e-invoice does, alone or with one of its reasons: a rule with
    the reason is stronger than one without, and a company's own than a shared one."""

    _name = "dunning.einvoice.rule"
    _description = "What an E-Invoice Status Does"
    _inherit = ["dunning.shared"]
    _order = "code, reason_code nulls first, sequence, id"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    code = fields.Char(
        string="Status Code",
        required=True,
        help="As in XP Z12-012, for instance 207: in dispute.",
    )
    reason_code = fields.Char(
        help="The rule is for this reason alone; empty, for the status whatever its "
        "reason.",
    )
    status_name = fields.Char(string="Status", compute="_compute_names")
    reason_name = fields.Char(string="Reason of the Buyer", compute="_compute_names")
    effect = fields.Selection(
        EFFECTS, required=True, default="task", help="What dunning makes of it."
    )
    reason_id = fields.Many2one(
        "dunning.reason",
        string="Our Reason",
        check_company=True,
        ondelete="restrict",
        help="Of the dispute, the hold or the promise.",
    )
    department_id = fields.Many2one(related="reason_id.department_id")
    days = fields.Integer(
        help="Of a payment: the days after which it is dunned again. Otherwise the "
        "working days until it is to be settled; 0: as our reason says.",
    )
    note = fields.Char(
        string="What to Do", translate=True, help="What the task asks for."
    )
    sequence = fields.Integer(
        default=10, help="Of a status with several reasons the first rule counts."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the rule among all companies.",
    )

    # === Constraints === #
    _days_in_a_year = models.Constraint(
        "CHECK(days BETWEEN 0 AND 366)",
        "The days of a rule must be between 0 and a year: correct them.",
    )
    _once = models.UniqueIndex(
        "(code, COALESCE(reason_code, ''), COALESCE(company_id, 0)) WHERE active",
        "There is a rule for this status and reason already: change that one.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("code", "reason_code")
    @api.depends_context("lang")
    def _compute_names(self):
        for rule in self:
            rule.status_name = rule.code and get_name(rule.code, self.env.lang)
            rule.reason_name = rule.reason_code and get_name(
                rule.reason_code, self.env.lang
            )

    @api.depends("code", "reason_code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            names = (rule.code, rule.status_name, rule.reason_name)
            rule.display_name = " – ".join(filter(None, names))

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("code", "reason_code")
    def _check_codes(self):
        for rule in self:
            for code in filter(None, (rule.code, rule.reason_code)):
                if "," in code or code != "".join(code.split()):
                    raise ValidationError(
                        self.env._(
                            "“%s” is no code: write one code, without blanks and "
                            "commas, such as 207 or PU_ERR.",
                            code,
                        )
                    )
            if not (rule.code or "").strip():
                raise ValidationError(
                    self.env._("Write the code of the status, such as 207.")
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_rules(self, company):
        """Return the rules that count in a company, the strongest of the same status
        and reason first."""
        rules = self.search(self._check_company_domain(company))
        lineage = company._dunning_get_lineage(company)
        places = {id_: place for place, id_ in enumerate(lineage, 1)}
        return rules.sorted(
            lambda rule: (-places.get(rule.company_id.id, 0), rule.sequence, rule.id)
        )

    def _choose(self, code: str, reasons: Collection[str]):
        """Return which of these rules counts for a status.

        :param reasons: codes
        :return: the rule, none for a status that no rule knows; and whether each reason
            is known
        """
        of_code = self.filtered(lambda rule: rule.code == code)
        known = {rule.reason_code for rule in of_code if rule.reason_code}
        with_reason = of_code.filtered(lambda rule: rule.reason_code in reasons)
        without = of_code.filtered(lambda rule: not rule.reason_code)
        return (with_reason or without)[:1], known.issuperset(reasons)
