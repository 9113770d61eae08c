from odoo import fields
from odoo.tests import tagged

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
