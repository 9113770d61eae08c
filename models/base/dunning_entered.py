from collections.abc import Collection
from functools import wraps
from inspect import signature

from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import entered
from .dunning_guarded import DEFAULT, PREFIX

SHOWN_LENGTH = 50


def accepts(**kinds: str | Collection):
    """Have a method that anybody may call be given what it can work with.

    :param kinds: kind of each argument, see ``tools/entered.py``; or what it can be
    """

    def decorate(method):
        arguments = signature(method)

        @wraps(method)
        def checked(self, *args, **kwargs):
            given = arguments.bind(self, *args, **kwargs).arguments
            guard = self.env["dunning.guard"]
            for name, kind in kinds.items():
                guard._check_argument(kind, given.get(name))
            return method(self, *args, **kwargs)

        checked._dunning_accepts = kinds
        return checked

    return decorate


def _check_first(method):
    """Have what is given to ``create`` or ``write`` looked at before anything else, and
    what a record of Odoo names afterwards."""

    @wraps(method)
    def checked(self, *args, **kwargs):
        if self.env.su or not (args or kwargs):
            return method(self, *args, **kwargs)
        values = args[0] if args else next(iter(kwargs.values()))
        self._dunning_check_given(values)
        result = method(self, *args, **kwargs)
        creates = method.__name__ == "create"
        if names := self._dunning_get_given_names(values, creates):
            records = result if creates else self
            self.env["dunning.guard"]._check_companies(records, names)
        return result

    checked._dunning_checks_first = True
    return checked


# No docstring: Odoo would take it for that of each model that has none.
class Base(models.AbstractModel):
    _inherit = "base"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _add_missing_default_values(self, values):
        # EXTENDS 'base': what a context or one's own defaults propose is given as well
        complete = super()._add_missing_default_values(values)
        if not self.env.su:
            proposed = self.env["ir.default"]._get_model_defaults(self._name)
            given = {
                name: value
                for name, value in complete.items()
                if name.startswith(PREFIX)
                and (name in proposed or f"default_{name}" in self.env.context)
            }
            if given:
                self._dunning_check_given(given)
        return complete

    def _dunning_get_given_names(self, values, creates):
        """Return the names of the fields of ours that are given to records of Odoo.

        :param values: as for ``create`` or ``write``
        :param creates: whether a context and one's own defaults give values as well
        """
        if self.env["dunning.guard"]._is_ours(self):
            # They look at what they name themselves.
            return set()
        given = [values] if isinstance(values, dict) else values
        names = {name for vals in given for name in vals if name.startswith(PREFIX)}
        if creates:
            begin = len(DEFAULT)
            proposed = {k[begin:] for k in self.env.context if k.startswith(DEFAULT)}
            proposed |= self.env["ir.default"]._get_model_defaults(self._name).keys()
            names |= {name for name in proposed if name.startswith(PREFIX)}
        return names

    def _dunning_check_given(self, values):
        """Refuse what fields of ours cannot hold or, on a model of Odoo, may not name.

        :param values: as for ``create`` or ``write``
        :raise AccessError: naming the kind of record
        :raise ValidationError: naming the field
        """
        guard = self.env["dunning.guard"]
        ours = guard._is_ours(self)
        for vals in [values] if isinstance(values, dict) else values:
            if not ours:
                vals = {n: vals[n] for n in vals if n.startswith(PREFIX)}  # noqa: PLW2901
            if vals:
                guard._check_entered(self, vals)
            if vals and not ours:
                for record in self or [self]:
                    guard._check_values(record, vals)


class DunningGuard(models.AbstractModel):
    """Whether what is given to fields and methods is of their kind. Otherwise Python or
    the database would refuse it, in words that help nobody."""

    _inherit = "dunning.guard"

    # ------------------------------------------------------------------
    # SETUP
    # ------------------------------------------------------------------

    def _register_hook(self):
        # EXTENDS 'base': whatever extends a model may work with what it is given
        super()._register_hook()
        for model_name, model_class in self.env.registry.items():
            if model_class._abstract or not self._has_entered_fields(model_name):
                continue
            for name in ("create", "write"):
                method = getattr(model_class, name)
                if not getattr(method, "_dunning_checks_first", False):
                    setattr(model_class, name, _check_first(method))

    @api.model
    def _has_entered_fields(self, model_name):
        """Return whether people can give something of ours to records of a model; what
        it inherits is looked at where it is given on."""
        records = self.env[model_name]
        return self._is_ours(records) or any(
            name.startswith(PREFIX)
            and not field.inherited
            and (field.inverse or not field.compute)
            for name, field in records._fields.items()
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _check_entered(
        self, records: models.BaseModel, values: dict, form: bool = False
    ) -> None:
        """Refuse values that the fields of a model cannot hold.

        :param records: of the model
        :param values: as for ``write``, by the web client or anybody else
        :param form: whether they are those of a form that is not saved yet, in which a
            line names by values the record whose line it is
        :raise ValidationError: naming the field
        """
        if self.env.su:
            return
        if not isinstance(values, dict):
            raise ValidationError(self._tell_problem("single", values))
        ours = self._is_ours(records)
        for name, value in values.items():
            field = records._fields.get(name)
            if field is None or not (ours or name.startswith(PREFIX)):
                continue
            comodel = self.env[field.comodel_name] if field.relational else None
            if form and field.type == "many2one" and self._is_form(comodel, value):
                self._check_entered(comodel, value, form)
                continue
            if problem := self._find_problem(field, value):
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(problem)s",
                        field=field._description_string(self.env),
                        problem=self._tell_problem(problem, value),
                    )
                )
            if field.type in entered.LISTS and value:
                for vals in self._read_given(field, value)[1]:
                    self._check_entered(comodel, vals, form)

    @api.model
    def _is_form(self, records, value):
        """Return whether a value is what a form shows of a record."""
        return isinstance(value, dict) and value.keys() <= records._fields.keys()

    @api.model
    def _find_problem(self, field, value):
        """Return what is wrong with the value of a field, None when nothing is."""
        choices = field.get_values(self.env) if field.type == "selection" else None
        return entered.find_problem(field.type, value, choices)

    @api.model
    def _check_argument(self, kind: str | Collection, value: object) -> None:
        """Refuse what the argument of a method cannot be.

        :raise ValidationError: saying what it can be
        """
        choices = None if isinstance(kind, str) else kind
        kind = kind if choices is None else "selection"
        if problem := entered.find_problem(kind, value, choices):
            raise ValidationError(self._tell_problem(problem, value))

    @api.model
    def _get_context_ids(self, key: str) -> list:
        """Return the ids that a context names, one or several: anybody may send it.

        :raise ValidationError: they are none
        """
        value = self.env.context.get(key) or []
        ids = value if isinstance(value, list | tuple) else [value]
        self._check_argument("ids", ids)
        return list(ids)

    @api.model
    def _get_context_id(self) -> int | bool:
        """Return the id of the record from which a dialog is opened, or False."""
        return next(iter(self._get_context_ids("active_id")), False)

    @api.model
    def _tell_problem(self, problem, value):
        """Return what is wrong, in the words of the user."""
        shown = str(value)[:SHOWN_LENGTH].encode(errors="replace").decode()
        shown = shown.replace("\0", "\N{REPLACEMENT CHARACTER}")
        match problem:
            case "number":
                return self.env._("“%s” is no number: enter one.", shown)
            case "too_large":
                return self.env._("“%s” is too large: enter less.", shown)
            case "date":
                return self.env._("“%s” is no date: write it as in 2026-12-31.", shown)
            case "too_early":
                return self.env._(
                    "“%(value)s” is too long ago: choose a date from the year "
                    "%(year)d on.",
                    value=shown,
                    year=entered.FIRST_YEAR,
                )
            case "character":
                return self.env._(
                    "The text has a character that cannot be kept: type it again."
                )
            case "too_long":
                return self.env._(
                    "The text is too long: shorten it to %d characters.",
                    entered.MAX_LENGTH,
                )
            case "choice":
                return self.env._("There is no choice “%s”: choose another.", shown)
            case "record" | "records":
                return self.env._("“%s” is no record: choose one of the list.", shown)
        return self.env._("“%s” is not what is expected here: enter it again.", shown)
