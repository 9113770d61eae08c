from odoo.tests import tagged
from odoo.tools import format_amount, format_list
from odoo.tools.mail import html2plaintext

from ...tools.words import TONE_RANKS
from ..common import DunningCommon

TEMPLATES = (
    "preventive",
    "reminder_1",
    "small_amount",
    "reminder_2",
    "final",
    "formal_notice",
    "statement",
)
LANGUAGES = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestContent(DunningCommon):
    """What e-mails say, with the templates that come with the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        addon = cls.env["ir.module.module"].search([("name", "=", "account_dunning")])
        addon._update_translations("fr_FR")
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        cls.company.write(
            {"street": "1 quai Voltaire", "zip": "75007", "city": "Paris"}
        )
        cls.templates = {
            name: cls.env.ref(f"account_dunning.mail_template_{name}")
            for name in TEMPLATES
        }

    def _get_action(self, **values):
        """Run and return the open action of a new customer with an overdue item."""
        customer = self._create_customer(**{"name": "Client", **values})
        self._create_invoice(customer, due=-5, amount=1234.5)
        return self._run(0).action_ids.filtered(lambda a: a.partner_id == customer)

    def _render(self, name, actions):
        """Return subject and body of each action, as the engine renders them."""
        template = self.templates[name]._dunning_for_actions()
        return template._generate_template(actions.ids, ("subject", "body_html"))

    def _render_all(self, action):
        """Yield ``name, language, subject, body`` of every text for an action."""
        for language in LANGUAGES:
            action.contact_id.lang = language
            self.env.invalidate_all()
            for name in TEMPLATES:
                values = self._render(name, action)[action.id]
                with self.subTest(template=name, language=language):
                    yield name, language, values["subject"], values["body_html"]

    def _say(self, amount, language, currency=None):
        """Return an amount as it is written in a language."""
        currency = currency or self.company.currency_id
        return format_amount(self.env, amount, currency, language)

    # ------------------------------------------------------------------
    # EVERY TEMPLATE, EVERY CUSTOMER
    # ------------------------------------------------------------------

    def test_of_several_reminders_the_last_is_named(self):
        self._create_invoice(due=-10)
        [action] = self._run().action_ids
        first, last = self._day(-20), self._day(-12)
        self.assertEqual(
            action._get_reminders_text({first, last}),
            "In spite of our reminders, the last of which was of "
            f"{action._format_day(last)}",
        )

    def test_every_text_names_company_item_amount_and_how_to_pay(self):
        action = self._get_action()
        number = action.line_ids.name
        for _name, language, subject, body in self._render_all(action):
            self.assertIn("Dunning Company", subject)
            self.assertIn(number, subject)
            for expected in (
                number,
                self._say(1234.5, language),
                self.bank.acc_number,
                self.collector.name,
                self.collector.email,
            ):
                self.assertIn(expected, body)

    def test_texts_are_in_the_language_of_the_contact(self):
        action = self._get_action(lang="en_US")
        contact = self._create_customer("Marie Curie", parent_id=action.partner_id.id)
        action.partner_id.dunning_contact_id = contact
        self.env.invalidate_all()
        contact.lang = "fr_FR"
        french = self._render("reminder_1", action)[action.id]
        self.assertIn("Bonjour Marie Curie,", french["body_html"])
        self.assertIn("Échéance", french["body_html"])
        self.assertNotIn("Unless we are mistaken", french["body_html"])
        contact.lang = "en_US"
        self.env.invalidate_all()
        english = self._render("reminder_1", action)[action.id]
        self.assertIn("Hello Marie Curie,", english["body_html"])
        self.assertIn("Due Date", english["body_html"])

    def test_a_customer_without_language_gets_that_of_the_company(self):
        action = self._get_action(lang=False)
        self.company.partner_id.lang = "fr_FR"
        self.assertEqual(action.contact_lang, "fr_FR")

    def test_a_customer_without_contact_nor_address_gets_a_text(self):
        action = self._get_action(email=False, is_company=True)
        for _name, _language, _subject, body in self._render_all(action):
            self.assertNotIn("False", html2plaintext(body))

    def test_nothing_is_missing_without_bank_account_collector_nor_phone(self):
        self.bank.active = False
        self.company.dunning_user_id = False
        action = self._get_action()
        action.user_id = False
        self.assertEqual(action.sender, self.company.email_formatted)
        for _name, _language, _subject, body in self._render_all(action):
            text = html2plaintext(body)
            self.assertNotIn("False", text)
            self.assertNotIn("FR76", text)
        self.assertIn("shown on our invoices", action.payment_block)

    def test_markup_in_names_is_shown_and_not_interpreted(self):
        name = "<b>Café & Fils</b>"
        action = self._get_action(name=name, email="cafe@example.com")
        action.line_ids.move_id.ref = "<script>x</script>"
        notices = 0
        for template, _language, _subject, body in self._render_all(action):
            self.assertNotIn("<b>Caf", body)
            self.assertNotIn("<script", body)
            if template == "formal_notice":
                notices += 1
                self.assertIn("&lt;b&gt;Café &amp; Fils&lt;/b&gt;", body)
                self.assertIn(name, html2plaintext(body))
        self.assertEqual(notices, len(LANGUAGES))

    def test_names_from_right_to_left(self):
        action = self._get_action(name="שלום בע״מ", email="shalom@example.com")
        bodies = [
            body
            for template, _language, _subject, body in self._render_all(action)
            if template == "formal_notice"
        ]
        self.assertEqual(len(bodies), len(LANGUAGES))
        for body in bodies:
            self.assertIn("שלום בע״מ", body)

    def test_an_action_without_items_gets_a_text(self):
        action = self.env["dunning.action"].create({"partner_id": self.customer.id})
        for _name, _language, _subject, body in self._render_all(action):
            self.assertNotIn("False", html2plaintext(body))
        self.assertFalse(action.items_table.strip())
        self.assertEqual(action.amount_text, "")

    def test_whoever_edits_a_template_needs_no_special_rights(self):
        self.assertEqual(set(self.templates), set(TEMPLATES))
        for name, template in self.templates.items():
            self.assertFalse(template._has_unsafe_expression(), name)

    def test_a_collector_sees_the_text_before_it_goes_out(self):
        action = self._get_action().with_user(self.collector)
        self.assertIn(self._say(1234.5, "en_US"), action.items_table)
        self.assertIn(self.bank.acc_number, action.payment_block)

    def test_the_formal_notice_holds_what_the_law_asks_for(self):
        action = self._get_action(lang="fr_FR", street="3 place Bellecour", city="Lyon")
        invoice = action.line_ids.move_id
        text = html2plaintext(
            self._render("formal_notice", action)[action.id]["body_html"]
        )
        for expected in (
            "mise en demeure",
            "mettons en demeure",
            "Dunning Company",
            "1 quai Voltaire",
            "Client",
            "3 place Bellecour",
            invoice.name,
            invoice.invoice_date.strftime("%d/%m/%Y"),
            invoice.invoice_date_due.strftime("%d/%m/%Y"),
            "2 mars 2026",
            "10 mars 2026",
        ):
            self.assertIn(expected, text)

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def test_i7_amounts_are_those_of_the_ledger(self):
        """I7: claimed = residual - on hold - credits, in each currency."""
        dollar = self._enable_currency("USD")
        invoice = self._create_invoice(due=-20, amount=1000)
        disputed = self._create_invoice(due=-10, amount=400)
        self._create_invoice(due=-8, amount=500, currency=dollar)
        self._pay(invoice, 150)
        self._create_hold(disputed, amount=100)
        self._create_hold(amount=30)
        self._credit_note(invoice, 70, reconcile=False)
        [action] = self._run(0).action_ids
        [euros, dollars] = action._get_totals()[action]
        self.assertEqual(euros[3:], (1250.0, 130.0, 70.0, 1050.0, 1050.0))
        self.assertEqual(dollars[3:], (500.0, 0.0, 0.0, 500.0, 500.0))
        for language in LANGUAGES:
            self.customer.lang = language
            self.env.invalidate_all()
            body = self._render("reminder_1", action)[action.id]["body_html"]
            for amount in (850, 1250, -130, -70, 1050):
                self.assertIn(self._say(amount, language), body)
            self.assertIn(self._say(500, language, dollar), body)

    def test_i7_screens_tell_the_claim_of_the_text(self):
        self._create_invoice(due=-20, amount=1000)
        self._create_invoice(due=30, amount=300)
        self._create_hold(amount=45)
        self._create_payment(amount=120)
        [action] = self._run(0).action_ids
        self.assertEqual(action.amount_by_currency, action.amount_text)
        action.action_execute()
        self.env.invalidate_all()
        self.assertEqual(action.state, "done")
        self.assertEqual(action.amount_by_currency, action.amount_text)

    def test_i7_the_claim_is_what_the_plan_can_collect(self):
        invoice = self._create_invoice(due=-20, amount=1000)
        self._create_invoice(due=-3, amount=300)
        self._create_hold(amount=45)
        self._create_payment(amount=120)
        [action] = self._run(0).action_ids
        rows = self.env.execute_query_dict(
            self.env["dunning.plan"]._get_query(self.company._dunning_scope())
        )
        collectable = {row["collectable"] for row in rows}
        [total] = action._get_totals()[action]
        self.assertEqual([total.claimed], [float(amount) for amount in collectable])
        self.assertEqual(action.oldest_number, invoice.name)

    def test_i7_texts_follow_a_payment_in_the_same_transaction(self):
        invoice = self._create_invoice(due=-5, amount=1000)
        [action] = self._run(0).action_ids
        self.assertIn(self._say(1000, "en_US"), action.amount_text)
        self._pay(invoice, 400)
        self.assertEqual(action.amount_text, self._say(600, "en_US"))
        self._create_payment(amount=100)
        action.sudo()._refresh()
        self.assertEqual(action.amount_text, self._say(500, "en_US"))

    def test_i5_what_was_said_stays(self):
        invoice = self._create_invoice(due=-5, amount=1000)
        self._create_payment(amount=100)
        [action] = self._step(0)
        self.assertEqual(action.state, "done")
        before = action.items_table
        self.assertEqual(action.amount_text, self._say(900, "en_US"))
        self._pay(invoice, 500, date=1)
        self._go_to(20)
        self.env.invalidate_all()
        self.assertEqual(action.amount_text, self._say(900, "en_US"))
        self.assertEqual(action.items_table, before)

    def test_the_e_mail_carries_the_text(self):
        self.scenario.level_ids.mail_template_id = self.templates["reminder_1"]
        invoice = self._create_invoice(due=-5, amount=1000)
        self._create_payment(amount=100)
        [action] = self._step(0)
        self.assertIn(invoice.name, action.mail_id.subject)
        self.assertIn(self._say(900, "en_US"), action.mail_id.body_html)
        self.assertEqual(action.mail_id.email_from, self.collector.email_formatted)

    def test_only_a_preventive_note_claims_what_is_not_due(self):
        self._set_levels([("Note", -5, {}), ("Reminder", 1, {})])
        late = self._create_invoice(due=-1, amount=100)
        early = self._create_invoice(due=5, amount=70)
        [action] = self._run(0).action_ids
        [total] = action._get_totals()[action]
        self.assertEqual((total.claimed, total.early_lines.move_id), (100, early))
        self._pay(late)
        [total] = action._get_totals()[action]
        self.assertEqual(action.level_id.name, "Note")
        self.assertEqual((total.claimed, total.overdue), (70, 0))

    def test_an_opening_balance_is_called_by_its_label(self):
        self.company.dunning_include_misc = True
        self._create_entry(due=-5, amount=80, name="Invoice 2019-044")
        [action] = self._run(0).action_ids
        self.assertEqual(action.reference, "Invoice 2019-044")

    def test_a_payment_is_called_by_its_number(self):
        entry = self._create_payment(amount=30).move_id
        self.assertEqual(self._items(entry)._dunning_get_number(), entry.name)

    def test_a_text_refers_to_what_was_said_before(self):
        action = self._get_action()
        lines = action.line_ids
        formal, day = TONE_RANKS["formal"], self._day(-9)
        number, written = lines.move_id.name, action._format_day(self._day(-9))
        for rank, date, words in (
            (formal, day, f"our formal notice of {written}."),
            (formal, False, "our formal notice."),
            (formal - 1, day, f"our reminder of {written}."),
            (formal - 1, False, "our reminders."),
        ):
            told = f"For {number}, we refer to {words}"
            self.assertEqual(action._refer(rank, date, lines), told)

    def test_of_many_numbers_the_first_are_named(self):
        for _number in range(7):
            self._create_invoice(due=-5)
        action = self._run(0).action_ids
        lines = action.line_ids
        numbers = [line._get_content_number() for line in lines]
        for count, named in (
            (1, numbers[:1]),
            (5, numbers[:5]),
            (6, numbers[:6]),
            (7, [*numbers[:5], "2 others"]),
        ):
            told = action._name_numbers(lines[:count])
            self.assertEqual(told, format_list(self.env, named))
        self.assertEqual(action._name_numbers(lines[0] + lines[0]), numbers[0])

    def test_several_numbers_make_a_short_reference(self):
        for day in (-9, -8):
            self._create_invoice(due=day)
        [action] = self._run(0).action_ids
        numbers = action.line_ids.mapped("name")
        self.assertEqual(action.reference, " and ".join(numbers))
        self._create_invoice(due=-7)
        action.sudo()._refresh(complete=True)
        self.env.invalidate_all()
        self.assertEqual(action.reference, f"{numbers[0]} and 2 others")

    def test_the_deadline_counts_from_the_day_of_the_contact(self):
        action = self._get_action()
        self.assertEqual(action.deadline_date, self._day(8))
        action.level_id.deadline_days = 0
        self.assertFalse(action.deadline_date)
        self.assertEqual(action.deadline_text, "as soon as possible")

    def test_the_first_of_a_month_is_an_ordinal_in_french(self):
        action = self._get_action().with_context(lang="fr_FR")
        action.level_id.deadline_days = 30
        self.assertEqual(action.deadline_text, "au plus tard le 1er avril 2026")
        self.assertEqual(action.date_text, "2 mars 2026")

    def test_the_account_is_that_of_the_invoice(self):
        other = self.bank.copy({"acc_number": "FR7630004000031234567890143"})
        action = self._get_action()
        action.line_ids.move_id.partner_bank_id = other
        self.assertIn(other.acc_number, action.payment_block)
        self.assertNotIn(self.bank.acc_number, action.payment_block)

    def test_the_number_of_queries_does_not_grow_with_the_batch(self):
        customers = [self._create_customer(f"Client {n}") for n in range(24)]
        for customer in customers:
            self._create_invoice(customer, due=-5, amount=100)
            self._create_payment(customer, amount=10)
        actions = self._run(0).action_ids
        self.assertEqual(len(actions), 24)
        counts = []
        # The first batch fills what is kept between requests.
        for batch in (actions[:4], actions[:4], actions[4:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._render("reminder_1", batch.with_prefetch(batch.ids))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
