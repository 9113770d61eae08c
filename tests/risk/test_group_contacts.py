from odoo.tests import tagged

from ..web_client import WebForm
from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestGroupContacts(RiskCommon):
    """A contact with one customer of a group counts for all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.contact_gap_days = 7
        cls.sister = cls._create_customer("Sister")
        cls.stranger = cls._create_customer("Stranger")
        cls.group = cls.env["dunning.customer.group"].create(
            {
                "name": "Family",
                "member_ids": [(6, 0, (cls.customer | cls.sister).ids)],
            }
        )

    def _contact_first(self):
        """Contact the customer, and have its sister and a stranger owe something."""
        self._create_invoice(due=-5)
        self._step()
        own = self._create_invoice(self.sister, due=-5)
        other = self._create_invoice(self.stranger, due=-5)
        return own, other

    def test_after_a_contact_with_one_the_others_wait(self):
        own, other = self._contact_first()
        self.assertPlanned(own, "later", 1, reason="contact_gap", date=7)
        self.assertPlanned(other, "step", 1)
        self.assertEqual(self._run(1).action_ids.partner_id, self.stranger)
        self.assertPlanned(own, "step", 7)
        self.assertEqual(self._run(7).action_ids.partner_id, self.sister)

    def test_where_the_group_does_not_say_so_nobody_waits(self):
        self.group.counts_together = False
        own, __ = self._contact_first()
        self.assertPlanned(own, "step", 1)

    def test_whoever_leaves_the_group_waits_no_longer(self):
        own, __ = self._contact_first()
        self.assertPlanned(own, "later", 1, reason="contact_gap")
        self.group.member_ids -= self.sister
        self.assertPlanned(own, "step", 1)
        self.group.member_ids |= self.sister
        self.group.active = False
        self.assertPlanned(own, "step", 1)

    def test_the_plan_of_one_alone_says_the_same(self):
        own, __ = self._contact_first()
        self._go_to(1)
        scope = self.company._dunning_scope(partners=self.sister.ids)
        query = self.env["dunning.plan"]._get_query(scope)
        rows = self.env["dunning.plan"]._execute_on_ledger(
            self._select(query, "id, decision")
        )
        self.assertEqual(rows, [(self._items(own).id, "later")])

    def _select(self, query, columns):
        from odoo.tools import SQL

        return SQL("SELECT %s FROM (%s) plan", SQL(columns), query)

    def test_of_two_that_are_due_on_one_day_one_is_contacted(self):
        self._create_invoice(due=-5)
        self._create_invoice(self.sister, due=-5)
        self._create_invoice(self.stranger, due=-5)
        actions = self._run().action_ids
        self.assertEqual(len(actions), 3)
        self._cron_execute()
        done = actions.filtered(lambda action: action.state == "done")
        self.assertEqual(len(done), 2)
        self.assertIn(self.stranger, done.partner_id)
        waiting = actions - done
        self.assertEqual((waiting.state, waiting.date), ("todo", self._day(7)))
        self._go_to(7)
        self._cron_execute()
        self.assertEqual(waiting.state, "done")

    def test_what_is_kept_for_the_screens_says_the_same(self):
        own, __ = self._contact_first()
        self._create_invoice(due=-6)
        self.env.flush_all()
        keeper = self.env["dunning.plan.keeper"]
        self._go_to(8)
        keeper._keep_up(self.company)
        kept = self.env["dunning.plan.kept"]
        item = self.env["dunning.item"].browse(self._items(own).id)
        self.assertEqual(item.decision, "step")
        self._step(8)
        self.env.flush_all()
        self.assertIn(self.sister.id, kept._get_marked())

    def test_without_a_group_the_statement_is_the_same_as_ever(self):
        plan = self.env["dunning.plan"]
        scope = self.company._dunning_scope()
        self.assertIn("UNNEST", plan._get_contact_sql(scope).code)
        self.group.unlink()
        self.assertNotIn("UNNEST", plan._get_contact_sql(scope).code)
        with self.assertQueryCount(0):
            plan._get_contact_sql(scope)

    def test_a_group_of_another_company_counts_there(self):
        other = self._create_second_company()
        self.group.active = False
        self.env["dunning.customer.group"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "member_ids": [(6, 0, (self.customer | self.sister).ids)],
            }
        )
        own, __ = self._contact_first()
        self.assertPlanned(own, "step", 1)

    def test_a_collector_says_whether_contacts_count_together(self):
        with WebForm(self.group.with_user(self.collector)) as form:
            form.counts_together = False
        self.assertFalse(self.group.counts_together)
