from odoo import api, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    def _dunning_works_everywhere(self) -> bool:
        """Return whether the user works in each company: what all share is theirs to
        change."""
        self.ensure_one()
        # Others see their own companies only, and companies are few.
        # pylint: disable-next=no-search-all
        companies_sudo = self.env["res.company"].sudo().search([])
        return set(companies_sudo.ids) <= set(self._get_company_ids())

    def _dunning_get_shared_owners(self):
        """Return what stands for "all companies" in the rules on what they share: the
        empty company, or nothing."""
        return [False] if self._dunning_works_everywhere() else []


class DunningShared(models.AbstractModel):
    """Configuration of one company, its branches, or all: read where it is used,
    changed by those who work where it belongs to. Record rules say the same without a
    word."""

    _name = "dunning.shared"
    _description = "Configuration of a Company or of All"
    _inherit = ["dunning.guarded", "dunning.needed"]
    _check_company_domain = models.check_company_domain_parent_of

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        records = super().create(vals_list)
        records._check_changeable()
        return records

    def write(self, vals):
        # EXTENDS 'base'
        self._check_changeable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        self._check_changeable()

    def onchange(self, values, field_names, fields_spec):
        # EXTENDS 'web': say what to do instead before something is typed in vain
        self._check_changeable()
        return super().onchange(values, field_names, fields_spec)

    def copy_data(self, default=None):
        # EXTENDS 'base': a copy of what others share is one's own
        vals_list = super().copy_data(default)
        company = self._get_default_company()
        if (
            company
            and "company_id" in self._fields
            and self._fields["company_id"].store
        ):
            for vals in vals_list:
                if not (default or {}).get("company_id"):
                    owner = self.env["res.company"].browse(vals.get("company_id"))
                    if not owner or owner not in self.env.companies:
                        vals["company_id"] = company.id
        return vals_list

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_default_company(self) -> models.BaseModel:
        """Return whose a new record is: everybody's, where its author works
        everywhere."""
        # What is installed is for all.
        if self.env.su or self.env.user._dunning_works_everywhere():
            return self.env["res.company"]
        return self.env.company

    def _get_owners(self):
        """Return the records that say to which company these belong."""
        return self

    def _check_changeable(self):
        """Refuse to change what others use as well.

        :raise AccessError: saying what to do instead
        """
        for owner in self._get_owners():
            if refusal := owner._find_refusal():
                raise AccessError(refusal)

    def _find_refusal(self) -> str | None:
        """Return why the user must not change what others use as well, and what to do
        instead."""
        # Who changes none of these is told so by Odoo: no copy would help.
        if self.env.su or not self.browse().has_access("write"):
            return None
        if not self.company_id and not self.env.user._dunning_works_everywhere():
            return self.env._(
                "“%s” is shared by all companies: only who works in all of "
                "them can change it. Duplicate it for your company instead.",
                self.display_name,
            )
        if self.company_id - self.env.companies:
            # Where to switch to is told by its name, which is no secret.
            company_sudo = self.company_id.sudo()
            return self.env._(
                "“%(record)s” belongs to “%(company)s”: switch to that "
                "company, or duplicate it for yours.",
                record=self.display_name,
                company=company_sudo.name,
            )
        return None
