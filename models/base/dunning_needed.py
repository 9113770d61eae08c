from odoo import api, models, tools
from odoo.exceptions import UserError

from ...tools.words import READERS

# Models that use others by choice: something else can be chosen there.
CHOOSING = (
    "account.move",
    "dunning.department",
    "dunning.level",
    "dunning.reason",
    "res.company",
)


# What the history of dunning names or its settings use is not deleted. The database
# refuses that by its foreign keys; this says so in the words of whoever deletes. The
# fields that refuse are found in the registry: a new one needs nothing here. What it
# refers to inherits this, unless nobody can delete it at all.
# No docstring: Odoo would take it for that of each model that inherits.
class DunningNeeded(models.AbstractModel):
    _name = "dunning.needed"
    _description = "Record That Dunning Needs"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_needed(self) -> None:
        """Refuse to delete what is in use.

        :raise UserError: naming what needs it, and what to do
        """
        for model, name in self._dunning_get_needing():
            # It may be needed by other companies, and by those who see less.
            needing_sudo = self.env[model].sudo().with_context(active_test=False)
            if found_sudo := needing_sudo.search([(name, "in", self.ids)], limit=1):
                raise UserError(self._dunning_get_refusal(found_sudo, name))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("self._name")
    def _dunning_get_needing(self):
        """Return the fields of dunning that keep records of this model, as pairs of
        model and name; those of the history first, for they stay."""
        found = (
            (model._name, field.name)
            for model in self.env.values()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == self._name
            and field.ondelete == "restrict"
            and field._modules[:1] == ("account_dunning",)
        )
        return tuple(sorted(found, key=lambda pair: (pair[0] in CHOOSING, pair)))

    def _dunning_get_refusal(self, needing_sudo, name):
        """Return why a record cannot be deleted and what to do, as a message.

        :param needing_sudo: record that needs one of these
        :param name: field by which it does
        """
        record = needing_sudo[name].sudo(self.env.su).display_name
        if not self.env.su and not self.env.user.has_group(READERS):
            # What it is needed for is none of the user's business.
            message = self.env._(
                "“%s” is part of the company's records and cannot be deleted.", record
            )
        elif needing_sudo._name in CHOOSING:
            return self._dunning_get_choice(needing_sudo, record)
        else:
            message = self.env._(
                "“%(record)s” is part of the history of dunning (%(kind)s) and cannot "
                "be deleted.",
                record=record,
                kind=self._dunning_get_kind(needing_sudo),
            )
        if "active" not in self._fields:
            return message
        return f"{message} {self._dunning_get_way_out()}"

    def _dunning_get_way_out(self) -> str:
        """Return how to do without a record that cannot be deleted."""
        return self.env._("Archive it instead: it will not be proposed any more.")

    def _dunning_get_choice(self, needing_sudo, record):
        """Return where something else has to be chosen first, as a message."""
        needing = needing_sudo.sudo(self.env.su)
        if not needing.has_access("read"):
            return self.env._(
                "“%s” is used by another company and cannot be deleted.", record
            )
        return self.env._(
            "“%(record)s” cannot be deleted while “%(user)s” (%(kind)s) uses it: "
            "choose something else there first.",
            record=record,
            user=needing.display_name,
            kind=self._dunning_get_kind(needing),
        )

    @api.model
    def _dunning_get_kind(self, needing):
        return self.env["ir.model"]._get(needing._name).name


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "dunning.needed"]


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "dunning.needed"]

    def _dunning_get_staff(self) -> models.BaseModel:
        """Return those who work here, to be kept as who has done something: what
        visitors of the page do is nobody's, since they may delete their access."""
        return self.filtered(lambda user: not user.share)


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "dunning.needed"]


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "dunning.needed"]
