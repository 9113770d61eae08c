from odoo.tests import tagged

from odoo.addons.account_dunning.demo.einvoice_messages import make_status, write_cdar
from odoo.addons.account_dunning.tools.einvoice_message import Document

from ..concurrency import ConcurrencyCommon

SIREN = "999090137"


@tagged("post_install", "-at_install")
class TestEinvoiceConcurrency(ConcurrencyCommon):
    """The same message by two ways at the same moment is once."""

    def _create_data(self, env):
        partners = super()._create_data(env)
        self.former = env.company.company_registry
        env.company.company_registry = SIREN
        return partners

    def _delete_new_rows(self, before):
        with self._env() as env:
            env.company.company_registry = self.former
        return super()._delete_new_rows(before)

    def test_a_message_that_two_take_at_once_is_once(self):
        with self._env() as env:
            numbers = env["account.move"].browse(self.invoice_ids).mapped("name")
        documents = [
            Document(f"{n}.xml", write_cdar([make_status("207", "PU_ERR", n, SIREN)]))
            for n in numbers
        ]

        def take(order):
            def work(env):
                events = env["dunning.einvoice.event"]
                return events._receive_all(documents[::order], "file").events.ids

            return work

        first, second, third = self._in_threads(take(1), take(-1), take(1))
        self.assertEqual(sorted(first), sorted(second))
        self.assertEqual(sorted(first), sorted(third))
        with self._env() as env:
            events = env["dunning.einvoice.event"].search([("number", "in", numbers)])
            self.assertEqual(len(events), len(numbers))
            self.assertEqual(set(events.mapped("state")), {"assigned"})
            self.assertEqual(len(events.attachment_id), len(numbers))
