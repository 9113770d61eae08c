from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import READERS
from .mail_discreet import OURS


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    dunning_hidden = fields.Boolean(
        compute="_compute_dunning_hidden",
        search="_search_dunning_hidden",
        groups=READERS,
        help="Follows a record of dunning that one may not read.",
    )

    # ------------------------------------------------------------------
    # COMPUTE AND SEARCH METHODS
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_dunning_hidden(self):
        guard = self.env["dunning.guard"]
        for follower in self:
            follower.dunning_hidden = guard._hides(follower.res_model, follower.res_id)

    def _search_dunning_hidden(self, operator, value):
        self._dunning_check_searchable("dunning_hidden")
        if operator != "in":
            return NotImplemented
        shown = Domain("res_model", "not =like", OURS) | Domain.OR(
            self._dunning_get_readable_domain(model)
            for model in self._dunning_get_followed_models()
        )
        return shown if False in value else ~shown

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_followed_models(self):
        """Return our models whose records are followed and which the user may read."""
        # Record rules ask elevated.
        env = self.sudo(False).env
        return [
            env[name]
            for name, model in self.pool.items()
            if name.startswith(OURS.removesuffix("%"))
            and model._auto
            and "message_follower_ids" in model._fields
            and env[name].has_access("read")
        ]

    @api.model
    def _dunning_get_readable_domain(self, model):
        """Return the domain of who follows records of a model that the user may read:
        looked up one by one, for there may be a million of them."""
        found = model.with_context(active_test=False)._search(Domain.TRUE)
        return Domain("res_model", "=", model._name) & Domain.custom(
            to_sql=lambda __, alias, ___: SQL(
                "EXISTS (SELECT 1 FROM (%s) readable WHERE readable.id = %s)",
                found.select(),
                SQL.identifier(alias, "res_id"),
            )
        )
