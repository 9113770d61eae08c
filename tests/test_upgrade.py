import html
import json
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import DunningCommon
from .promises import PromiseCommon

FOLDER = "account_dunning/migrations"
VERSION = "19.0.1.4.0"


def load(name, version=VERSION):
    """Return a script of the migration to a version as a module."""
    path = file_path(f"{FOLDER}/{version}/{name}.py")
    spec = spec_from_file_location(name.replace("-", "_"), path)
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


class UpgradeCommon(DunningCommon):
    def _migrate(self, name, version=VERSION):
        """Run a script, twice: a second update changes nothing."""
        self.env.flush_all()
        for __ in range(2):
            load(name, version).migrate(self.env.cr, "19.0.1.3.0")
        self.env.flush_all()
        self.env.invalidate_all()

    def _set(self, record, **values):
        """Write columns as a former version did."""
        self.env.flush_all()
        for column, value in values.items():
            value = json.dumps(value) if isinstance(value, dict) else value
            self.env.cr.execute(
                f"UPDATE {record._table} SET {column} = %s WHERE id IN %s",
                [value, tuple(record.ids)],
            )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestUpgradePromises(UpgradeCommon, PromiseCommon):
    """Promises and causes of version 1.3."""

    def test_what_was_there_before_a_promise_is_known_by_entry(self):
        self._pay(self.old, amount=10)
        promise = self._promise((5, 190))
        [entry_id] = promise.baseline
        for known, expected in (
            ({f"{self.old.id}-{entry_id}": 10.0}, [entry_id]),
            ({"7-3": 1.0, "8-3": 2.0}, [3]),
            ({}, []),
        ):
            self._set(promise, baseline=known)
            self._migrate("pre-promises")
            self.assertEqual(promise.baseline, expected)

    def test_a_promise_kept_by_a_credit_note_alone_is_settled_anew(self):
        promise = self._promise((5, 200))
        self._credit(self.old)
        self._credit(self.new)
        state = promise.state
        self.assertNotEqual(state, "kept")
        self._set(promise, state="kept")
        self._set(promise.line_ids, state="kept")
        self._migrate("post-promises")
        self.assertEqual(promise.state, state)

    def _credit(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.modify_moves()

    def test_what_was_left_out_as_paid_but_was_credited_says_so(self):
        action = self._run(0).action_ids
        self._credit(self.old)
        self._credit(self.new)
        self.assertEqual(action.state, "cancelled")
        cause = action.cancel_cause
        self.assertNotEqual(cause, "paid")
        self._set(action, cancel_cause="paid")
        self._set(action.line_ids, drop_cause="paid")
        self._migrate("post-promises")
        self.assertEqual(action.cancel_cause, cause)
        self.assertEqual(set(action.line_ids.mapped("drop_cause")), {cause})

    def test_what_was_left_out_as_paid_and_was_paid_stays(self):
        action = self._run(0).action_ids
        self._pay(self.old + self.new, group_payment=True)
        self.assertEqual(action.cancel_cause, "paid")
        self._migrate("post-promises")
        self.assertEqual(action.cancel_cause, "paid")


@tagged("post_install", "-at_install")
class TestUpgradeManners(UpgradeCommon):
    """Texts, scenarios and tones of version 1.3."""

    SENTENCE = "In spite of our previous reminder, the items below are still unpaid."
    FRENCH = (
        "Malgré notre précédente relance, les échéances ci-dessous restent impayées."
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is shipped is everybody's.
        template = cls.env.ref("account_dunning.mail_template_reminder_2")
        cls.template_sudo = template.sudo()
        scenario = cls.env.ref("account_dunning.scenario_regular")
        cls.shipped_sudo = scenario.sudo()
        cls.shipped_sudo.active = True

    def _read_text(self, lang="en_US"):
        return self.template_sudo.with_context(lang=lang).body_html

    def test_a_shipped_text_says_of_reminders_what_is_true(self):
        self.template_sudo.body_html = f"<p>Hello</p><p>{self.SENTENCE}</p>"
        french_sudo = self.template_sudo.with_context(lang="fr_FR")
        french_sudo.body_html = f"<p>Bonjour</p><p>{self.FRENCH}</p>"
        self._migrate("post-manners")
        for lang, hello in (("en_US", "Hello"), ("fr_FR", "Bonjour")):
            text = self._read_text(lang)
            self.assertIn('<t t-out="object.unpaid_text"', text)
            self.assertIn(hello, text)
        self.assertNotIn(self.SENTENCE, self._read_text())
        self.assertNotIn(self.FRENCH, self._read_text("fr_FR"))

    def test_a_sentence_that_was_changed_stays(self):
        changed = self.SENTENCE.replace("items", "invoices")
        self.template_sudo.body_html = f"<p>{changed}</p>"
        self._migrate("post-manners")
        self.assertIn(changed, self._read_text())
        self.assertNotIn("unpaid_text", self._read_text())

    def test_a_shipped_scenario_is_aligned(self):
        self.shipped_sudo.align_levels = False
        self._migrate("post-manners")
        self.assertTrue(self.shipped_sudo.align_levels)

    def test_a_scenario_that_was_changed_is_not_aligned(self):
        self.shipped_sudo.align_levels = False
        self.shipped_sudo.level_ids[0].gap_days += 1
        self._migrate("post-manners")
        self.assertFalse(self.shipped_sudo.align_levels)

    def test_open_items_remember_the_tone_of_what_went_out(self):
        self._set_levels((("Notice", 5, {"tone": "formal"}),))
        item = self._items(self._create_invoice(due=-6))
        self._execute(self._run(0))
        states = self.env["dunning.item.state"]
        state = states.search([("move_line_id", "=", item.id)])
        self.assertEqual(state.tone, 3)
        self._set(state, tone=0)
        self._migrate("post-manners")
        self.assertEqual(state.tone, 3)

    def test_items_raised_to_the_level_of_the_contact_are_known(self):
        self.scenario.align_levels = True
        late = self._items(self._create_invoice(due=-5))
        self._step(0)
        raised = self._items(self._create_invoice(due=8))
        lines = self._run(10).action_ids.line_ids
        aligned = {line.move_line_id: line.is_aligned for line in lines}
        self.assertEqual(aligned, {late: False, raised: True})
        self._set(lines, is_aligned=None)
        self._migrate("post-manners")
        aligned = {line.move_line_id: line.is_aligned for line in lines}
        self.assertEqual(aligned, {late: False, raised: True})


@tagged("post_install", "-at_install")
class TestUpgradeTexts(UpgradeCommon):
    """Texts that said less than they listed, or spoke of several."""

    VERSIONS = ("19.0.1.16.0", "19.0.1.17.0")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scripts = {version: load("post-texts", version) for version in cls.VERSIONS}

    def _get_texts(self, script):
        # What is shipped is everybody's.
        return {
            name: self.env.ref(f"account_dunning.{name}").sudo()
            for name in script.TEMPLATES
        }

    def _read(self, texts_sudo):
        return {
            (name, lang): html.unescape(
                str(text_sudo.with_context(lang=lang).body_html)
            )
            for name, text_sudo in texts_sudo.items()
            for lang in ("en_US", "fr_FR")
        }

    def test_shipped_sentences_are_replaced_in_each_language(self):
        for version, script in self.scripts.items():
            with self.subTest(version=version):
                texts_sudo = self._get_texts(script)
                new, found = self._read(texts_sudo), set()
                for name, text_sudo in texts_sudo.items():
                    for lang in ("en_US", "fr_FR"):
                        text = new[name, lang]
                        for before, after in script.SENTENCES:
                            found |= {after} if after in text else set()
                            text = text.replace(after, before)
                        text_sudo.with_context(lang=lang).body_html = text
                self.assertEqual(found, {after for __, after in script.SENTENCES})
                self.assertNotEqual(self._read(texts_sudo), new)
                self._migrate("post-texts", version)
                self.assertEqual(self._read(texts_sudo), new)

    def test_a_sentence_that_was_changed_stays(self):
        for version, script in self.scripts.items():
            text_sudo = self.env.ref(f"account_dunning.{script.TEMPLATES[1]}").sudo()
            text_sudo.body_html = "<p>Here is what you asked for.</p>"
            mine = text_sudo.body_html
            self._migrate("post-texts", version)
            self.assertEqual(text_sudo.body_html, mine)


@tagged("post_install", "-at_install")
class TestUpgradeScripts(UpgradeCommon):
    """What calls of version 1.3 say."""

    def setUp(self):
        super().setUp()
        self.level = self.env.ref("account_dunning.level_regular_call").sudo()

    def _read(self):
        return {
            lang: self.level.with_context(lang=lang).instructions
            for lang in ("en_US", "fr_FR")
        }

    def test_a_shipped_script_agrees_with_the_number_of_invoices(self):
        now = self._read()
        script = load("post-scripts")
        for lang, text in now.items():
            for before, after in script.SENTENCES:
                text = text.replace(after, before)
            self.assertNotIn("|", text)
            self.level.with_context(lang=lang).instructions = text
        self.assertNotEqual(self._read(), now)
        self._migrate("post-scripts")
        self.assertEqual(self._read(), now)

    def test_a_script_that_was_changed_stays(self):
        [before, __], *__ = load("post-scripts").SENTENCES
        own = f"“{before.replace('approved', 'cleared')}”"
        self.level.instructions = own
        self._migrate("post-scripts")
        self.assertEqual(self.level.instructions, own)


@tagged("post_install", "-at_install")
class TestUpgradeRights(UpgradeCommon):
    """What version 1.3 wrote on customers and invoices, read by everybody."""

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)
        self.action = self._step(0)
        self.subtype_id = self.env.ref("account_dunning.mt_dunning").id
        self.note_id = self.env.ref("mail.mt_note").id

    def _migrate_messages(self, messages):
        self._set(messages, subtype_id=self.note_id)
        self._migrate("post-rights")

    def _log(self, **values):
        """Return a message as the former version left it."""
        messages_sudo = self.env["mail.message"].sudo()  # As the mail gateway does.
        return messages_sudo.create(
            {
                "model": "res.partner",
                "res_id": self.customer.id,
                "message_type": "notification",
                "subtype_id": self.note_id,
                **values,
            }
        )

    def _read_hidden(self, messages):
        return [message.subtype_id.id == self.subtype_id for message in messages]

    def test_what_was_sent_and_noted_is_for_readers_of_dunning(self):
        messages = self.customer.message_ids + self.invoice.message_ids
        hidden = self._read_hidden(messages)
        self.assertIn(self.action.sent_message_id, messages)
        self.assertEqual(set(hidden), {True})
        self._migrate_messages(messages)
        self.assertEqual(self._read_hidden(messages), hidden)

    def test_what_was_sent_beside_is_too(self):
        sent = self.action.sent_message_id
        former = self._log(message_type="email_outgoing", subject=sent.subject)
        self._log(body=f'<a data-oe-model="dunning.action">{self.action.title}</a>')
        beside = self._log(message_type="email_outgoing", subject="Agreed")
        other = self._log(message_type="email_outgoing", subject="Happy New Year")
        self._set(former + other, create_date="2026-01-01 10:00:00")
        self._migrate("post-rights")
        self.assertEqual(
            self._read_hidden(former + beside + other), [True, True, False]
        )

    def test_answers_are_too(self):
        answer = self._log(
            message_type="email", parent_id=self.action.sent_message_id.id
        )
        other = self._log(message_type="email")
        self._migrate("post-rights")
        self.assertEqual(self._read_hidden(answer + other), [True, False])

    def test_notes_in_other_words_are_too_in_each_language(self):
        notes = self._log(body="Undone: No Answer") + self._log(
            body="<p>Annulé\N{NO-BREAK SPACE}: Promet de payer</p>"
        )
        notes += self._log(
            body="<p>Continuer à vendre à ce client\N{NO-BREAK SPACE}?</p>",
            mail_activity_type_id=self.env.ref("mail.mail_activity_data_todo").id,
        )
        other = self._log(body="Contact created")
        self._migrate("post-rights")
        self.assertEqual(self._read_hidden(notes + other), [True, True, True, False])

    def test_activities_on_customers_are_too(self):
        asked, answered, other = (
            self.customer.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=self.env.uid
            )
            for summary in (
                "Go on trading with this customer?",
                "Réponse à «\N{NO-BREAK SPACE}Relance\N{NO-BREAK SPACE}»",
                "Call back",
            )
        )
        self._migrate("post-rights")
        activities_sudo = (asked + answered + other).sudo()
        self.assertEqual(
            activities_sudo.mapped("dunning_discreet"), [True, True, False]
        )

    def test_activities_that_stand_for_actions_are_known(self):
        self._set_up_call()
        call = self._run(10).action_ids
        activities_sudo = call.activity_ids.sudo()
        self.assertTrue(activities_sudo.dunning_reminder)
        self._set(activities_sudo, dunning_reminder=None)
        self._migrate("post-rights")
        self.assertTrue(activities_sudo.dunning_reminder)

    def _set_up_call(self):
        self.scenario.level_ids.filtered(
            lambda level: level.name == "Second Reminder"
        ).write({"channel": "call", "execution": "manual"})

    def test_administrators_lose_the_menu_of_the_settings(self):
        menu = self.env.ref("account_dunning.menu_settings").sudo()
        manager = self.env.ref("account_dunning.group_dunning_manager")
        menu.group_ids += self.env.ref("base.group_system")
        self._migrate("post-rights")
        self.assertEqual(menu.group_ids, manager)


@tagged("post_install", "-at_install")
class TestUpgradeRules(UpgradeCommon):
    """Rules of version 1.3."""

    def test_a_rule_that_was_calculated_is_written_down(self):
        self._set(self.scenario, partner_domain="[('color', '=', 2 + 3)]")
        self._migrate("post-rules")
        self.assertEqual(self.scenario.partner_domain, "[('color', '=', 5)]")

    def test_a_rule_that_was_written_down_stays(self):
        rule = '[("color", "=", 5)]'
        self._set(self.scenario, partner_domain=rule)
        self._migrate("post-rules")
        self.assertEqual(self.scenario.partner_domain, rule)

    def test_a_rule_that_cannot_be_calculated_stays_and_stops_nothing(self):
        for rule in ("[('id', '<', 10**10**9)]", "[('id', '=', nothing)]", "[("):
            with self.subTest(rule=rule):
                self._set(self.scenario, partner_domain=rule)
                self._migrate("post-rules")
                self.assertEqual(self.scenario.partner_domain, rule)
