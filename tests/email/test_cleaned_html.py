from odoo import Command
from odoo.tests import tagged

from odoo.addons.account_dunning.tools import cleaned_html

from ..send.test_execution import ExecutionCommon

# Each has something that cleaning takes away, moves or rewrites in a way of its own.
NOT_SIMPLE = (
    "",
    "text",
    "</div>",
    "<div>",
    "<div></p></div>",
    "<div></div></div>",
    "<div></div><p></p>",
    "<div></div>text",
    "text<div></div>",
    "<span>text</span>",
    "<div><script>alert(1)</script></div>",
    "<div><img src='x' onerror='alert(1)'/></div>",
    "<div><svg></svg></div>",
    "<div><style>p {}</style></div>",
    "<div><form></form></div>",
    "<div><!-- comment --></div>",
    "<div><p><table></table></p></div>",
    "<div><h2><p></p></h2></div>",
    "<div><td></td></div>",
    "<div><table><td></td></table></div>",
    '<div><a href="http://a.example"><a href="http://b.example">x</a></a></div>',
    "<div>1 > 0</div>",
    "<div>&eacute;</div>",
    "<div>&#x6a;</div>",
    "<div>a & b</div>",
    "<div>a\rb</div>",
    "<div>a\x00b</div>",
    "<div>--\nSignature</div>",
    "<div>\n&gt; quoted</div>",
    '<div class="gmail_quote">x</div>',
    '<div class="o_dunning_x gmail_quote">x</div>',
    '<div id="Signature">x</div>',
    '<div style="color: &#34;red&#34;">x</div>',
    "<DIV>x</DIV>",
    "<div",
    "<div x<p></p></div>",
)
# What cleaning takes away of tags is taken away here, too.
DANGEROUS = (
    '<div onclick="alert(1)">x</div>',
    '<div style="background: url(javascript:alert(1)); color: red">x</div>',
    '<div style="position: fixed; top: 0; left: 0">x</div>',
    '<div style="width: expression(alert(1))">x</div>',
    '<div><a href="javascript:alert(1)">x</a></div>',
    '<div><a href="JaVaScRiPt:alert(1)" style="color: red">x</a></div>',
    '<div><a href="data:text/html,x">x</a></div>',
    '<div><a href="http://x.example" onclick="alert(1)">x</a></div>',
    '<div><td href="javascript:alert(1)">x</td></div>',
    '<div formaction="javascript:alert(1)" action="x">x</div>',
)
SIMPLE = (
    "<div>text</div>",
    "\n  <div>text</div>\n  ",
    "<p>1 &lt; 2 &amp; 3, a\xa0b, é</p>",
    "<div>&#34;quoted&#34;, l&#39;article, &nbsp;</div>",
    "<div>one<br/>two<br>three</div>",
    '<div><h2 style="margin: 0;">x</h2><p>y</p></div>',
    '<div class="o_dunning_footer" style="margin: 0 ; COLOR: #777777;;">x</div>',
    '<div><a href="https://a.example/x?y=1&amp;z=%C3%A9#t">x</a></div>',
    '<div><a href="mailto:a.b+c@d.example">a.b+c@d.example</a></div>',
    '<div dir="rtl" lang="fr" foo="bar" style="foo: bar">x</div>',
    '<table width="100%" cellspacing="0"><tr><td colspan="2">x</td></tr></table>',
    "<div><ul><li>one</li><li>two <b>bold</b></li></ul></div>",
)


@tagged("post_install", "-at_install")
class TestCleanedHtml(ExecutionCommon):
    """Messages are cleaned as Odoo cleans them, or by Odoo."""

    def clean_by_odoo(self, html):
        messages = self.env["mail.message"]
        return str(messages._fields["body"].convert_to_column(html, messages))

    def test_simple_html_is_written_as_odoo_writes_it(self):
        for html in SIMPLE:
            with self.subTest(html=html):
                self.assertEqual(cleaned_html.clean(html), self.clean_by_odoo(html))

    def test_what_is_not_simple_is_left_to_odoo(self):
        for html in NOT_SIMPLE:
            with self.subTest(html=html):
                self.assertIsNone(cleaned_html.clean(html))

    def test_what_is_dangerous_is_taken_away_or_left_to_odoo(self):
        for html in DANGEROUS:
            with self.subTest(html=html):
                cleaned = cleaned_html.clean(html)
                self.assertIn(cleaned, (None, self.clean_by_odoo(html)))

    def _get_bodies(self):
        """Return the texts of e-mails of all templates, in both languages."""
        templates = self.env["mail.template"].search(
            [("model", "=", "dunning.action"), ("body_html", "!=", False)]
        )
        partner = self._create_partner(lang="fr_FR")
        self._create_invoice(partner, due=-9)
        _invoice, actions = self._plan_action()
        actions.company_id.partner_id.bank_ids = [
            Command.create({"acc_number": "FR7630006000011234567890189"})
        ]
        for template in templates:
            self.reminder.mail_template_id = template
            for action, text in actions._render_texts().items():
                yield f"{template.name}, {action.contact_lang}", text["body_html"]

    def test_the_texts_of_all_templates_are_simple(self):
        langs = set()
        for name, body in self._get_bodies():
            with self.subTest(template=name):
                langs.add(name.rpartition(", ")[2])
                cleaned = cleaned_html.clean(str(body))
                self.assertEqual(cleaned, self.clean_by_odoo(body))
        self.assertEqual(langs, {"en_US", "fr_FR"})

    def test_a_message_has_the_text_that_odoo_would_have_cleaned(self):
        _invoice, action = self._plan_action()
        body = action._render_texts()[action]["body_html"]
        self._execute(action)
        message = action.sent_message_id
        self.assertEqual(str(message.body), self.clean_by_odoo(body))
        message.flush_recordset()
        message.invalidate_recordset()
        self.assertEqual(str(message.body), self.clean_by_odoo(body))
        self.assertIn(message.body[5:60], action.mail_id.body)

    def test_a_text_that_is_not_simple_is_cleaned_by_odoo(self):
        self.reminder.mail_template_id.body_html = (
            '<div onclick="x()">Hello<script>alert(1)</script></div>'
        )
        _invoice, action = self._plan_action()
        self._execute(action)
        body = action.sent_message_id.body
        self.assertIn("Hello", body)
        self.assertNotIn("script", body)
        self.assertNotIn("onclick", body)

    def test_a_text_that_gives_nothing_fails_with_the_reason(self):
        # As a template gives that somebody has created by its name alone.
        _invoice, action = self._plan_action()
        for text in (False, "<p><br></p>", "<p><t t-out=\"object.note or ''\"/></p>"):
            self.mail_template.body_html = text
            self._execute(action)
            self.assertEqual(action.state, "failed", text)
            self.assertIn("gives no text", action.failure)
        self.assertFalse(action.sent_message_id)
