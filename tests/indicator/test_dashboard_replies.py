from odoo.tests import tagged

from ...tools.words import ACTIVITY_REPLY
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDashboardReplies(DunningCommon):
    """What customers have answered stands in the day of who looks after them."""

    def _get_figure(self, user_id=False):
        dashboard = self.env["dunning.dashboard"].with_user(self.collector)
        figures = dashboard.get_day(company=self.company.id, user=user_id)["figures"]
        [figure] = [figure for figure in figures if figure["key"] == "replies"]
        return figure

    def _tell(self, customer, user):
        customer._dunning_discreetly(self.company).activity_schedule(
            ACTIVITY_REPLY, summary="Answer", user_id=user.id
        )

    def test_a_collector_sees_and_opens_the_customers_who_have_answered(self):
        other = self._create_user("other", "group_dunning_collector")
        theirs = self._create_customer("Theirs")
        self.assertEqual(self._get_figure()["value"], 0)
        self._tell(self.customer, self.collector)
        self._tell(theirs, other)
        found = {}
        for asked in (False, self.collector.id, other.id):
            figure = self._get_figure(asked)
            opened = self.env["res.partner"].search(figure["action"]["domain"])
            self.assertEqual(len(opened), figure["value"])
            found[asked] = opened
        self.assertEqual(
            found,
            {
                False: self.customer | theirs,
                self.collector.id: self.customer,
                other.id: theirs,
            },
        )

    def test_what_is_done_is_not_counted_any_more(self):
        self._tell(self.customer, self.collector)
        self.assertEqual(self._get_figure()["value"], 1)
        self.customer.activity_ids.action_done()
        self.assertEqual(self._get_figure()["value"], 0)

    def test_answers_to_other_companies_are_not_counted(self):
        company = self._create_second_company()
        self.collector.company_ids |= company
        self._tell(self.customer, self.collector)
        self.customer.activity_ids.sudo().dunning_company_id = company
        self.assertEqual(self._get_figure()["value"], 0)

    def test_who_has_deleted_the_type_of_answers_has_a_day_without_them(self):
        self.env.ref(ACTIVITY_REPLY).unlink()
        dashboard = self.env["dunning.dashboard"].with_user(self.collector)
        figures = dashboard.get_day(company=self.company.id)["figures"]
        self.assertNotIn("replies", [figure["key"] for figure in figures])
