import operator

from odoo.tests import tagged

from .rights_common import ADDON, RightsCommon

# What the filter editor of the web client offers for each type of field; "set" and
# "not set" are compared with False.
OFFERED = {
    "boolean": ("=", "!="),
    "selection": ("=", "!=", "in", "not in"),
    "char": ("=", "!=", "ilike", "not ilike"),
    "text": ("=", "!=", "ilike", "not ilike"),
    "html": ("=", "!=", "ilike", "not ilike"),
    "date": ("=", "!=", "<", "<=", ">", ">="),
    "datetime": ("=", "!=", "<", "<=", ">", ">="),
    "integer": ("=", "!=", "<", "<=", ">", ">="),
    "float": ("=", "!=", "<", "<=", ">", ">="),
    "monetary": ("=", "!=", "<", "<=", ">", ">="),
    "many2one": ("in", "not in", "ilike", "not ilike"),
    "many2many": ("in", "not in", "ilike", "not ilike"),
    "one2many": ("in", "not in", "ilike", "not ilike"),
}
TYPED = {
    "boolean": True,
    "date": "2026-03-02",
    "datetime": "2026-03-02 08:00:00",
    "integer": 1,
    "float": 1.5,
    "monetary": 1.5,
    "many2one": 1,
    "many2many": 1,
    "one2many": 1,
}
COMPARED = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
NUMBERS = ("integer", "float", "monetary")
EXTENDED = ("res.partner", "res.users", "account.move", "account.move.line")


@tagged("post_install", "-at_install")
class TestFilters(RightsCommon):
    """Whoever builds a filter of his own finds what the screens show."""

    def test_each_operator_of_the_filter_editor_is_answered(self):
        asked = 0
        for records, field in self._get_worked_out():
            for sign in OFFERED.get(field.type, ()):
                for value in self._get_typed(field, sign):
                    with self.subTest(field=field, operator=sign, value=value):
                        records.search([(field.name, sign, value)], limit=1)
                        asked += 1
        self.assertGreater(asked, 150)

    def test_a_filter_finds_what_is_shown(self):
        compared = 0
        for records, field in self._get_worked_out():
            if field.type not in ("date", "selection", "boolean", *NUMBERS):
                continue
            shown = {record: record[field.name] for record in records.search([])}
            for value in dict.fromkeys([*list(shown.values())[:3], False]):
                for sign in self._get_compared(field, value):
                    with self.subTest(field=field, operator=sign, value=value):
                        self._check_found(field, shown, sign, value)
                        compared += 1
        self.assertGreater(compared, 50)

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    def _get_worked_out(self):
        """Yield the fields that are searched by a method of ours, with no records of
        their model, as the manager sees them."""
        for name in [*self._get_models(), *EXTENDED]:
            records = self._as("manager", name)
            if records._abstract or not records.has_access("read"):
                continue
            for field in records._fields.values():
                if (
                    set(field._modules) == {ADDON}
                    and not field.store
                    and not field.inherited
                    and not field.related
                    and field._description_searchable
                    and records._has_field_access(field, "read")
                ):
                    yield records, field

    def _get_typed(self, field, sign):
        """Return what a filter compares with: what is typed, and nothing."""
        typed = TYPED.get(field.type, "a")
        if field.type == "selection":
            typed = field._description_selection(self.env)[0][0]
        if sign in ("in", "not in"):
            return [[typed], [False]]
        return [typed] if sign not in ("=", "!=") else [typed, False]

    def _get_compared(self, field, value):
        if value is False and field.type in NUMBERS:
            return ()
        ordered = value and field.type in ("date", *NUMBERS)
        return tuple(COMPARED) if ordered else ("=", "!=")

    def _check_found(self, field, shown, sign, value):
        wanted = {
            record.id
            for record, own in shown.items()
            if self._meets(field, own, sign, value)
        }
        records = next(iter(shown)).browse()
        self.assertEqual(set(records.search([(field.name, sign, value)]).ids), wanted)

    def _meets(self, field, own, sign, value):
        if own is False and field.type == "date" and sign in ("<", ">"):
            # What has no last day is never barred.
            return field.name == "limitation_date" and sign == ">"
        return COMPARED[sign](own, value)
