from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class ResCompany(models.Model):
    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_enabled = fields.Boolean(
        string="Daily Dunning",
        default=True,
        help="Dun the customers by itself on each working day.",
        groups=READERS,
    )
    dunning_run_ids = Ours(
        "dunning.run",
        "company_id",
        groups=READERS,
    )

    # === Constraints and indexes === #

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PLAN AND RUN
    # ------------------------------------------------------------------

    def _dunning_run(self, date=None, excluded_partners=None, excluded_lines=None):
        """Create the actions that the plan of the day asks for.

        Running again on the same day adds only what has become due since. A run for a
        day to come is a preview: it counts what the plan says and creates nothing.

        :param date: day of the run, today by default
        :param excluded_partners: ``res.partner`` to leave out this time
        :param excluded_lines: ``account.move.line`` to leave out this time
        :return: the ``dunning.run``
        :raise UserError: the company is archived, or another run is in progress
        """
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._(
                    "The company “%s” is archived: its customers are not dunned.",
                    self.name,
                )
            )
        # Nobody may create runs otherwise than by running.
        run_sudo = (
            self.env["dunning.run"]
            .sudo()
            ._create_for(self, self._dunning_scope(date).date)
        )
        self._dunning_settle()
        run_sudo._apply(
            excluded_partners or self.env["res.partner"],
            excluded_lines or self.env["account.move.line"],
        )
        return run_sudo.sudo(self.env.su)

    @api.model
    def _cron_dunning_run(self):
        """Run today's dunning of each company that has it enabled, each in its own
        transaction: the failure of one leaves the others alone."""
        self.env["dunning.guard"]._check_scheduled()
        companies = self.search([("dunning_enabled", "=", True)])
        for company in self.env["dunning.guard"]._take_turns(companies):
            company._dunning_as_itself()._dunning_run_safely()

    def _dunning_run_safely(self):
        """Run today's dunning when its turn has come, at the beginning of a
        transaction; a failure is written on a run of its own."""
        for _try in range(MAX_TRIES_ON_CONCURRENCY_FAILURE):
            try:
                self.env["dunning.run"]._wait_for_lock(self)
                with self.env.cr.savepoint():
                    self._dunning_get_scenarios()._tell_rule_problems()
                    return self._dunning_run()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                # Somebody else has changed the same rows: look at them again.
                self.env.cr.rollback()
                failure = error
            except Exception as error:
                failure = error
                break
        # Nobody may create runs otherwise than by running.
        return self.env["dunning.run"].sudo()._create_failed(self, failure)

    def _dunning_settle(self):
        """Bring up to date what the plan of today counts on, before a run and before a
        dry run. Override to settle something."""


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_enabled = fields.Boolean(
        related="company_id.dunning_enabled", readonly=False
    )
