from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_risk import RiskCommon

FIGURES = (
    "dunning_average_delay",
    "dunning_exposure",
    "dunning_credit_limit",
    "dunning_profile",
)


@tagged("post_install", "-at_install")
class TestRatingRights(RiskCommon):
    """A salesperson sees the rating and why, and no figure by any way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "rating_seller",
            "base.group_user,account_dunning.group_dunning_rating",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls._pay_late(cls.customer, 40, 40, 40)
        cls.env.flush_all()

    def test_a_salesperson_reads_the_rating_and_why(self):
        partner = self.customer.with_user(self.seller)
        [row] = partner.read(["dunning_rating", "dunning_rating_reason"])
        self.assertEqual(row["dunning_rating"], "d")
        self.assertEqual(row["dunning_rating_reason"], "Pays late")
        found = partner.search([("dunning_rating", "in", ["d"])])
        self.assertIn(self.customer, found)

    def test_no_reason_tells_a_figure(self):
        for reason in self.profiles._get_rule_labels().values():
            self.assertNotRegex(reason, r"\d")

    def test_a_salesperson_sees_no_figure(self):
        partners = self.env["res.partner"].with_user(self.seller)
        for name in FIGURES:
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    partners.browse(self.customer.id).read([name])
                for method, args in (
                    ("search", ([(name, ">", 0)],)),
                    ("search", ([], 0, None, name)),
                    ("formatted_read_group", ([], [name], ["__count"])),
                    ("formatted_read_group", ([], [], [f"{name}:sum"])),
                ):
                    self.assertIsInstance(
                        self._try(partners, method, args), (AccessError, ValueError)
                    )

    @staticmethod
    def _try(records, method, args):
        """Return the error that a method raises."""
        try:
            getattr(records, method)(*args)
        except (AccessError, ValueError) as error:
            return error

    def test_a_salesperson_reads_no_profile(self):
        with self.assertRaises(AccessError):
            self.profiles.with_user(self.seller).search([])

    def test_without_the_group_there_is_no_rating(self):
        user = new_test_user(
            self.env,
            "rating_nobody",
            "base.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        partner = self.customer.with_user(user)
        with self.assertRaises(AccessError):
            partner.read(["dunning_rating"])
        with self.assertRaises(AccessError):
            partner.search([("dunning_rating", "=", "d")])
        with self.assertRaises(AccessError):
            partner.search([], order="dunning_rating")
        view = partner.get_view(self.env.ref("base.view_partner_form").id, "form")
        self.assertNotIn("dunning_rating", view["arch"])

    def test_the_form_of_a_salesperson_has_the_rating(self):
        partner = self.customer.with_user(self.seller)
        view = partner.get_view(self.env.ref("base.view_partner_form").id, "form")
        self.assertIn("dunning_rating_reason", view["arch"])
        for name in FIGURES:
            self.assertNotIn(name, view["arch"])
