from collections.abc import Iterable

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

# Files are read by what they are attached to, whatever company they were added in, and
# companies are looked at otherwise.
FREE = {"ir.attachment", "res.company"}
RELATIONS = ("many2one", "many2many")
# What is set on these is set for the company in which one works.
SHARED = ("res.partner", "res.users")


class DunningGuard(models.AbstractModel):
    """Whether records name only what belongs to their company, to its parents, or to
    all: whoever reads them reads those names, and may work in no other company.

    Odoo's own check stops the system, too, which goes on where a customer was given to
    another company while somebody works on what it owes.
    """

    _inherit = "dunning.guard"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _check_companies(self, records: models.BaseModel, names: Iterable[str]) -> None:
        """Refuse records that name what belongs to another company than they do.

        :param records: just made or changed by a person, who may read what they name
        :param names: of fields that were given
        :raise ValidationError: naming the field, what it names, and the company
        """
        if self.env.su:
            return
        known = records._fields
        given = [known[n] for n in names if n in known and self._has_company(known[n])]
        if not given:
            return
        # What belongs to whom does not depend on who asks.
        for record_sudo in records.sudo():
            for company_sudo in self._get_owners(record_sudo):
                for field in given:
                    named_sudo = record_sudo[field.name]
                    self._check_belongs(field, named_sudo, company_sudo)

    @api.model
    def _check_belongs(
        self, field: fields.Field, named: models.BaseModel, company: models.BaseModel
    ) -> None:
        """Refuse what belongs to another company, and is named for a given one.

        :param field: by which it is named
        :param named: of any model, which the user may read
        :param company: whose record names it; none if all companies share that
        :raise ValidationError: naming the field, what it names, and the company
        """
        if not (named and self._has_company(field)):
            return
        # As above.
        named_sudo = named.sudo().with_context(active_test=False)
        if self._get_owner_names(named._name):
            wrong_sudo = named_sudo.filtered(
                lambda one_sudo: self._get_owners(one_sudo) - company
            )
        else:
            domain = named_sudo._check_company_domain(company)
            wrong_sudo = named_sudo - named_sudo.filtered_domain(domain)
        if wrong_sudo and named._name == "res.partner":
            wrong_sudo = self._drop_booked(wrong_sudo, company)
        if not wrong_sudo:
            return
        if named._name == "res.users":
            raise ValidationError(
                self.env._(
                    "%s does not work in this company: choose somebody who does.",
                    wrong_sudo[0].name,
                )
            )
        # Whose record it is is told by its name, which is no secret.
        company_sudo = company.sudo()
        raise ValidationError(
            self.env._(
                "%(field)s: “%(name)s” belongs to another company than “%(company)s”. "
                "Choose another one, or switch to its company.",
                field=field._description_string(self.env),
                name=wrong_sudo[0].display_name,
                company=company_sudo.name or self.env._("all companies"),
            )
        )

    @api.model
    def _drop_booked(self, partners, company):
        """Return those of some customers that are not in the ledger of a company, which
        tells of them anyway: they were given to another one since."""
        # Who may name a customer need not read the ledger.
        items_sudo = self.env["account.move.line"].sudo()
        booked = {
            commercial.id
            for [commercial] in items_sudo._read_group(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", partners.commercial_partner_id.ids),
                    ("parent_state", "=", "posted"),
                ],
                ["partner_id"],
            )
        }
        return partners.filtered(lambda one: one.commercial_partner_id.id not in booked)

    @api.model
    def _has_company(self, field):
        """Return whether a field names records that belong to companies."""
        if field.type not in RELATIONS or field.comodel_name in FREE:
            return False
        known = self.env[field.comodel_name]._fields
        return (
            "company_id" in known
            or "company_ids" in known
            or bool(self._get_owner_names(field.comodel_name))
        )

    @api.model
    def _get_owners(self, record):
        """Return to which companies a record belongs.

        :return: iterable of companies: an empty one for what all companies share
        """
        if record._name == "res.company":
            return record
        if record._name in SHARED:
            return self.env.company
        if "company_id" in record._fields:
            return [record.company_id]
        companies = self.env["res.company"]
        for name in self._get_owner_names(record._name):
            companies |= record[name].company_id
        return companies

    @api.model
    @tools.ormcache("model_name")
    def _get_owner_names(self, model_name):
        """Return by which fields records of ours name the work of a company to which
        they belong: lines and dialogs have no company themselves."""
        records = self.env[model_name]
        if not self._is_ours(records) or "company_id" in records._fields:
            return ()
        return tuple(
            name
            for name, field in records._fields.items()
            if field.type in RELATIONS and self._is_work(field.comodel_name)
        )

    @api.model
    def _is_work(self, model_name):
        """Return whether records of a model are work of one company, rather than what
        companies share."""
        records = self.env[model_name]
        return (
            self._is_ours(records)
            and "company_id" in records._fields
            and not isinstance(records, self.env.registry["dunning.shared"])
        )


class DunningGuarded(models.AbstractModel):
    _inherit = "dunning.guarded"

    @api.model
    def _get_crossing_fields(self) -> set[str]:
        """Return the names of the fields that may name what belongs to another company.
        Override to add some."""
        return set()

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        records = super().create(vals_list)
        given = {name for vals in vals_list for name in vals}
        names = {
            name
            for name in self._get_guarded_fields()
            # What follows from what is given follows by the system's rules.
            if not self._fields[name].compute
            or name in given
            or f"default_{name}" in self.env.context
        }
        names -= self._get_crossing_fields()
        self.env["dunning.guard"]._check_companies(records, names)
        return records

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if not self.env.su:
            moved = "company_id" in vals
            names = self._get_guarded_fields() if moved else vals.keys()
            names -= self._get_crossing_fields()
            self.env["dunning.guard"]._check_companies(self, names)
        return result
