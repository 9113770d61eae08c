from collections.abc import Iterable

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.mail.tools.parser import parse_res_ids

# How dialogs of Odoo say of which records they are.
OWNERS = ("model", "res_model")
NUMBERS = ("res_id", "res_ids")
# What Odoo keeps beside records: of ours, it is as secret as they are.
BESIDE = ("ir.attachment", "mail.activity", "mail.message")
# By what an activity says so.
WHERE = {"res_model", "res_model_id", "res_id"}
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
        for model_name in OWNERS:
            for name in NUMBERS:
                if values.get(model_name) and values.get(name):
                    self._check_shown_numbers(values[model_name], values[name])

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
    def _may_tell(self, model_name: str | bool) -> bool:
        """Return whether records of a model may tell something of ours.

        :param model_name: of any model, or none
        """
        known = bool(model_name) and model_name in self.env
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

    def _check_shown_numbers(self, model_name, numbers):
        if not isinstance(model_name, str) or not self._may_tell(model_name):
            return
        try:
            ids = parse_res_ids(
                numbers if isinstance(numbers, str) else [numbers], self.env
            )
        except (UserError, TypeError, ValueError):
            # It names nothing, which is for Odoo to tell.
            return
        self._check_rendered(model_name, ids or ())

    @api.model
    def _check_rendered(self, model_name: str | bool, ids: Iterable[int]) -> None:
        """Refuse to have something told, by what is worked out elevated, of records of
        ours that one may not read, or of what is kept beside them.

        :param model_name: of the records, which may be of any model, or of none
        :raise AccessError: as Odoo says it
        """
        if self._may_tell(model_name):
            self._check_told(self.env[model_name].browse(ids))

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

    @api.model
    def _hide_names(self, records: models.BaseModel) -> None:
        """Take the names from those of some records that tell something of ours which
        the user may not read.

        :param records: what Odoo keeps beside records
        """
        if self.env.uid == SUPERUSER_ID:
            return
        telling = self._filter_telling(records._origin)
        hidden = telling - telling._filtered_access("read")
        for record in records.filtered(lambda own: own._origin in hidden):
            record.display_name = False


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        # EXTENDS 'mail': it asks for the record where the activity stood alone, and
        # names the one where it goes
        result = super().write(vals)
        if not self.env.su and not WHERE.isdisjoint(vals):
            # E-mails and payments tell of dunning, too.
            self.check_access("create")
        return result

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
        result = super()._compute_display_name()
        self.env["dunning.guard"]._hide_names(self)
        return result


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        # EXTENDS 'base': files are looked for elevated, and afterwards it is looked at
        # whether they may be read: by what a file names anything could be guessed
        if not (self.env.su or bypass_access):
            domain = Domain(domain).map_conditions(self._dunning_follow_as_user)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _dunning_follow_as_user(self, condition):
        """Return a condition that goes by way of other records as one on those that
        the user finds."""
        head, __, rest = condition.field_expr.partition(".")
        operator, value = condition.operator, condition.value
        field = self._fields.get(head)
        if field is None or not field.relational:
            return condition
        if rest:
            wanted = Domain(rest, operator, value)
        elif operator in ("any", "not any") and isinstance(
            value, Domain | list | tuple
        ):
            wanted = Domain(value)
        elif "like" in operator:
            wanted = Domain("display_name", operator, value)
        else:
            return condition
        records = self.env[field.comodel_name].with_context(active_test=False)
        found = records._search(wanted)
        return Domain(head, "not in" if operator == "not any" else "in", found)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        # EXTENDS 'base': whoever names a file on a record of theirs reads its name
        # elevated
        result = super()._compute_display_name()
        self.env["dunning.guard"]._hide_names(self)
        return result
