from lxml import etree

from odoo import api, models

# The view that has the settings of all apps, and ours in it.
ALL_SETTINGS = "base.res_config_settings_view_form"
APP = "account_dunning"


class DunningSettings(models.TransientModel):
    """The settings of dunning for the credit manager, who need not be an administrator:
    those of the company he works in, and no others."""

    _name = "dunning.settings"
    _description = "Dunning Settings of a Company"
    _inherit = ["dunning.settings.fields", "dunning.guarded"]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base': the settings stand in one place, the view of Odoo's settings
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            # Views are read by the system, whoever looks at them.
            view_sudo = self.env.ref(ALL_SETTINGS).sudo()
            settings = etree.fromstring(view_sudo.get_combined_arch())
            arch.extend(settings.xpath(f"//app[@name='{APP}']"))
        return arch, view

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': saved is what was changed, in the company
        self.check_access("create")
        # What a context or one's own defaults name counts as well.
        defaults = self.default_get(list(self._fields))
        vals_list = [defaults | vals for vals in vals_list]
        self.browse()._check_settings(vals_list)
        vals_list = [self._drop_unchanged(vals) for vals in vals_list]
        # Who decides on dunning need not be allowed to change companies otherwise.
        settings_sudo = super(DunningSettings, self.sudo()).create(vals_list)
        return settings_sudo.sudo(self.env.su)

    def write(self, vals):
        # EXTENDS 'base'
        self.check_access("write")
        self._check_settings([vals])
        return super(DunningSettings, self.sudo()).write(vals)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def execute(self):
        """Close the settings: they have been saved with the form.

        :return: client action that shows them anew
        """
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def cancel(self):
        """Leave the settings as they were.

        :return: client action that shows them anew
        """
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_settings(self, vals_list):
        """Refuse settings of companies in which the user does not work, and records
        that he may not see, or that do not fit the company.

        :raise AccessError: the company or a record is not his
        :raise ValidationError: something is of another company
        """
        guard = self.env["dunning.guard"]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id"))
            companies = self.company_id | company or self.env.company
            companies._dunning_check_allowed()
            for name, value in vals.items():
                field = self._fields.get(name)
                if value and field and field.type == "many2one" and field.related:
                    record = self.env[field.comodel_name].browse(value)
                    record.check_access("read")
                    for owner in companies:
                        guard._check_belongs(field, record, owner)

    @api.model
    def _drop_unchanged(self, vals):
        """Return the values without those that the company has already: to write them
        may set much in motion."""
        company_id = vals.get("company_id") or self.env.company.id
        # Who decides on dunning need not read the rest of the company.
        company_sudo = self.env["res.company"].sudo().browse(company_id)
        return {
            name: value
            for name, value in vals.items()
            if name not in company_sudo._fields
            or not self._fields[name].related
            or self._fields[name].convert_to_cache(value, self)
            != company_sudo._fields[name].convert_to_cache(
                company_sudo[name], company_sudo
            )
        }
