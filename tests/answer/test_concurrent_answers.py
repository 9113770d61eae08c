from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentAnswers(ConcurrencyCommon):
    """Two collectors decide about the same answer of a customer."""

    customer_count = 1

    def _create_data(self, env):
        partners = super()._create_data(env)
        request = env["dunning.portal.request"].create(
            {
                "partner_id": partners.id,
                "company_id": env.company.id,
                "kind": "details",
                "title": "New address",
                "state": "done",
                "decision": "open",
                "date": fields.Datetime.now(),
            }
        )
        self.request_id = request.id
        return partners

    def _get_request(self, env):
        env = env(user=env.ref("base.user_admin"))
        return env["dunning.portal.request"].browse(self.request_id)

    def test_the_second_is_told_at_once_while_the_first_decides(self):
        with self._env() as first, self._env(commit=False) as second:
            self._get_request(first).action_refuse()
            with self.assertRaisesRegex(UserError, "dealing with this"):
                self._get_request(second).action_accept()
        with self._env() as env:
            self.assertEqual(self._get_request(env).decision, "refused")
