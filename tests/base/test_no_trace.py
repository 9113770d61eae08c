from odoo import fields
from odoo.tests import new_test_user, tagged

from ..send.test_execution import ExecutionCommon
from ..smtp import mail_server


@tagged("post_install", "-at_install")
class TestNoTrace(ExecutionCommon):
    """What changes nothing leaves no trace, and names stay names."""

    def test_saving_nothing_does_not_touch_what_is_done(self):
        self._create_invoice(due=-5)
        action = self._step()
        self.assertEqual(action.state, "done")
        before = fields.Datetime.to_datetime("2020-01-01")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_action SET write_date = %s WHERE id = %s",
            [before, action.id],
        )
        self.env.invalidate_all()
        action.with_user(self.collector).web_save({}, {"state": {}})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(action.write_date, before)

    def test_records_are_imported_by_their_number(self):
        _invoice, action = self._plan_action()
        result = action.with_user(self.collector).load(
            [".id", "note"], [[str(action.id), "Called back"]]
        )
        self.assertFalse(result["messages"])
        self.assertEqual(action.note, "Called back")

    def test_a_name_with_line_breaks_makes_no_headers(self):
        name = "ACME\r\nBcc: victim@example.com\r\n\r\nForged"
        self.customer.name = name
        self.company.partner_id.name = name
        self._create_invoice(due=-5)
        server = self.enterContext(mail_server(self.env))
        self.env["mail.mail"].search([]).unlink()
        action = self._step()
        action.mail_id.send()
        self.assertEqual(action.state, "done")
        [message] = server.messages
        raw = str(message)
        self.assertNotIn("\nBcc:", raw)
        self.assertNotIn("\nForged", raw)

    def test_an_address_in_a_name_is_no_sender(self):
        forged = "Mallory\r\n<mallory@example.com>"
        people = self.company.partner_id | self.collector.partner_id
        people |= self.env.user.partner_id
        self.env.cr.execute(
            "UPDATE res_partner SET name = %s WHERE id = ANY(%s)", [forged, people.ids]
        )
        self.env.invalidate_all()
        for person in people:
            self.assertNotIn("\n", person.email_formatted)
        self._create_invoice(due=-5)
        server = self.enterContext(mail_server(self.env))
        self.env["mail.mail"].search([]).unlink()
        action = self._step()
        action.mail_id.send()
        told = action.message_notify(partner_ids=self.customer.ids, body="Called")
        told.mail_ids.send()
        self.assertEqual(len(server.messages), 2)
        for _recipient, message in server.messages:
            for header in ("From", "Reply-To"):
                for address in message[header].addresses:
                    self.assertNotEqual(address.addr_spec, "mallory@example.com")

    def test_who_has_no_address_writes_by_that_of_the_company(self):
        visitor = new_test_user(
            self.env, "addressless", "base.group_portal", email=False
        )
        visitor.partner_id.email = False
        self.company.email = "company@example.com"
        _invoice, action = self._plan_action()
        customer = self.customer._dunning_discreetly(self.company)
        for record in (action, customer):
            # As what visitors do on their page: elevated.
            told_sudo = record.with_user(visitor).sudo()
            told = told_sudo.message_notify(
                partner_ids=self.collector.partner_id.ids, body="Called"
            )
            self.assertEqual(told.author_id, self.company.partner_id)
            self.assertEqual(told.email_from, self.company.email_formatted)
            note = told_sudo._message_log(body="Called")
            self.assertEqual(note.email_from, self.company.email_formatted)
