from odoo.tests import HttpCase, tagged

from ...controllers.base.mail import MAX_ID
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDiscreetRoutes(DunningCommon, HttpCase):
    """Nobody finds out by the id of a message of dunning on whom it was written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor, cls.sales = (
            cls._create_user(login, "group_dunning_readonly", password=login)
            for login in ("route_auditor", "route_sales")
        )
        cls.sales.group_ids = cls.env.ref("base.group_user") | cls.env.ref(
            "base.group_partner_manager"
        )
        discreet = cls.customer._dunning_discreetly(cls.company)
        cls.message = discreet.message_post(body="Pays nothing")
        cls.open_message = cls.customer.message_post(body="Likes blue")

    def test_a_link_to_a_message_of_dunning_leads_only_its_readers_there(self):
        place = f"res.partner/{self.customer.id}"
        for user, message, shown in (
            (self.auditor, self.message, True),
            (self.sales, self.message, False),
            (self.sales, self.open_message, True),
        ):
            with self.subTest(user=user.login, message=message.body):
                self.authenticate(user.login, user.login)
                found = self.url_open(
                    f"/mail/view?message_id={message.id}", allow_redirects=False
                )
                self.assertEqual(place in found.headers["Location"], shown)

    def test_what_is_no_message_leads_nowhere(self):
        self.authenticate(self.sales.login, self.sales.login)
        place = f"model=res.partner&res_id={self.customer.id}"
        for number in ("x", "-1", "0", "", str(MAX_ID + 1), str(MAX_ID)):
            with self.subTest(number=number):
                found = self.url_open(
                    f"/mail/view?message_id={number}&{place}", allow_redirects=False
                )
                self.assertIn(found.status_code, (302, 303))

    def test_who_may_not_read_a_message_of_dunning_does_not_react_to_it(self):
        messages = self.env["mail.message"].with_user(self.sales)
        for message, found in ((self.message, False), (self.open_message, True)):
            known = messages._get_with_access(message.id, mode="create")
            self.assertEqual(bool(known), found)

    def test_people_say_what_they_say_by_themselves(self):
        """The route has the system post: what it takes is from anybody."""
        for record in (self.customer, self._create_invoice(due=-3)):
            for kind in ("email", "sms", "email_outgoing", "snailmail", "comment"):
                with self.subTest(record=record, kind=kind):
                    message = self._post(record, message_type=kind)
                    self.assertEqual(message.message_type, "comment")

    def test_who_reads_no_dunning_writes_none_by_the_route(self):
        message = self._post(self.customer, subtype_xmlid="account_dunning.mt_dunning")
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))

    def _post(self, record, **values):
        """Return the message that somebody posts who works with customers."""
        self.sales.group_ids += self.env.ref("account.group_account_invoice")
        self.authenticate(self.sales.login, self.sales.login)
        answer = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": record._name,
                "thread_id": record.id,
                "post_data": {"body": "I pay", **values},
            },
        )
        return self.env["mail.message"].browse(answer["message_id"])
