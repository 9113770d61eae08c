import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import reduce
from textwrap import shorten

from psycopg2 import OperationalError
from psycopg2.errors import QueryCanceled

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ...tools import text_preview
from ...tools.errors import NotShown, TextProblem, TooLong
from ...tools.words import OPEN_STATES
from ..base.dunning_entered import accepts
from .dunning_text_template import FIELD_PATH, MODEL

EXAMPLE_LENGTH = 120
# What a look at a text may take, in seconds.
TIME_LIMIT = 10


class DunningTextTemplate(models.AbstractModel):
    """Beside a text that is being written: what it gives for a real customer, and the
    fields that it may use.

    How it works: the screen asks for it, by methods, with the rights of who looks. What
    is typed is nobody's yet: none of it is evaluated, whoever has typed it. Its fields
    are looked up by name (``tools/text_preview.py``), so that no text can write, loop
    or grow; each statement of the database has its limit of time, and so has the whole.
    Template editors may use more than fields: such texts are shown once they are saved,
    by Odoo's own preview.
    """

    _inherit = "dunning.text.template"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT THE SCREEN ASKS FOR
    # ------------------------------------------------------------------

    @accepts(texts="dict", sample_id="many2one", lang="string")
    def dunning_get_preview(
        self, texts: dict, sample_id: int | bool = False, lang: str | bool = False
    ):
        """Return what texts give for an action. Nothing is written.

        :param texts: dict of field name to what is typed
        :param sample_id: id of the action; without it, one that sends the template
        :param lang: code of the language; without it, that of the user. In another one,
            what was saved in it is shown
        :return: dict of ``sample_id, lang, languages, subject, body, problem``
        :raise AccessError: the user may not read the template or the action
        """
        sample, lang = self._dunning_get_shown(sample_id, lang)
        shown = {"subject": "", "body": "", "problem": False}
        if self and lang != self.env.lang:
            # What is typed is not what customers of that language read.
            own = self.with_context(lang=lang)
            texts = {name: own[name] for name in self._dunning_text_fields}
        if sample:
            try:
                with self._dunning_limit_time():
                    shown |= self._dunning_get_texts(dict(texts), sample)
            except OperationalError as error:
                if not isinstance(error, QueryCanceled):
                    raise
                shown["problem"] = self._dunning_get_slow()
            except Exception as error:
                shown["problem"] = self._dunning_get_problem(error)
        return {
            **shown,
            "sample_id": sample.id,
            "lang": lang,
            "languages": self.env["res.lang"].get_installed(),
        }

    @accepts(sample_id="many2one", lang="string")
    def dunning_get_merge_fields(
        self, sample_id: int | bool = False, lang: str | bool = False
    ):
        """Return the fields that texts may use, each with what it says for an action.

        :param sample_id: as for :meth:`dunning_get_preview`
        :param lang: as for :meth:`dunning_get_preview`
        :return: list of dicts ``name, label, example``
        :raise AccessError: the user may not read the template or the action
        """
        sample, __ = self._dunning_get_shown(sample_id, lang)
        with self._dunning_limit_time():
            return [
                {
                    "name": f"object.{name}",
                    "label": label,
                    "example": self._dunning_get_example(sample, name),
                }
                for name, label in self.env[MODEL]._get_merge_fields().items()
            ]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - THE ACTION
    # ------------------------------------------------------------------

    def _dunning_get_shown(self, sample_id, lang):
        """Return the action to show texts for, in the language to show them in, and
        that language."""
        # Whoever calls it: what is shown is what the user may see.
        template = self.sudo(False)
        template.check_access("read")
        actions = template.env[MODEL]
        actions.check_access("read")
        sample = actions.browse(sample_id if isinstance(sample_id, int) else [])
        sample = sample.exists() or template._dunning_get_sample()
        sample.check_access("read")
        installed = dict(self.env["res.lang"].get_installed())
        lang = lang if lang in installed else self.env.lang
        return sample.with_context(lang=lang), lang

    def _dunning_get_sample(self):
        """Return an action to show the text for: one that sends it, else any."""
        actions = self.env[MODEL]
        if not actions.has_access("read"):
            return actions
        used = Domain.OR(
            Domain(f"level_id.{field_name}", "in", self.ids)
            for field_name in self._dunning_level_fields
        )
        is_open = Domain("state", "in", OPEN_STATES)
        for domain in (used & is_open, used, Domain("level_id", "!=", False)):
            if found := actions.search(domain, limit=1, order="id desc"):
                return found
        return actions

    @contextmanager
    def _dunning_limit_time(self) -> Iterator[None]:
        """Bound what each statement may take, and take back whatever was written."""
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self.env.cr.execute(
                SQL("SET LOCAL statement_timeout = %s", f"{TIME_LIMIT * 1000:.0f}ms")
            )
            yield

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TEXTS
    # ------------------------------------------------------------------

    def _dunning_get_texts(self, texts, sample):
        """Return the texts for an action, as ``subject`` and ``body``.

        :raise TextProblem: why they cannot be shown
        """
        sample = sample.with_context(dunning_paper=self._dunning_is_letter(sample))
        names = list(self._dunning_text_fields)
        lookup = self._dunning_make_lookup(sample)
        shown = {
            name: self._dunning_fill_text(name, str(texts.get(name) or ""), lookup)
            for name in names
        }
        body = shown.pop(names[-1])
        if self._dunning_text_fields[names[-1]] == "qweb":
            body = sample._sanitize_preview(body)
        return {"subject": shown.get("subject", ""), "body": body}

    def _dunning_fill_text(self, name, text, lookup):
        try:
            if self._dunning_text_fields[name] != "qweb":
                return text_preview.fill_line(text, lookup)
            return text_preview.fill_html(self._dunning_tag_expressions(text), lookup)
        except TooLong:
            problem = self.env._("it is too long to be shown here.")
        except NotShown as error:
            problem = self._dunning_get_not_shown(str(error))
        except TextProblem as error:
            problem = str(error)
        part = self._fields[name]._description_string(self.env)
        raise TextProblem(
            self.env._("%(what)s: %(details)s", what=part, details=problem)
        )

    def _dunning_make_lookup(self, sample):
        """Return what gives the value of a field of an action, within the time."""
        end = time.monotonic() + TIME_LIMIT
        known = {}

        def lookup(expression):
            if expression not in known:
                if time.monotonic() > end:
                    raise TextProblem(self._dunning_get_slow())
                known[expression] = self._dunning_get_value(sample, expression)
            return known[expression]

        return lookup

    def _dunning_get_value(self, sample, expression):
        path = FIELD_PATH.match(expression)
        if problem := self._dunning_get_name_problem(expression):
            raise TextProblem(problem)
        if not path:
            raise TextProblem(self._dunning_get_not_shown(expression))
        names = path[1].strip(".").split(".")
        return reduce(lambda record, name: record[name], names, sample)

    def _dunning_is_letter(self, sample):
        """Return whether the action prints the text."""
        return bool(self) and sample._get_letter_template() == self

    def _dunning_get_example(self, sample, name):
        try:
            value = sample[:1].mapped(name)
        except AccessError:
            return ""
        # Of what is empty there is no example; zero is one.
        found = value and value[0] is not False
        text = html2plaintext(str(value[0])) if found else ""
        return shorten(text, EXAMPLE_LENGTH, placeholder="…")

    # ------------------------------------------------------------------
    # BUSINESS METHODS - MESSAGES
    # ------------------------------------------------------------------

    def _dunning_get_slow(self) -> str:
        """Return what is said of a text that takes too long."""
        return self.env._("It takes too long to be shown here.")

    def _dunning_get_not_shown(self, what):
        return self.env._(
            "“%s” is more than a field: it is worked out when the text goes out, and "
            "not shown here.",
            what,
        )
