from odoo.tests import tagged

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestRiskTours(TourCommon):
    """What people do about whom to see first, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.alpha, cls.beta = (
            partners.create({"name": name, "is_company": True, "lang": "en_US"})
            for name in ("Alpha Mail", "Beta Mail")
        )

    def setUp(self):
        super().setUp()
        self._create_overdue_invoice(self.alpha, 100, days=80)
        self._create_overdue_invoice(self.beta, 900)

    def test_a_collector_begins_with_who_matters_most(self):
        self.company._dunning_run(self.day)
        self.start_tour(
            "/odoo/dunning-worklist", "dunning_worklist", login=self.collector.login
        )

    def test_a_manager_sees_what_a_weight_does_before_saving_it(self):
        self.env["dunning.priority.rule"].create(
            {
                "name": "Large Amounts",
                "company_id": self.company.id,
                "condition": "amount",
                "points": 1,
                "full_from": 1000,
            }
        )
        self.start_tour(
            "/odoo/dunning-priorities",
            "dunning_priority_preview",
            login=self.manager.login,
        )

    def _play_in_both_languages(self, url, tour, user):
        """Play a tour in English and in French, giving back the language each time."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang in ("en_US", "fr_FR"):
            with self.subTest(lang=lang):
                user.lang = lang
                self.start_tour(url, tour, login=user.login)
                yield lang

    def test_a_collector_puts_a_customer_on_the_watch_list_and_takes_it_off(self):
        watches = self.env["dunning.watch"]
        for _lang in self._play_in_both_languages(
            "/odoo/dunning-watch-list", "dunning_watch", self.collector
        ):
            watch = watches.search([("partner_id", "=", self.alpha.id)], limit=1)
            self.assertEqual(
                (watch.reason, watch.effect, watch.closed_by, watch.closed_user_id),
                ("Bad news", "block", "user", self.collector),
            )

    def test_a_manager_applies_a_rule_of_the_watch_list_and_takes_somebody_off(self):
        rule = self.env["dunning.watch.rule"].create(
            {
                "name": "Pays Late",
                "company_id": self.company.id,
                "domain": "[('overdue', '>', 0), ('overdue', '<', 500)]",
            }
        )
        watches = self.env["dunning.watch"]
        for number, _lang in enumerate(
            self._play_in_both_languages(
                "/odoo/dunning-watch-rules", "dunning_watch_rule_applied", self.manager
            ),
            1,
        ):
            found = watches.search([("rule_id", "=", rule.id)])
            self.assertEqual(found.partner_id, self.alpha)
            self.assertEqual(found.mapped("closed_by"), ["user"] * number)

    def test_a_collector_imports_the_list_of_the_insurer(self):
        covers = self.env["dunning.cover"]
        for _lang in self._play_in_both_languages(
            "/odoo/dunning-covers", "dunning_cover_import", self.collector
        ):
            cover = covers.search([("partner_id", "=", self.alpha.id)])
            self.assertRecordValues(
                cover, [{"amount": 1500.5, "insurer_id": self.beta.id}]
            )
            cover.unlink()

    def test_a_manager_releases_a_credit_stop_and_takes_it_back(self):
        releases = self.env["dunning.stop.release"]
        for number, _lang in enumerate(
            self._play_in_both_languages(
                "/odoo/dunning-releases", "dunning_stop_released", self.manager
            ),
            1,
        ):
            found = releases.search([("partner_id", "=", self.alpha.id)])
            self.assertEqual(len(found), number)
            self.assertTrue(all(found.mapped("date_withdrawn")))
            self.assertEqual(found.user_id, self.manager)
