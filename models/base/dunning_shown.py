from odoo import SUPERUSER_ID, api, models, tools

# What Odoo keeps beside records: of ours, it is as secret as they are.
BESIDE = ("ir.attachment", "mail.activity", "mail.message")
RELATIONS = ("many2one", "one2many", "many2many")


class DunningGuard(models.AbstractModel):
    """Forms of Odoo that name what is ours: they show names, files and texts of it that
    are read elevated, whoever asks."""

    _inherit = "dunning.guard"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _check_shown(self, records: models.BaseModel, values: dict) -> None:
        """Refuse a form of Odoo that names something of ours that one may not read:
        a record, or what is kept beside one.

        :param records: of the form: nothing, or the record that is changed
        :param values: what it sends, and begins with
        :raise AccessError: as Odoo says it
        """
        if self.env.su:
            return
        for name in self._get_showing_names(records._name) & values.keys():
            field, value = records._fields[name], values[name]
            if value and field.type in RELATIONS:
                self._check_shown_relation(records, field, value)
            elif value:
                self._check_shown_reference(records, field, values)

    @api.model
    @tools.ormcache("model_name")
    def _get_showing_names(self, model_name):
        """Return the names of the fields by which a form names records of ours, or
        lines that do."""
        return frozenset(
            field.name
            for field in self.env[model_name]._fields.values()
            if field.type in ("reference", "many2one_reference", *RELATIONS[1:])
            or (field.type == "many2one" and self._may_tell(field.comodel_name))
        )

    @api.model
    def _may_tell(self, model_name):
        """Return whether records of a model may tell something of ours."""
        known = model_name in self.env
        return model_name in BESIDE or (known and self._is_ours(self.env[model_name]))

    def _check_shown_relation(self, records, field, value):
        if field.type != "many2one" and not isinstance(value, list | tuple):
            return
        comodel = self.env[field.comodel_name]
        given, nested = self._read_given(field, value)
        if self._may_tell(comodel._name):
            # What the record names already is shown with it.
            known = records[field.name].ids if len(records) == 1 and records.id else ()
            self._check_told(comodel.browse(set(given).difference(known)))
        for vals in nested:
            self._check_shown(comodel, vals)

    def _check_shown_reference(self, records, field, values):
        value = values[field.name]
        try:
            if field.type == "reference":
                model_name, __, number = str(value).partition(",")
                number = int(number)
            else:
                known = records[field.model_field] if len(records) == 1 else False
                model_name = values.get(field.model_field, known)
                number = field.convert_to_cache(value, records.browse())
        except (TypeError, ValueError):
            # It names nothing, which is for Odoo to tell.
            return
        if isinstance(model_name, str) and self._may_tell(model_name):
            self._check_told(self.env[model_name].browse(number or ()))

    @api.model
    def _check_told(self, records):
        """Refuse those of some records that tell something of ours which one may not
        read.

        :raise AccessError: as Odoo says it
        """
        if telling := self._filter_telling(records):
            telling.check_access("read")

    @api.model
    def _filter_telling(self, records: models.BaseModel) -> models.BaseModel:
        """Return those of some records that tell something of ours, with the rights of
        the user.

        :param records: of ours, or what Odoo keeps beside records
        """
        # Whether something is ours is asked for those who may not read it.
        found_sudo = records.sudo().exists()
        if not self._is_ours(records):
            found_sudo = found_sudo.filtered(self._tells)
        return found_sudo.sudo(False)

    def _tells(self, record_sudo):
        """Return whether an attachment, activity or message tells something of ours."""
        match record_sudo._name:
            case "mail.message" if record_sudo._dunning_is_marked():
                return True
            case "mail.activity" if record_sudo.dunning_discreet:
                return True
        beside_message = record_sudo._name == "mail.message"
        name = record_sudo.model if beside_message else record_sudo.res_model
        if not name or name not in self.env:
            return False
        # Whose it is counts for those who may not read it.
        owner_sudo = self.env[name].sudo().browse(record_sudo.res_id or ())
        if name == "mail.message" and owner_sudo:
            return bool(self._filter_telling(owner_sudo))
        return self._is_ours(owner_sudo)

    @api.model
    def _hides(self, model_name: str | bool, id_: int | bool) -> bool:
        """Return whether a record is one of ours that the user may not read.

        :param model_name: of the record, which may be of any model, or of none
        """
        if not (model_name and id_ and self._may_tell(model_name)):
            return False
        record = self._filter_telling(self.env[model_name].browse(id_))
        return bool(record) and not record.has_access("read")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _compute_res_name(self):
        # EXTENDS 'mail': whoever fills in a form names any record, by its model too
        hidden = self.filtered(
            lambda own: (
                not own.id
                and own.env["dunning.guard"]._hides(own.res_model, own.res_id)
            )
        )
        hidden.res_name = False
        return super(MailActivity, self - hidden)._compute_res_name()


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _compute_record_name(self):
        # EXTENDS 'mail': as above
        hidden = self.filtered(
            lambda own: (
                not own.id and own.env["dunning.guard"]._hides(own.model, own.res_id)
            )
        )
        hidden.record_name = False
        return super(MailMessage, self - hidden)._compute_record_name()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        # EXTENDS 'base': whoever answers a message reads its name elevated
        super()._compute_display_name()
        if self.env.uid == SUPERUSER_ID:
            return
        telling = self.env["dunning.guard"]._filter_telling(self._origin)
        hidden = telling - telling._filtered_access("read")
        for message in self.filtered(lambda own: own._origin in hidden):
            message.display_name = False
