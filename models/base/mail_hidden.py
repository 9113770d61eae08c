from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import READERS
from .mail_discreet import OURS


class DunningBeside(models.AbstractModel):
    """What Odoo keeps beside records, and shows to whoever has made it, or follows
    them: that of ours is for whom may read them."""

    _name = "dunning.beside"
    _description = "Beside a Record of Dunning"

    # By which fields it says whose it is.
    _dunning_place = ("res_model", "res_id")

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_hidden = fields.Boolean(
        compute="_compute_dunning_hidden",
        search="_search_dunning_hidden",
        groups=READERS,
        help="Belongs to a record of dunning that one may not read.",
    )

    # ------------------------------------------------------------------
    # COMPUTE AND SEARCH METHODS
    # ------------------------------------------------------------------

    @api.depends(lambda self: self._dunning_place if self._auto else ())
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_dunning_hidden(self):
        guard = self.env["dunning.guard"]
        model, number = self._dunning_place
        for own in self:
            # What is elsewhere is not looked at any further.
            is_ours = guard._may_tell(own[model])
            own.dunning_hidden = is_ours and guard._hides(own[model], own[number])

    def _search_dunning_hidden(self, operator, value):
        self._dunning_check_searchable("dunning_hidden")
        if operator != "in":
            return NotImplemented
        model = self._dunning_place[0]
        shown = Domain(model, "=", False) | Domain(model, "not =like", OURS)
        shown |= Domain.OR(
            self._dunning_get_readable_domain(own)
            for own in self._dunning_get_shown_models()
        )
        return shown if False in value else ~shown

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_shown_models(self):
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
        """Return the domain of what belongs to records of a model that the user may
        read: looked up one by one, for there may be a million of them."""
        found = model.with_context(active_test=False)._search(Domain.TRUE)
        place, number = self._dunning_place
        return Domain(place, "=", model._name) & Domain.custom(
            to_sql=lambda __, alias, ___: SQL(
                "EXISTS (SELECT 1 FROM (%s) readable WHERE readable.id = %s)",
                found.select(),
                SQL.identifier(alias, number),
            )
        )


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["mail.followers", "dunning.beside"]


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "dunning.beside"]

    _dunning_place = ("model", "res_id")
