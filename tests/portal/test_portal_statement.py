import re
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalStatement(PortalCommon):
    """The page tells what the plan and a reminder tell."""

    def _get_totals(self):
        portal = self.env["dunning.portal"]
        customer = portal._enter(self.customer.id, self.company.sudo())
        return self.env["dunning.portal.statement"]._prepare_statement(customer)

    def _run(self):
        run = self.company._dunning_run(self.day)
        return run.action_ids.filtered(lambda a: a.partner_id == self.customer)

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def test_what_is_to_pay_is_what_the_reminder_claims(self):
        disputed = self._create_item(amount=700)
        self._create_item(amount=1000)
        self._create_item(amount=90, days=-20)
        self._create_opening_balance(250)
        self.env["dunning.hold"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(disputed.ids)],
                "amount": 200,
                "currency_id": disputed.currency_id.id,
                "note": "Goods missing",
            }
        )
        self._create_credit(130)
        action = self._run()
        [total] = action._get_totals()[action]
        [balance] = self._get_totals()["balances"]
        self.assertEqual(balance["to_pay"], total.claimed)
        self.assertEqual(balance["to_pay"], 700 + 1000 + 250 - 200 - 130)
        self.assertEqual(balance["credit"], total.credit)
        self.assertEqual(balance["unclaimed"], total.withheld)
        self.assertEqual(balance["open"], 700 + 1000 + 250 + 90)
        self.assertEqual(
            balance["to_pay"],
            balance["overdue"] - balance["unclaimed"] - balance["credit"],
        )

    def _create_credit(self, amount):
        self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Returned", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        ).action_post()

    def test_currencies_are_never_added_up(self):
        self._create_item(amount=1000)
        pound = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "currency_id": pound.id,
                "invoice_date": self._before(40),
                "invoice_date_due": self._before(10),
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 500, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        balances = self._get_totals()["balances"]
        found = {b["currency"].name: b["to_pay"] for b in balances}
        self.assertEqual(found, {self.company.currency_id.name: 1000, "GBP": 500})

    def test_instalments_say_which_they_are(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Three",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((30, 0), (30, 10), (40, 60))
                ],
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self._before(40),
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 1000, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        statement = self._get_totals()
        self.assertEqual(
            [item["number"] for item in statement["items"]],
            [f"{move.name} ({n}/3)" for n in (1, 2, 3)],
        )
        self.assertEqual([i["days_late"] for i in statement["items"]], [40, 30, 0])
        self.assertEqual(statement["balances"][0]["to_pay"], 600)

    def test_what_is_left_out_of_dunning_is_open_but_not_claimed(self):
        item = self._create_item(amount=400)
        item.no_followup = True
        [balance] = self._get_totals()["balances"]
        self.assertEqual((balance["open"], balance["to_pay"]), (400, 0))
        self.assertEqual(balance["unclaimed"], 400)

    def test_who_has_paid_everything_is_told_so(self):
        item = self._create_item()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=item.move_id.ids
        ).create({})._create_payments()
        text = self._open().text
        self.assertIn("o_dunning_empty", text)
        self.assertIn("nothing to pay", text)

    # ------------------------------------------------------------------
    # PAGES
    # ------------------------------------------------------------------

    def test_items_come_page_by_page(self):
        items = [self._create_item(amount=n + 1, days=200 - n) for n in range(53)]
        page = self._enter()
        first, second = self.url_open(page).text, self.url_open(f"{page}?number=2").text
        rows = re.compile(r'data-item="(\d+)"')
        self.assertEqual(
            [int(id_) for id_ in rows.findall(first) + rows.findall(second)],
            [item.id for item in items],
        )
        self.assertIn('rel="next"', first)
        self.assertNotIn('rel="next"', second)
        for beyond in ("99", "0", "x", "-1", "9" * 20, "²", "٣"):
            with self.subTest(number=beyond):
                answer = self.url_open(f"{page}?number={beyond}")
                self.assertEqual(rows.findall(answer.text), rows.findall(first))

    def test_a_page_takes_as_many_queries_for_many_items_as_for_few(self):
        counts = []
        for count in (5, 40):
            for n in range(count):
                self._create_item(amount=n + 1)
            self.env.flush_all()
            self.env.invalidate_all()
            self._get_totals()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._get_totals()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------------

    def test_an_invoice_is_handed_over_as_a_file(self):
        item = self._create_item()
        answer = self.url_open(f"{self._enter()}/invoice/{item.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_what_has_no_document_is_not_handed_over(self):
        item = self._create_item()
        page = self._enter()
        move = self.registry["account.move"]
        with patch.object(
            move, "_get_invoice_legal_documents", lambda *_args, **_options: None
        ):
            answer = self.url_open(f"{page}/invoice/{item.id}")
        self.assertEqual(answer.status_code, 404)

    def test_documents_of_others_are_not_handed_over(self):
        self._create_item()
        foreign = self._create_item(self.other)
        page = self._enter()
        for path in ("invoice", "letter"):
            for id_ in (foreign.id, foreign.move_id.id, 999999):
                with self.subTest(path=path, id=id_):
                    answer = self.url_open(f"{page}/{path}/{id_}")
                    self.assertEqual(answer.status_code, 404)

    def test_letters_that_were_sent_can_be_had_again(self):
        self._create_item()
        self.customer.write({"street": "1 rue", "zip": "75002", "city": "Paris"})
        letters = self._create_scenario("letter")
        letters.level_ids.letter_template_id = self.env.ref(
            "account_dunning.letter_template_courteous"
        )
        self.customer.dunning_scenario_id = letters
        action = self._run()
        action.action_execute()
        [letter] = self._get_totals()["letters"]
        self.assertEqual(letter["id"], action.id)
        page = self._enter()
        answer = self.url_open(f"{page}/letter/{action.id}")
        self.assertEqual(answer.content, action.letter_id.raw)
        self._create_item(self.other)
        answer = self.url_open(f"{self._enter(self.other)}/letter/{action.id}")
        self.assertEqual(answer.status_code, 404)

    # ------------------------------------------------------------------
    # WHO IS THERE
    # ------------------------------------------------------------------

    def test_the_page_says_whom_to_talk_to(self):
        self._create_item()
        self.collector.phone = "+33 1 23 45 67 89"
        self.customer.dunning_user_id = self.collector
        text = self._open().text
        self.assertIn("tel:+33123456789", text)
        self.assertIn("mailto:dunning_collector@example.com", text)

    def test_a_collector_without_a_number_is_reached_by_that_of_the_company(self):
        self._create_item()
        self.company.phone = "+33 1 98 76 54 32"
        self.collector.phone = False
        self.customer.dunning_user_id = self.collector
        self.assertIn("tel:+33198765432", self._open().text)

    def test_where_nobody_can_be_talked_to_the_company_is_named(self):
        workers = type(self.company)
        with patch.object(workers, "_dunning_find_users", lambda *_args: []):
            contact = self.env["dunning.portal.statement"]._get_contact(self.customer)
        self.assertEqual(contact["name"], self.company.name)
        self.assertEqual(contact["email"], self.company.email)

    def test_what_is_written_to_the_customer_leads_to_its_page(self):
        self._create_item()
        action = self._run()
        with self.mock_mail_gateway():
            action.action_execute()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        link = self.customer._dunning_portal_url(self.company)
        self.assertIn(link, "".join(mail["body"] for mail in self._mails))

    def test_who_reads_what_was_sent_reads_no_link(self):
        self._create_item()
        action = self._run()
        link = self.customer._dunning_portal_url(self.company)
        values = action._prepare_emails()[action]
        self.assertIn(link, values["body_html"])
        with self.mock_mail_gateway():
            action.action_execute()
        sending = action.sending_id.with_user(self.manager)
        # What was sent is kept as it was, for whoever proves it.
        sending_sudo = sending.sudo()
        self.assertIn(link, sending_sudo.body)
        before = action._get_mail_preview(values)["body"]
        after = action.with_user(self.manager)._get_sent_preview()["body"]
        for shown in (before, after, sending.body_shown):
            self.assertIn("/dunning/***", shown)
            self.assertNotIn(link, shown)

    def test_the_way_to_the_page_stands_above_the_legal_line_of_an_e_mail(self):
        self._create_item()
        action = self._run()
        # Texts are written by template editors.
        template_sudo = action._get_mail_template().sudo()
        template_sudo.body_html = (
            '<div><p>Hello</p><t t-out="object.company_block"/></div>'
        )
        body = action._prepare_emails()[action]["body_html"]
        button = body.index("/dunning/")
        self.assertLess(body.index("Hello"), button)
        self.assertLess(button, body.index("o_dunning_footer"))
        self.assertEqual(body.count("<div"), body.count("</div>"))

    def test_a_company_that_sends_no_links_writes_none(self):
        self._create_item()
        self.company.dunning_portal_days = 0
        action = self._run()
        self.assertFalse(action._get_page_url())
        self.assertNotIn("/dunning/", action._frame_mail("<p>Hello</p>"))

    def test_a_letter_bears_the_code_of_the_page(self):
        self._create_item()
        action = self._run()
        paper = action.with_context(dunning_paper=True)
        self.assertIn("<svg", paper.signature_block)
        self.company.dunning_portal_days = 0
        paper.invalidate_recordset()
        self.assertNotIn("<svg", paper.signature_block)

    def test_the_color_of_the_company_can_be_read(self):
        self._create_item()
        self.company.primary_color = "#ffe600"
        text = self._open().text
        self.assertNotIn("#ffe600", text)
        self.assertIn(self.company._dunning_portal_color(), text)
