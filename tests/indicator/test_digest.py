from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import DunningCommon

KPIS = {
    "kpi_dunning_overdue": True,
    "kpi_dunning_received": True,
    "kpi_dunning_done": True,
    "kpi_dunning_broken": True,
}


@tagged("post_install", "-at_install")
class TestDigest(DunningCommon):
    """Figures of dunning in Odoo's digests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = False
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Dunning",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, cls.manager.ids)],
                **KPIS,
            }
        )

    def _get_values(self, days, user=None, ago=0):
        """Return the values of a digest about the last days."""
        self.env.flush_all()
        self.env.invalidate_all()
        end = fields.Datetime.now() - timedelta(days=ago)
        digest = self.digest.with_user(user or self.manager).with_context(
            start_datetime=end - timedelta(days=days), end_datetime=end
        )
        return {name: digest[f"{name}_value"] for name in KPIS}

    def test_figures_are_those_of_the_period(self):
        overdue = self._create_invoice(due=-3, amount=500)
        paid = self._create_invoice(due=-20, amount=200)
        self._create_invoice(due=5, amount=70)
        self._pay(paid, date=-2)
        self._go_to(2)
        self._step(2)
        self.assertEqual(
            self._get_values(7),
            {
                "kpi_dunning_overdue": 500,
                "kpi_dunning_received": 200,
                "kpi_dunning_done": 1,
                "kpi_dunning_broken": 0,
            },
        )
        self.assertEqual(self._get_values(1)["kpi_dunning_received"], 0)
        # A week before, nothing was paid and only one item was overdue.
        before = self._get_values(1, ago=7)
        self.assertEqual(before["kpi_dunning_overdue"], 200)
        self.assertTrue(overdue)

    def test_a_period_begins_on_the_day_after_the_one_before(self):
        for day, amount in ((-7, 10), (-6, 200)):
            self._pay(self._create_invoice(due=-20, amount=amount), date=day)
            action = self.env["dunning.action"].create({"partner_id": self.customer.id})
            action.sudo()._mark_done(self._day(day))
        found = self._get_values(7)
        self.assertEqual(found["kpi_dunning_received"], 200)
        self.assertEqual(found["kpi_dunning_done"], 1)

    def test_who_reads_no_dunning_gets_the_digest_without_these_figures(self):
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        for user, found in ((self.manager, set(KPIS)), (employee, set())):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                kpis = self.digest._compute_kpis(self.company, user)
                names = {kpi["kpi_name"] for kpi in kpis}
                self.assertEqual(names & set(KPIS), found)

    def test_who_sends_the_digest_need_not_read_dunning(self):
        admin = self._create_user("administrator", "group_dunning_readonly")
        admin.group_ids = self.env.ref("base.group_erp_manager")
        self.digest.with_user(admin).action_send_manual()

    def test_a_collector_with_only_own_customers_gets_theirs(self):
        other = self._create_user("other", "group_dunning_collector")
        customer = self._create_customer("Other", dunning_user_id=other.id)
        self._create_invoice(customer, -3, 1000)
        self._create_invoice(due=-3, amount=50)
        self.company.dunning_collector_view = "own"
        for user, expected in ((self.collector, 50), (other, 1000)):
            values = self._get_values(7, user)
            self.assertEqual(values["kpi_dunning_overdue"], expected)

    def test_what_waits_is_what_whoever_gets_it_has_to_do_here_and_now(self):
        company = self._create_second_company()
        self.manager.company_ids |= company
        collector = self._create_user("other", "group_dunning_collector")
        values = {"partner_id": self.customer.id, "user_id": self.manager.id}
        for others in (
            {"company_id": company.id},
            {"user_id": collector.id},
            {"date": self._day(9)},
        ):
            self.env["dunning.action"].create(values | others)
        done = self.env["dunning.action"].create(values)
        done.sudo()._mark_done(self.today)
        self.env["dunning.action"].create(values)
        digest = self.digest.with_user(self.manager).with_context(
            start_datetime=fields.Datetime.now() - timedelta(days=7),
            end_datetime=fields.Datetime.now(),
        )
        self.assertEqual(digest.kpi_dunning_waiting_value, 1)

    def test_a_digest_of_another_company_tells_nothing_of_ours(self):
        self._create_invoice(due=-3, amount=500)
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        kpis = self.digest._compute_kpis(other, stranger)
        self.assertFalse({kpi["kpi_name"] for kpi in kpis} & set(KPIS))
