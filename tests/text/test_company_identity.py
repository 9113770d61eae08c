from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestCompanyIdentity(DunningCommon):
    """What letters have to say of the company is asked for before they go out."""

    def test_the_settings_say_what_is_missing_about_the_company(self):
        manager = self._create_user("manager", "group_dunning_manager")

        def get_missing():
            settings = self.env["dunning.settings"].with_user(manager).create({})
            return settings.dunning_unknown or ""

        address = {"street": "1 rue Haute", "zip": "69001", "city": "Lyon"}
        self.company.partner_id.write(address)
        self.company.partner_id.bank_ids.unlink()
        self.assertIn("no bank account", get_missing())
        self.assertNotIn("address", get_missing())
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        self.assertEqual(get_missing().count("\n"), 0)
        self.assertIn("no public holiday", get_missing())
        calendar = self.company.resource_calendar_id
        holidays = self.env["resource.calendar.leaves"].sudo()
        holiday = {"name": "Holiday", "calendar_id": calendar.id}
        for day, problem in ((self._day(-9), True), (self._day(9), False)):
            holidays.create(
                holiday | {"date_from": f"{day} 00:00:00", "date_to": f"{day} 23:00:00"}
            )
            self.assertEqual(bool(get_missing()), problem)
        self.company.partner_id.city = False
        self.assertIn("address of the company is incomplete", get_missing())
