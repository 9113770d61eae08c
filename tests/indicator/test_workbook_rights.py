from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookRights(WorkbookCommon, HttpCase):
    """Nobody is given more than they may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second_company()
        cls.other = cls._create_customer("Other Customer")
        cls._create_invoice(cls.customer, due=-5, amount=100)
        cls._create_invoice(cls.other, due=-5, amount=20)
        cls.theirs = cls._create_invoice(
            cls.other, due=-5, amount=7000, company=cls.second
        )
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.both = cls._create_user(
            "both", "group_dunning_manager", company_ids=(cls.company | cls.second).ids
        )

    def _get_customers(self, read):
        return {row["Customer"]: row["Total"] for row in read.get_list("Customers")}

    def test_another_company_is_neither_exported_nor_told_of(self):
        with self.assertRaises(AccessError):
            self._order(company_ids=(self.company | self.second).ids)
        found = self._get_customers(self._export())
        self.assertEqual(found, {"Customer": 100, "Other Customer": 20})
        read = self._export(self.both, self.company | self.second)
        self.assertEqual(
            self._add(read.get_list("Customers"), "Total", by="Company"),
            {"Dunning Company": 120, "Second Company": 7000},
        )
        self._assert_calculated(read)

    def test_items_of_another_company_are_refused(self):
        with self.assertRaises(AccessError):
            self._order(move_line_ids=self._items(self.theirs).ids)

    def test_companies_of_the_same_name_are_told_apart(self):
        self.second.sudo().name = self.company.name.upper()
        read = self._export(self.both, self.company | self.second)
        sums = self._add(read.get_list("Customers"), "Total", by="Company")
        self.assertEqual(sorted(sums.values()), [120, 7000])
        self._assert_calculated(read)

    def test_collectors_export_only_their_customers_where_the_company_says_so(self):
        self.company.dunning_collector_view = "own"
        self.other.dunning_user_id = self._create_user(
            "peer", "group_dunning_collector"
        )
        read = self._export()
        self.assertEqual(self._get_customers(read), {"Customer": 100})
        self.assertEqual(self._add(read.get_list("Items"), "Open"), 100)
        self.assertEqual(self._get_summary(read)["Total"][1], 100)
        self.assertNotIn("Other Customer", read.get_text())
        self.assertIn("Only customers of Collector", read.get_text())
        read = self._export(partner_ids=self.other.ids)
        self.assertEqual(read.get_list("Customers"), [])
        found = self._get_customers(self._export(self.manager))
        self.assertEqual(found, {"Customer": 100, "Other Customer": 20})

    def test_promises_of_others_customers_are_not_told_of(self):
        self.company.dunning_collector_view = "own"
        self.other.dunning_user_id = self._create_user(
            "peer", "group_dunning_collector"
        )
        for partner, amount in ((self.customer, 60), (self.other, 9)):
            items = self._items(
                self.env["account.move"].search(
                    [
                        ("partner_id", "=", partner.id),
                        ("company_id", "=", self.company.id),
                    ]
                )
            )
            self.env["dunning.promise"].create(
                {
                    "partner_id": partner.id,
                    "move_line_ids": items.ids,
                    "line_ids": [(0, 0, {"date": self._day(5), "amount": amount})],
                }
            )
        found = [row["Promised"] for row in self._export().get_list("Promises")]
        self.assertEqual(found, [60])
        found = self._export(self.manager).get_list("Promises")
        self.assertEqual(sorted(row["Promised"] for row in found), [9, 60])

    def test_only_its_author_reads_a_workbook(self):
        workbook = self._order()
        for user in (self.manager, self.both):
            other = workbook.with_user(user)
            self.assertFalse(other.search([]))
            for call in (
                lambda other=other: other.read(["name"]),
                lambda other=other: other.action_download(),
                lambda other=other: other.action_cancel(),
                lambda other=other: other.action_again(),
                lambda other=other: other.unlink(),
                lambda other=other: (
                    other.sudo().attachment_id.sudo(False).read(["raw"])
                ),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_nobody_writes_or_makes_a_workbook_by_hand(self):
        workbook = self._order()
        with self.assertRaises(AccessError):
            workbook.write({"user_id": self.manager.id})
        with self.assertRaises(AccessError):
            workbook.create({"name": "By hand"})

    def test_a_file_is_downloaded_by_its_author_alone(self):
        workbook = self._order(self.manager)
        url = workbook.action_download()["url"]
        self.manager.sudo().password = "manager-secret"
        self.collector.sudo().password = "collector-secret"
        self.authenticate("manager", "manager-secret")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, workbook.attachment_id.raw)
        self.authenticate("collector", "collector-secret")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_employees_and_portal_users_export_nothing(self):
        for group in ("base.group_user", "base.group_portal"):
            user = self._create_user(group[-6:], "group_dunning_readonly")
            user.group_ids = self.env.ref(group)
            with self.subTest(group=group), self.assertRaises(AccessError):
                self._order(user)

    def test_auditors_export_and_change_nothing(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        found = self._get_customers(self._export(auditor))
        self.assertEqual(found, {"Customer": 100, "Other Customer": 20})
        with self.assertRaises(AccessError):
            self.env["dunning.workbook.schedule"].with_user(auditor).search([])

    def test_a_workbook_without_company_is_refused(self):
        with self.assertRaisesRegex(UserError, "Choose the companies"):
            self._order(company_ids=[])
