from odoo.tests import tagged

from .common_payment import PortalPaymentCommon


@tagged("post_install", "-at_install")
class TestPortalTours(PortalPaymentCommon):
    """What customers do on their page, in a real browser and in both languages."""

    def _prepare(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        (self.customer | self.contact).lang = lang
        paid = self._create_item(amount=1000, days=20)
        self.left = self._create_item(amount=500, days=10)
        self.company._dunning_run(self.day)
        return paid

    def _check(self, paid):
        self.assertTrue(paid.reconciled)
        self.assertFalse(self.left.reconciled)
        action = self.env["dunning.action"].search(
            [("partner_id", "=", self.customer.id)]
        )
        listed = action.line_ids.filtered(lambda line: line.state != "dropped")
        self.assertEqual(listed.move_line_id, self.left)

    def test_a_customer_pays_by_the_link_in_english(self):
        paid = self._prepare("en_US")
        self.start_tour(self._get_link(), "dunning_portal_link")
        self._check(paid)

    def test_a_customer_pays_by_the_link_in_french(self):
        paid = self._prepare("fr_FR")
        self.start_tour(self._get_link(), "dunning_portal_link")
        self._check(paid)

    def test_a_customer_pays_after_login_in_english(self):
        paid = self._prepare("en_US")
        self.start_tour("/my/home", "dunning_portal_login", login="dunning_visitor")
        self._check(paid)

    def test_a_customer_pays_after_login_in_french(self):
        paid = self._prepare("fr_FR")
        self.start_tour("/my/home", "dunning_portal_login", login="dunning_visitor")
        self._check(paid)

    def _revoke(self, lang):
        self._prepare(lang)
        self.collector.lang = lang
        link = self._get_link()
        self.assertEqual(self._open(link).status_code, 200)
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}",
            "dunning_portal_collector",
            login=self.collector.login,
        )
        self.logout()
        self.assertGone(self._open(link))

    def test_a_collector_sees_the_visit_and_revokes_the_link_in_english(self):
        self._revoke("en_US")

    def test_a_collector_sees_the_visit_and_revokes_the_link_in_french(self):
        self._revoke("fr_FR")
