# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models
from odoo.tools import SQL, format_amount

from ...tools.rating import RATINGS


class DunningConditionAmount(models.AbstractModel):
    """How much is to be collected."""

    _name = "dunning.condition.amount"
    _inherit = "dunning.condition"
    _description = "Priority: Amount to Collect"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.to_collect")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("%s to collect", format_amount(self.env, measure, currency))


class DunningConditionDays(models.AbstractModel):
    """For how long the oldest item has been late."""

    _name = "dunning.condition.days"
    _inherit = "dunning.condition"
    _description = "Priority: Days Late"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.days_late")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("%s days late", int(measure))


class DunningConditionBroken(models.AbstractModel):
    """How many promises were broken over the last year."""

    _name = "dunning.condition.broken"
    _inherit = "dunning.condition"
    _description = "Priority: Broken Promises"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.broken_count")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("broken promises: %s", int(measure))


class DunningConditionRating(models.AbstractModel):
    """How bad the rating is: A and no rating at all count as nothing."""

    _name = "dunning.condition.rating"
    _inherit = "dunning.condition"
    _description = "Priority: Rating"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL(
            "COALESCE(ARRAY_POSITION(%s::varchar[], basis.rating) - 1, 0)",
            list(RATINGS),
        )

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("rating %s", RATINGS[int(measure)].upper())


class DunningConditionNear(models.AbstractModel):
    """Something will soon be long unpaid."""

    _name = "dunning.condition.near"
    _inherit = "dunning.condition"
    _description = "Priority: Soon Long Unpaid"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        # Settings are read for whoever asks.
        company_sudo = company.sudo()
        limit = company_sudo.dunning_limit_days
        return SQL(
            "CASE WHEN %(age)s >= %(first)s AND %(age)s < %(limit)s THEN %(age)s END",
            age=SQL("(%s - basis.date_near)", company._dunning_today()),
            first=limit - company_sudo.dunning_limit_ahead_days,
            limit=limit,
        )

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("soon long unpaid: day %s", int(measure))


class DunningConditionLimit(models.AbstractModel):
    """The exposure is above the credit limit, in percent of it."""

    _name = "dunning.condition.limit"
    _inherit = "dunning.condition"
    _description = "Priority: Limit Exceeded"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL(
            "100 * (basis.exposure - basis.credit_limit)"
            " / NULLIF(GREATEST(basis.credit_limit, 0), 0)"
        )

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("%s %% above the limit", round(measure) or 1)


class DunningConditionDeadline(models.AbstractModel):
    """A deadline that was given has passed."""

    _name = "dunning.condition.deadline"
    _inherit = "dunning.condition"
    _description = "Priority: Deadline Passed"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.deadline_count")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("the deadline has passed")


class DunningConditionAnswered(models.AbstractModel):
    """The customer has answered and waits for us."""

    _name = "dunning.condition.answered"
    _inherit = "dunning.condition"
    _description = "Priority: Customer Answered"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.reply_count")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("has answered")


class DunningConditionUnreached(models.AbstractModel):
    """Was called over the last year, and has never been reached."""

    _name = "dunning.condition.unreached"
    _inherit = "dunning.condition"
    _description = "Priority: Never Reached"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        return SQL("basis.missed_count")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("called in vain: %s", int(measure))


class DunningConditionLimitation(models.AbstractModel):
    """Something will soon be time-barred, and the collector was told so."""

    _name = "dunning.condition.limitation"
    _inherit = "dunning.condition"
    _description = "Priority: Near Limitation"

    @api.model
    def _get_measure_sql(self, company):
        # OVERRIDES 'account_dunning'
        # The last day counts, too.
        return SQL("basis.limitation_days + 1")

    @api.model
    def _tell(self, measure, currency):
        # OVERRIDES 'account_dunning'
        return self.env._("time-barred in %s days", int(measure) - 1)
