import logging

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import (
    letter_body,
    merge_fields,
    plain_text,
    portal_mask,
    text_preview,
    text_safety,
)
from odoo.addons.account_dunning.tools.errors import TooLong

KINDS = {
    ("order", "name"): "",
    ("order", "date"): "",
    ("order", "lines"): "line",
    ("order", "others"): "line",
    ("order", "customer"): "partner",
    ("line", "name"): "",
    ("line", "product"): "product",
    ("product", "name"): "",
    ("partner", "name"): "",
}
SCOPE = {"object": "order"}


def _follow(kind, name):
    return KINDS.get((kind, name))


@tagged("post_install", "-at_install")
class TestTextTools(BaseCase):
    """What is read, looked at and laid out of texts, case by case."""

    # ------------------------------------------------------------------
    # WHAT DOES NO HARM
    # ------------------------------------------------------------------

    def test_expressions_that_only_show_something_have_the_kind_of_what_they_show(
        self,
    ):
        for expression, kind in {
            "'a'": "",
            "None": "",
            "1.5": "",
            "object": "order",
            "object.name": "",
            "object.lines": "line",
            "object.date.year": "",
            "object.lines or object.others": "line",
            "object.lines or object.name": "",
            "object.lines if object.name else object.others": "line",
            "object.lines if object.name else object.customer": "",
            "not object.lines": "",
            "-1": "",
            "1 - 2": "",
            "1 / 2": "",
            "object.name == 'a'": "",
            "1 < 2 < 3": "",
            "object.name in ('a', object.date)": "",
            "('a', object.name)": "",
            "['a', object.name]": "",
            "str(object.name)": "",
            "format_date(object.date, date_format='MMM')": "",
            "object.name.upper()": "",
            "', '.join(object.lines.mapped('name'))": "",
            "object.lines.mapped('name')": "",
            "object.lines.mapped('product')": "product",
            "object.lines.mapped('product.name')": "",
        }.items():
            with self.subTest(expression=expression):
                found = text_safety.check_expression(expression, SCOPE, _follow)
                self.assertEqual(found, kind)

    def test_expressions_that_do_more_than_to_show_are_refused(self):
        for expression in (
            "",
            "b'a'",
            "other",
            "object.secret",
            "object.name.secret",
            "object.name.format",
            "object.date.hour",
            "object.lines or object.secret",
            "object.name if object.secret else object.name",
            "object.secret if object.name else object.name",
            "object.name if object.name else object.secret",
            "not object.secret",
            "-object.secret",
            "~1",
            "+1",
            "'a' + 'b'",
            "'a' * 9",
            "2 ** 9",
            "object.secret - 1",
            "1 - object.secret",
            "object.secret == 1",
            "1 == object.secret",
            "1 < 2 < object.secret",
            "('a', object.secret)",
            "[object.secret]",
            "{1: object.name}",
            "[x for x in object.lines]",
            "lambda: 1",
            "range(3)",
            "str(object.secret)",
            "str(object=object.secret)",
            "str(**object.name)",
            "object.name.format()",
            "object.name.upper(1)",
            "object.name.strip(chars='a')",
            "object.lines.upper()",
            "object.join(object.lines)",
            "'a'.join()",
            "'a'.join(object.secret)",
            "'a'.join(object.name, object.name)",
            "object.lines.mapped()",
            "object.lines.mapped(object.name)",
            "object.lines.mapped('secret')",
            "object.lines.mapped('name.year')",
            "object.name.mapped('name')",
            "object.secret.mapped('name')",
            "object.lines.filtered('name')",
            "object.lines[0]",
            "f'{object.name}'",
        ):
            with (
                self.subTest(expression=expression),
                self.assertRaises(text_safety.NotHarmless) as raised,
            ):
                text_safety.check_expression(f" {expression} ", SCOPE, _follow)
            self.assertEqual(raised.exception.args, (expression,))

    def _check(self, text):
        """Return what is refused of a text, nothing where nothing is."""
        try:
            text_safety.check_html(text, SCOPE, _follow)
        except text_safety.NotHarmless as error:
            return error.args[0]
        return ""

    def test_elements_show_fields_and_loop_once_over_records(self):
        loop = '<t t-foreach="object.lines" t-as="line">%s</t>'
        for text, refused in {
            "<p>Hello</p>": "",
            "Hello <!-- t-call --> you": "",
            '<p t-out="object.name"/>': "",
            '<p t-out="object.secret"/>': "object.secret",
            '<p t-esc="object.secret"/>': "object.secret",
            '<p t-if="object.secret"/>': "object.secret",
            '<p t-if="1">a</p><p t-elif="object.secret"/>': "object.secret",
            '<p t-if="1">a</p><p t-else="object.secret"/>': "",
            '<p t-att-class="object.name"/>': "",
            '<p t-att-class="object.secret"/>': "object.secret",
            '<p t-attf-class="a {{ object.name }} b"/>': "",
            '<p t-attf-class="a b"/>': "",
            '<p t-attf-class="a {{ object.secret }} b"/>': "object.secret",
            '<p t-attf-class="#{object.name}"/>': "t-attf-class=#{object.name}",
            '<t t-call="web.layout"/>': "t-call=web.layout",
            "<p t-raw>a</p>": "t-raw",
            loop % '<b t-out="line.name"/>': "",
            loop % '<b t-out="line_index"/><b t-out="line_last"/>': "",
            loop % '<b t-out="line_other"/>': "line_other",
            loop % "" + '<b t-out="line.name"/>': "line.name",
            loop % loop % "": "object.lines",
            loop % "<p>%s</p>" % (loop % ""): "object.lines",
            '<t t-foreach="object.name" t-as="x"/>': "object.name",
            '<t t-foreach="object.lines"/>': "object.lines",
            '<t t-foreach="object.lines" t-as="a b"/>': "object.lines",
            '<t t-foreach="object.lines" t-as="object"/>': "object.lines",
            '<t t-foreach="object.lines" t-as="len"/>': "object.lines",
            '<t t-set="a" t-value="object.lines"/><t t-out="a.mapped(\'name\')"/>': "",
            '<t t-set="a">b</t>': "t-set=a",
            '<t t-set="a b" t-value="1"/>': "t-set=a b",
            '<t t-set="object" t-value="1"/>': "t-set=object",
            '<t t-set="str" t-value="1"/>': "t-set=str",
            '<t t-set="a" t-value="1"/><t t-set="a" t-value="2"/>': "t-set=a",
            '<t t-set="a" t-value="object.secret"/>': "object.secret",
        }.items():
            with self.subTest(text=text):
                self.assertEqual(self._check(text), refused)

    def test_what_is_repeated_for_each_record_is_not_longer_than_allowed(self):
        loop = '<t t-foreach="object.lines" t-as="x">%s</t>'
        room = text_safety.MAX_LOOP - len(loop % "")
        self.assertEqual(self._check(loop % ("a" * room)), "")
        self.assertEqual(self._check(loop % ("a" * (room + 1))), "object.lines")

    # ------------------------------------------------------------------
    # MERGE FIELDS
    # ------------------------------------------------------------------

    def test_braces_that_open_or_close_nothing_are_told(self):
        for text, wrong in {
            "{{ object.a }}": [],
            "{{ object.b }} {{ object.b }}": ["{{ object.b }}"],
            "a }} b": ["}}"],
            "{{ object.a }} }}": ["}}"],
            "a } b { c": [],
            "a {{ b": ["{{ b"],
            "}} {{ b": ["{{ b"],
        }.items():
            with self.subTest(text=text):
                self.assertEqual(merge_fields.unknown_fields(text, {"a"}), wrong)

    def test_a_line_becomes_no_longer_than_allowed(self):
        text, most = "ab{{ object.x }}", text_preview.MAX_RESULT
        filled = text_preview.fill_line(text, lambda _name: "x" * (most - 2))
        self.assertEqual(len(filled), most)
        with self.assertRaises(TooLong):
            text_preview.fill_line(text, lambda _name: "x" * (most - 1))

    # ------------------------------------------------------------------
    # AS PLAIN TEXT, ON PAPER, IN LOGS
    # ------------------------------------------------------------------

    def test_a_picture_is_what_stands_for_it_in_plain_text(self):
        for html, text in {
            '<p>Pay <img alt="by card" src="x"/> now</p>': "Pay by card now",
            '<p>Pay <img src="x"/>now</p>': "Pay now",
            "<p>Pay <!-- soon -->now</p>": "Pay now",
            "<p>Pay <script>x</script>now</p>": "Pay now",
            '<p><a href="https://a.b">Pay</a></p>': "Pay (https://a.b)",
            '<p><a href="https://a.b">https://a.b</a></p>': "https://a.b",
            '<p><a href="mailto:a@b.c">Write</a></p>': "Write",
            '<p><a href="tel:+33">Call</a></p>': "Call",
            "<table><thead><tr><td></td></tr></thead></table><p>Pay</p>": "Pay",
        }.items():
            with self.subTest(html=html):
                self.assertEqual(plain_text.from_html(html).strip(), text)

    def test_a_letter_has_nothing_that_would_be_fetched(self):
        for html, kept in {
            '<p>a<iframe src="//a.b">x</iframe>b</p>': "<p>ab</p>",
            '<p>a<link rel="stylesheet" href="//a.b">b</p>': "<p>ab</p>",
            "<p>a<!-- x -->b</p>": "<p>ab</p>",
            "<p>a<?php x ?>b</p>": "<p>ab</p>",
            '<p>a<img src="http://[a">b</p>': "<p>ab</p>",
            '<p>a<img src="http://[a?access_token=b">b</p>': "<p>ab</p>",
            '<p><a href="//a.b">a</a></p>': '<p><a href="//a.b">a</a></p>',
        }.items():
            with self.subTest(html=html):
                embedded = letter_body.embed(html, lambda _id, _token: None)
                self.assertEqual(embedded, kept)

    def test_a_message_with_named_parts_is_logged_with_what_else_it_has(self):
        secret = "/dunning/" + "a" * 40
        record = logging.LogRecord(
            "odoo.http", 20, "", 0, f"{secret} %(a)s %(b)s", ({"a": 1, "b": "x"},), None
        )
        self.assertTrue(portal_mask.LinkFilter().filter(record))
        self.assertEqual(record.getMessage(), "/dunning/*** 1 x")
