from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDue(DunningCommon):
    """The groups of the agenda: late, today, within seven days, later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.action"].search([]).unlink()
        cls.expected = {
            -30: "1_late",
            -1: "1_late",
            0: "2_today",
            1: "3_soon",
            7: "3_soon",
            8: "4_later",
        }
        cls.planned = {}
        for number, shift in enumerate(cls.expected):
            customer = cls._create_customer(f"Customer {number}")
            cls._create_invoice(customer, due=-40)
            cls.planned[shift] = cls.env["dunning.action"].create(
                {"partner_id": customer.id, "channel": "task", "date": cls._day(shift)}
            )

    def _search_due(self, due):
        return self.env["dunning.action"].search([("due", "=", due)])

    def test_each_action_is_in_the_group_of_its_day(self):
        for shift, action in self.planned.items():
            self.assertEqual(action.due, self.expected[shift], shift)

    def test_a_filter_finds_what_the_field_says(self):
        for due in set(self.expected.values()):
            found = [s for s, action in self.planned.items() if action.due == due]
            expected = self.env["dunning.action"].union(
                *(self.planned[shift] for shift in found)
            )
            self.assertEqual(self._search_due(due), expected, due)

    def test_days_late_are_filtered_as_they_show(self):
        actions = self.env["dunning.action"].create(
            {"partner_id": self._create_customer("Owes nothing").id, "channel": "task"}
        )
        actions |= self.env["dunning.action"].union(*self.planned.values())
        self.assertEqual(set(actions.mapped("days_late")), {0, 40, 41, 47, 48})
        days = self.env["dunning.action"].fields_get(["days_late"])["days_late"]
        self.assertTrue(days["searchable"])
        for operator, value, shows in (
            ("=", 40, lambda days: days == 40),
            ("!=", 40, lambda days: days != 40),
            ("=", 0, lambda days: not days),
            ("=", False, lambda days: not days),
            (">", 40, lambda days: days > 40),
            (">=", 41, lambda days: days >= 41),
            ("<", 41, lambda days: days < 41),
            ("<=", 0, lambda days: days <= 0),
            ("in", [0, 41], lambda days: days in (0, 41)),
            ("not in", [0, 41], lambda days: days not in (0, 41)),
        ):
            with self.subTest(operator=operator, value=value):
                found = actions.search(
                    [("id", "in", actions.ids), ("days_late", operator, value)]
                )
                shown = actions.filtered(lambda x, shows=shows: shows(x.days_late))
                self.assertEqual(found, shown.sorted())

    def test_a_grouping_counts_what_the_field_says(self):
        groups = self.env["dunning.action"].formatted_read_group(
            [], ["due"], ["__count"]
        )
        counts = {group["due"]: group["__count"] for group in groups}
        self.assertEqual(counts, {"1_late": 2, "2_today": 1, "3_soon": 2, "4_later": 1})

    def test_what_is_over_is_in_no_group(self):
        done = self.planned[0]
        done.action_execute()
        self.assertFalse(done.due)
        self.assertIn(done, self._search_due(False))
        [group] = self.env["dunning.action"].formatted_read_group(
            [("id", "=", done.id)], ["due"], ["__count"]
        )
        self.assertFalse(group["due"])
