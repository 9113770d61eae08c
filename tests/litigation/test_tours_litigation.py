from odoo import Command
from odoo.tests import tagged

from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestLitigationTours(TourCommon):
    """Hand-over, insolvency and proof file in a real browser, in both languages."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.partner"].create(
            {"name": "Agency", "dunning_agent_kind": "agency"}
        )

    def _play(self, tour, lang):
        """Play a tour on the form of a customer who owes something.

        :return: the customer
        """
        self.collector.lang = lang
        customer = self.env["res.partner"].create(
            {"name": f"Alpha {lang}", "email": "customer@example.com"}
        )
        self._create_overdue_invoice(customer)
        url = f"/odoo/res.partner/{customer.id}"
        self.start_tour(url, tour, login=self.collector.login)
        return customer

    def test_an_invoice_is_handed_over_and_followed_up(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer = self._play("dunning_litigation_handed_over", lang)
                litigation = customer.dunning_litigation_ids
                self.assertEqual(
                    (litigation.kind, litigation.state), ("agency", "amicable")
                )
                self.assertEqual(litigation.act_ids.note, "They have answered")

    def test_a_customer_is_insolvent(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer = self._play("dunning_litigation_insolvency", lang)
                litigation = customer.dunning_litigation_ids
                self.assertEqual(litigation.kind, "insolvency")
                self.assertEqual(litigation.hold_ids.scope, "customer")

    def test_a_proof_file_is_asked_for(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer = self._play("dunning_litigation_proof", lang)
                proof = self.env["dunning.proof"].search(
                    [("partner_id", "=", customer.id)]
                )
                self.assertEqual(proof.user_id, self.collector)

    def test_what_is_doubtful_is_moved_and_provided_for_by_an_accountant(self):
        self.company.country_id = self.env.ref("base.fr")
        accounts = {
            "dunning_doubtful_account_id": ("416999", "asset_receivable"),
            "dunning_provision_account_id": ("491999", "asset_current"),
            "dunning_provision_expense_id": ("681999", "expense"),
        }
        for name, (code, kind) in accounts.items():
            self.company[name] = self.env["account.account"].create(
                {
                    "name": code,
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                }
            )
        self._make_accountant()
        for litigation in self._play_in_each_language("dunning_litigation_doubtful"):
            moves = litigation.doubtful_move_id | litigation.provision_move_id
            self.assertEqual(moves.mapped("state"), ["draft", "draft"])
            self.assertEqual(litigation.provision_move_id.amount_total, 500)

    def _play_in_each_language(self, tour):
        """Play a tour of a litigation in each language; yield what was played with."""
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.collector.lang = lang
                litigation = self._create_litigation(lang)
                url = f"/odoo/dunning.litigation/{litigation.id}"
                self.start_tour(url, tour, login=self.collector.login)
                yield litigation

    def _make_accountant(self):
        groups = self.env.ref("account.group_account_manager") | self.env.ref(
            "account_dunning.group_dunning_collector"
        )
        self.collector.group_ids = [Command.set(groups.ids)]

    def test_what_is_lost_is_written_off_by_an_administrator_of_invoicing(self):
        self.company.country_id = self.env.ref("base.fr")
        self.company.dunning_loss_account_id = self.env["account.account"].create(
            {"name": "Losses", "code": "654000", "account_type": "expense"}
        )
        self._make_accountant()
        for litigation in self._play_in_each_language("dunning_litigation_written_off"):
            self.assertEqual(litigation.write_off_move_id.state, "draft")

    def _create_litigation(self, name):
        """Return a litigation in which an order to pay was issued."""
        customer = self.env["res.partner"].create(
            {"name": f"Beta {name}", "country_id": self.env.ref("base.fr").id}
        )
        self._create_overdue_invoice(customer)
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", customer.id),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        litigation = self.env["dunning.litigation"].create(
            {
                "agent_id": self.env["res.partner"]
                .create({"name": "Lawyer", "dunning_agent_kind": "lawyer"})
                .id,
                "move_line_ids": [Command.set(items.ids)],
            }
        )
        self.env["dunning.litigation.act"].create(
            {"litigation_id": litigation.id, "kind": "order_issued"}
        )
        return litigation
