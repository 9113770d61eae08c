from odoo import Command, api, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.words import MANAGERS

# What defaults are taken from beside values.
CONTEXT_KEYS = {"active_id", "active_ids"}

# Fields of ours, on whatever model.
PREFIX = "dunning_"

# Of the keys by which a context says with what a record begins.
DEFAULT = "default_"


# What a form works out while it is edited is worked out elevated where fields
# are stored, and names are read elevated: whoever asks must be allowed to read each
# record that is given.
# No docstring: Odoo would take it for that of each model that has none.
class Base(models.AbstractModel):
    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        # EXTENDS 'web'
        guard = self.env["dunning.guard"]
        if guard._is_ours(self):
            guard._check_entered(self, values, form=True)
            if not self.env.su:
                # Elevated, a context may name any company: not so as who asks.
                guard._check_readable(self.env.companies)
                values, names = self._dunning_clean_onchange(values, field_names)
                if field_names and not names:
                    return {}
                field_names = names
            guard._check_values(self, values)
            guard._check_defaults(self)
        else:
            names = [name for name in self._fields if name.startswith(PREFIX)]
            given = {name: values[name] for name in names if name in values}
            if not self:
                # A new record begins with what a context or one's defaults name.
                given = self._dunning_get_defaults(names) | given
            guard._check_entered(self, given, form=True)
            guard._check_values(self, given)
            guard._check_shown(self, self._dunning_get_proposed() | values)
        return super().onchange(values, field_names, fields_spec)

    def _dunning_clean_onchange(self, values, names):
        """Leave out of what a form sends what it cannot set. Override to leave out
        some of it.

        :return: the values and the names that count
        """
        return values, names

    def _dunning_get_defaults(self, names):
        """Return the defaults of those of some fields that name records."""
        relations = [name for name in names if self._fields[name].relational]
        if not relations:
            return {}
        return self.default_get(relations) | self._dunning_get_described(relations)

    def _dunning_get_described(self, names):
        """Return those defaults of some fields that describe records by values, as a
        context or one's own defaults give them: Odoo takes a dictionary for a record
        that is not saved yet, which may stand for another one, and names others."""
        proposed = self._dunning_get_proposed()
        return {
            name: proposed[name]
            for name in names
            if isinstance(proposed.get(name), dict | list)
        }

    def _dunning_get_proposed(self):
        """Return the values with which a form of a new record begins, as far as a
        context or one's own defaults say so."""
        if self:
            return {}
        begin = len(DEFAULT)
        proposed = self.env["ir.default"]._get_model_defaults(self._name)
        return proposed | {
            key[begin:]: value
            for key, value in self.env.context.items()
            if key.startswith(DEFAULT)
        }

    def _dunning_check_searchable(self, name: str) -> None:
        """Refuse to search or sort by a field that one may not read: Odoo checks that
        for stored fields alone.

        :raise AccessError: as Odoo says it
        """
        self._check_field_access(self._fields[name], "read")


class DunningGuard(models.AbstractModel):
    """Whether somebody may read the records that they name. Everything that is given to
    a record of the addon, by values, defaults or a context, goes through here."""

    _name = "dunning.guard"
    _description = "Access to Records Given"

    @api.model
    def _is_ours(self, records):
        return records._original_module == "account_dunning"

    @api.model
    def _check_scheduled(self) -> None:
        """Refuse to start what is done on a schedule: Odoo lets every employee run the
        server action of a scheduled one.

        :raise AccessError: the user is no credit manager, nor the system
        """
        if not (self.env.su or self.env.user.has_group(MANAGERS)):
            raise AccessError(
                self.env._(
                    "The daily work of dunning starts by itself, or is started by a "
                    "credit manager."
                )
            )

    @api.model
    def _check_values(self, records: models.BaseModel, values: dict) -> None:
        """Refuse values that name records one may not read.

        :param records: what the values are for: nothing, or the record that is changed
        :param values: as for ``write``, by the web client or anybody else
        :raise AccessError: naming the kind of record
        """
        if self.env.su:
            return
        for name, value in values.items():
            field = records._fields.get(name)
            if not value or field is None or not field.relational:
                continue
            comodel = self.env[field.comodel_name]
            given, nested = self._read_given(field, value)
            # What the record names already is shown with it.
            known = records[name].ids if len(records) == 1 and records.id else ()
            self._check_readable(comodel.browse(set(given).difference(known)))
            for vals in nested:
                further = comodel.browse(self._keep_ids([vals.get("id")]))
                self._check_values(further, vals)

    @api.model
    def _read_given(self, field, value):
        """Return what a value of a relation names.

        :return: list of ids, and list of the values it gives to further records
        :raise ValidationError: what it describes has no id, but something else
        """
        if field.type == "many2one":
            # A line of a form names by values the record whose line it is.
            nested = [value] if isinstance(value, dict) else []
            id_ = value.get("id") if nested else value
            if nested and id_ and type(id_) is not int:
                # Odoo would take a list of one id for the id.
                raise ValidationError(self._tell_problem("record", id_))
            return self._keep_ids([id_]), nested
        if isinstance(value, models.BaseModel):
            return value.ids, []
        ids, nested = [], []
        for command in value:
            match command:
                case int():
                    ids.append(command)
                case dict():
                    # Odoo takes it for a new record.
                    nested.append(command)
                case (Command.CREATE, _, dict() as vals):
                    nested.append(vals)
                case (Command.UPDATE, id_, dict() as vals):
                    ids.append(id_)
                    nested.append(vals)
                case (Command.LINK, id_, *_):
                    ids.append(id_)
                case (Command.SET, _, list() | tuple() as linked):
                    ids += linked
        return self._keep_ids(ids), nested

    @api.model
    def _keep_ids(self, given):
        """Return those of some values that stand for a record: true is 1 to what is
        read already, and the database refuses it."""
        return [int(id_) for id_ in given if isinstance(id_, int) and id_]

    @api.model
    def _check_defaults(self, records):
        """Refuse a context whose defaults name records one may not read: they may be
        asked for by a compute only, which is elevated."""
        if not self.env.su and not records:
            relations = [n for n, field in records._fields.items() if field.relational]
            self._check_values(records, records._dunning_get_described(relations))
            self._check_values(records, records.default_get(relations))

    @api.model
    def _check_readable(self, records: models.BaseModel) -> None:
        """Refuse records that one may not read.

        :raise AccessError: as Odoo says it
        """
        if records._name == "res.company":
            # Administrators read companies in which they do not work.
            if set(records.ids) - set(self.env.user._get_company_ids()):
                raise AccessError(
                    self.env._("You do not work in this company: switch to it first.")
                )
        elif records:
            records.check_access("read")


class DunningGuarded(models.AbstractModel):
    """A model whose records name others: who makes or changes one must be allowed to
    read each of them, and may not move it to where they could not change it."""

    _name = "dunning.guarded"
    _description = "Record That Names Others"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base': the web client offers to archive to whom may write the field
        described = super().fields_get(allfields, attributes)
        active = described.get("active", {})
        if "readonly" in active and not self.browse().has_access("write"):
            active["readonly"] = True
        return described

    @api.model_create_multi
    def create(self, vals_list) -> models.BaseModel:
        # EXTENDS 'base': defaults and what follows from the values count as well
        guard = self.env["dunning.guard"]
        for vals in vals_list:
            # Afterwards, lists hold only what one may read.
            guard._check_values(self.browse(), vals)
        if CONTEXT_KEYS & self.env.context.keys():
            guard._check_defaults(self)
        records = super().create(vals_list)
        records._check_named(self._get_guarded_fields())
        return records

    def write(self, vals):
        # EXTENDS 'base'
        guard = self.env["dunning.guard"]
        for record in self:
            guard._check_values(record, vals)
        result = super().write(vals)
        if not self.env.su and self._get_guarded_fields() & vals.keys():
            self.check_access("write")
        return result

    def _get_guarded_fields(self):
        """Return the names of the relations that people give, directly or not."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.type in ("many2one", "many2many")
        } - {"create_uid", "write_uid"}

    def _check_named(self, names):
        """Refuse records that name others that one may not read.

        :param names: of the fields that name them
        :raise AccessError: as Odoo says it
        """
        if self.env.su:
            return
        for name in names:
            # Read by the user, a list holds only what they may read.
            named_sudo = self.sudo()[name]
            self.env["dunning.guard"]._check_readable(named_sudo.sudo(False))
