from odoo.tests import tagged
from odoo.tools import SQL

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestJoining(RiskCommon):
    """Customers that become one take along what is known of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_customer("Owner", is_company=True)
        cls.watch = cls.env["dunning.watch"].create(
            {"partner_id": cls.customer.id, "reason": "Bad news", "effect": "block"}
        )
        cls.cover = cls.env["dunning.cover"].create(
            {
                "partner_id": cls.customer.id,
                "insurer_id": cls._create_customer("Insurer").id,
                "amount": 500,
            }
        )
        cls.group = cls.env["dunning.customer.group"].create(
            {"name": "Family", "member_ids": [(6, 0, cls.customer.ids)]}
        )

    def test_a_customer_that_becomes_a_contact_takes_it_along(self):
        self._pay_late(self.customer, 40, 40, 40)
        self.customer.parent_id = self.owner
        self.env.invalidate_all()
        self.assertEqual(self.watch.partner_id, self.owner)
        self.assertEqual(self.cover.partner_id, self.owner)
        self.assertEqual(self.group.member_ids, self.owner)
        self.assertEqual(self.owner.dunning_credit_stop, "block")
        self.assertEqual(self._profile(self.owner)["rating"], "d")

    def test_a_customer_that_becomes_a_contact_has_no_profile_of_its_own(self):
        """Nor a second row for the same money in the worklist."""
        self._create_invoice(due=-20)
        self._refresh()
        self.assertTrue(self._kept())
        self.customer.parent_id = self.owner
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self._kept())
        rows = self.env["dunning.worklist"].search([])
        self.assertEqual(rows.partner_id & (self.customer | self.owner), self.owner)
        self.assertEqual(sum(rows.mapped("to_collect")), 100)

    def test_who_has_a_group_stays_in_it(self):
        other = self.env["dunning.customer.group"].create(
            {"name": "Other", "member_ids": [(6, 0, self.owner.ids)]}
        )
        self.customer.parent_id = self.owner
        self.env.invalidate_all()
        self.assertFalse(self.group.member_ids)
        self.assertEqual(other.member_ids, self.owner)

    def test_merged_customers_have_one_profile(self):
        self._pay_late(self.customer, 40, 40)
        self._pay_late(self.owner, 40)
        self._refresh()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.owner).ids, self.owner)
        self.env.invalidate_all()
        self.assertEqual(self.watch.partner_id, self.owner)
        self._refresh()
        self.assertEqual(self._kept(self.owner).rating, "d")
        self.assertEqual(self._kept(self.owner).item_count, 3)

    def test_merged_customers_stay_in_one_group(self):
        other = self.env["dunning.customer.group"].create(
            {"name": "Other", "member_ids": [(6, 0, self.owner.ids)]}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | self.owner).ids, self.owner)
        self.env.invalidate_all()
        self.assertFalse(self.group.member_ids)
        self.assertEqual(other.member_ids, self.owner)

    def test_the_solvency_of_a_contact_is_that_of_its_customer(self):
        contact = self._create_customer("Contact", parent_id=self.owner.id)
        check = self.env["dunning.solvency"].create(
            {"partner_id": contact.id, "source": "Register"}
        )
        self.assertEqual(check.partner_id, self.owner)

    def test_what_a_customer_has_once_is_known_to_who_merges_customers(self):
        """A rule of the database that is not named here has to make room when two
        customers become one (`_dunning_become_one`): otherwise they never can."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT owner.relname, rule.relname
                  FROM pg_index kept
                  JOIN pg_class owner ON owner.oid = kept.indrelid
                  JOIN pg_class rule ON rule.oid = kept.indexrelid
                  JOIN pg_constraint link
                    ON link.conrelid = owner.oid
                   AND link.contype = 'f'
                   AND link.confrelid = 'res_partner'::regclass
                   AND link.conkey[1] = ANY(kept.indkey)
                 WHERE kept.indisunique
                   AND NOT kept.indisprimary
                   AND owner.relname LIKE 'dunning%%'
                """
            )
        )
        names = {rule.removeprefix(f"{table}_") for table, rule in rows}
        # Profiles go, and a request has a mark of its own.
        known = {"customer_uniq", "sent_once"}
        once = {"one_follow_up", "one_statement", "once_a_day"}
        self.assertEqual(names, known | once)
