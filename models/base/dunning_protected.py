from collections.abc import Iterable

from odoo import Command, api, models
from odoo.exceptions import UserError

# Written by the chatter and the activities, whatever the record: fields of these models
# that are called so. A field of ours may be called so, too.
SIDE_FIELDS = ("message_", "activity_", "rating_", "website_message_")
SIDE_MODELS = ("mail.thread", "mail.activity.mixin")


class DunningProtected(models.AbstractModel):
    """A model of which people change only what is theirs to change: everything else
    is set by the engine, which works elevated.

    Protected is each field that :meth:`_get_editable_fields` does not name, so that a
    new field is protected until somebody says otherwise. Neither values nor
    ``default_*`` keys of a context nor the default values that users set for
    themselves get through.

    Empty is not set, nor is what stays as it was: forms send each of their fields,
    those that nobody has filled in too.
    """

    _name = "dunning.protected"
    _description = "Record Kept by the System"
    _inherit = ["dunning.guarded"]

    def _get_editable_fields(self) -> set:
        """Return the names of the fields that people may set on these records; on no
        record, those they may give to a new one."""
        return set()

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': what a context or a user's settings propose does not count
        protected = self.browse()._get_protected(fields)
        values = super().default_get([name for name in fields if name not in protected])
        for name in protected:
            if self._fields[name].default:
                values[name] = self._fields[name].default(self)
        return values

    def write(self, vals) -> bool:
        # EXTENDS 'base': what changes nothing leaves no trace
        return super().write(vals) if vals else True

    def _load_records_write(self, values):
        # EXTENDS 'base': the number by which an import finds a record is no value
        return super()._load_records_write(
            {name: value for name, value in values.items() if name != "id"}
        )

    def _dunning_clean_onchange(self, values, names):
        # EXTENDS 'account_dunning': what the system sets is read, not given
        protected = self._get_protected(values)
        values = {name: values[name] for name in values if name not in protected}
        return values, [name for name in names if name not in protected]

    def _get_guarded_fields(self):
        # EXTENDS 'dunning.guarded': what the system sets is not given by people
        return super()._get_guarded_fields() & self.browse()._get_editable_fields()

    @api.model
    def _check_new(self, vals_list: list[dict]) -> None:
        """Refuse what people may not set on new records, and put the customer in the
        place of a contact that they have chosen.

        :param vals_list: as for ``create``, changed in place
        :raise UserError: naming the fields
        """
        for vals in vals_list:
            self._check_new_values(vals)
        self.env["res.partner"]._dunning_put_on_customer(vals_list)

    @api.model
    def _check_new_values(self, vals: dict) -> None:
        """Refuse what people may not set on a new record, and leave to its default
        what they leave empty.

        :param vals: of the new record, changed in place
        :raise UserError: naming the fields
        """
        new = self.browse()
        new._check_editable(vals)
        if not self.env.su:
            for name in new._get_protected(vals):
                del vals[name]

    def _check_editable(self, vals: dict) -> None:
        """Refuse what people may not set.

        :raise UserError: naming the fields
        """
        protected = [] if self.env.su else self._get_protected(vals)
        protected = [name for name in protected if self._is_set(name, vals[name])]
        if protected:
            raise UserError(
                self.env._(
                    "This is set by the system: %s.",
                    ", ".join(self._fields[name].string for name in sorted(protected)),
                )
            )

    def _get_protected(self, names: Iterable[str]) -> set[str]:
        """Return those of some names that are fields which people may not set."""
        editable = self._get_editable_fields()
        return {
            name
            for name in names
            if name in self._fields
            and name not in editable
            and not self._is_side_field(name)
        }

    @api.model
    def _is_side_field(self, name: str) -> bool:
        """Return whether the chatter or the activities write a field."""
        return name.startswith(SIDE_FIELDS) and any(
            name in self.env[model]._fields for model in SIDE_MODELS
        )

    def _is_set(self, name: str, value: object) -> bool:
        """Return whether a value sets something, rather than to leave as it is what
        is there."""
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            # Who writes need not be allowed to read what is there.
            return not self._is_no_command(value) or any(
                record_sudo[name] for record_sudo in self.sudo()
            )
        value = field.convert_to_cache(value, self)
        if not self:
            return bool(value)
        # Here neither.
        return any(
            field.convert_to_cache(record_sudo[name], record_sudo) != value
            for record_sudo in self.sudo()
        )

    @api.model
    def _is_no_command(self, value):
        """Return whether commands for a list of records leave it empty."""
        return not value or all(
            isinstance(command, list | tuple)
            and (
                command[0] == Command.CLEAR
                or (command[0] == Command.SET and not command[2])
            )
            for command in value
        )
