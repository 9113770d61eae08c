from odoo import api, models
from odoo.tools import format_amount, formatLang


class DunningProfile(models.Model):
    """What is told of a profile to those who see figures."""

    _inherit = "dunning.profile"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _describe(self, row) -> list:
        """Return what is told of a profile: list of labels and texts, those that say
        nothing left out.

        :param row: dict of ``COLUMNS``
        """
        told = [*self._describe_habit(row), *self._describe_standing(row)]
        return [(label, text) for label, text in told if text]

    @api.model
    def _describe_habit(self, row):
        env = self.env
        level = env["dunning.level"].browse(row["level_id"])
        yield env._("Rating"), self._describe_rating(row)
        yield env._("Items paid over twelve months"), row["item_count"]
        if row["average_delay"] is not None:
            yield (
                env._("Days after the due date"),
                env._(
                    "%(average)s on average, %(weighted)s weighted by amount",
                    average=self._format_days(row["average_delay"]),
                    weighted=self._format_days(row["delay"]),
                ),
            )
        if row["trend"]:
            yield env._("Lately"), self._describe_trend(row["trend"])
        yield env._("Paid late"), self._format_share(row["late_share"])
        yield (
            env._("Paid only after a reminder"),
            self._format_share(row["reminded_share"]),
        )
        yield env._("Broken promises"), row["broken_count"]
        yield env._("Rejected disputes"), row["rejected_count"]
        # A level of a scenario that all companies share says its name to all.
        yield env._("Highest level reached"), level.sudo().name

    @api.model
    def _describe_rating(self, row):
        reason = self._get_rule_labels()[row["rating_rule"]]
        return f"{row['rating'].upper()} – {reason}" if row["rating"] else reason

    @api.model
    def _describe_trend(self, trend):
        days = self._format_days(abs(trend))
        if trend > 0:
            return self.env._("%s days later than in the months before", days)
        return self.env._("%s days earlier than in the months before", days)

    @api.model
    def _describe_standing(self, row):
        env = self.env
        labels = {
            "receivable": env._("Balance"),
            "orders": env._("Orders not yet invoiced"),
            "exposure": env._("Exposure"),
            "overdue": env._("Overdue and dunned"),
            "disputed": env._("– disputed"),
            "promised": env._("– promised"),
            "held": env._("– on hold"),
            "credit": env._("– covered by credits"),
            "to_collect": env._("To collect"),
        }
        shown = [name for name in labels if row[name]]
        if not row["orders"]:
            # It would say the balance again.
            shown = [name for name in shown if name != "exposure"]
        currency = env.company.currency_id
        for name in shown:
            yield labels[name], format_amount(env, row[name], currency)

    @api.model
    def _format_days(self, days):
        return formatLang(self.env, days, digits=1)

    @api.model
    def _format_share(self, share):
        if share is None:
            return None
        return f"{formatLang(self.env, 100 * share, digits=0)} %"
