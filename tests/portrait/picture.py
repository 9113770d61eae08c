"""What records, screens and papers say, in lines that change when that does."""

import json
import re
from collections import Counter, defaultdict
from hashlib import sha256

# Values that are told one by one: so many different ones, of such a length.
FEW, SHORT = 12, 48
# What is of the database, not of what it says: its moments and numbers.
PASSED_OVER = re.compile(
    "id|key|res_id|(create|write)_date|.*_ref|baseline|file_size|header_id|items_table"
    "|last_partial|once|whole_moves"
)
# The same within texts: keys of links, numbers of records and of files.
NUMBERS = re.compile(
    r"[\w-]{24,}|(?<=[a-z],)\d+|(?<=[=_[])\d+|(?<=-id=\")\d+|(?<=/my/dunning/)\d+"
    r"|(?<=[a-z]/)\d+(?=\")|\b0\d{5}\b|(?<=>#)\d+|(?<=\bPAY)\d+"
    # The database says when a workbook was begun.
    r"|\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"
)


class Picture:
    """Gathers what is told, and lays it out: for each part a title, for each name in it
    a line."""

    def __init__(self):
        self.parts = defaultdict(lambda: defaultdict(list))

    # ------------------------------------------------------------------
    # GATHER
    # ------------------------------------------------------------------

    def add(self, title: str, rows):
        """Add what is said by name.

        :param rows: dicts of names and values, lists of such dicts, or dicts of them
        """
        if isinstance(rows, dict):
            rows = [rows]
        for row in rows:
            for name, value in row.items():
                if PASSED_OVER.fullmatch(name) or self._is_window(value):
                    continue
                if self._has_rows(value):
                    self.add(f"{title}, {name}", value)
                else:
                    self.parts[title][name].append(self._show(value))

    def _is_window(self, value):
        # What it opens is searched for by numbers of records.
        return isinstance(value, dict) and "res_model" in value

    def _has_rows(self, value):
        rows = [value] if isinstance(value, dict) else value
        return (
            isinstance(rows, (list, tuple))
            and any(rows)
            and all(isinstance(row, dict) for row in rows)
        )

    def add_records(self, records, title=None, start="", stored=False):
        """Add the fields of records.

        :param title: of the part, by default the model
        :param start: what the names of the fields begin with
        :param stored: whether only what is kept is asked for, which is quick
        """
        names = [
            name
            for name, field in records._fields.items()
            if name.startswith(start)
            and (field.store or not stored)
            and not self._is_number(records, field)
            and records._has_field_access(field, "read")
        ]
        for record in records:
            for name in names:
                self.parts[title or records._name][name].append(
                    self._show(record[name])
                )

    def _is_number(self, records, field):
        """Return whether a field tells of the database."""
        name = records._rec_name if field.name == "display_name" else field.name
        return (
            field.type in ("binary", "json", "many2one_reference")
            or (field.type == "integer" and field.name.endswith("_id"))
            or bool(PASSED_OVER.fullmatch(name or ""))
        )

    def _show(self, value):
        if hasattr(value, "_ids"):
            # Who may not read a record may see that it is there.
            value_sudo = value.sudo()
            value = ", ".join(sorted(r.display_name or "" for r in value_sudo))
        if isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (dict, list, tuple)):
            value = json.dumps(value, sort_keys=True, default=str)
        return NUMBERS.sub("#", str(value))

    # ------------------------------------------------------------------
    # LAY OUT
    # ------------------------------------------------------------------

    def get_text(self) -> str:
        """Return the lines of all parts."""
        lines = []
        for title, names in sorted(self.parts.items()):
            lines += ["", f"# {title}"] if lines else [f"# {title}"]
            lines += [f"{name}: {self._tell(names[name])}" for name in sorted(names)]
        return "\n".join(lines) + "\n"

    def _tell(self, values):
        """Say a list of values: few as they are, many by their number, the sum and a
        mark of all of them."""
        counts = Counter(" ".join(str(value).split()) for value in values)
        if len(counts) <= FEW and all(len(text) <= SHORT for text in counts):
            told = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            return ", ".join(f"{text or '–'} ×{count}" for text, count in told)
        said = "\n".join(f"{text} ×{count}" for text, count in sorted(counts.items()))
        mark = sha256(said.encode()).hexdigest()[:10]
        told = f"{len(values)}, of which {len(counts)} different ({mark})"
        if all(isinstance(value, (int, float)) for value in values):
            told += f", together {sum(values):.2f}"
        return told
