from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DunningCommon

STATES = ("overdue", "today", "planned")


@tagged("post_install", "-at_install")
class TestDiscreetSearch(DunningCommon):
    """Nobody finds out that there is something of dunning on a customer, which they may
    not read, by asking for those that have an activity or a message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls._create_user("search_sales", "group_dunning_readonly")
        cls.sales.group_ids = cls.env.ref("base.group_user")
        cls.auditor = cls._create_user("search_auditor", "group_dunning_readonly")
        cls.told = cls._create_customer("Told")
        cls.open = cls._create_customer("Open")
        cls.quiet = cls._create_customer("Quiet")
        cls.customers = cls.told | cls.open | cls.quiet
        cls.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", cls.customers.ids)]
        ).unlink()
        discreet = cls.told._dunning_discreetly(cls.company)
        cls.activity = discreet.activity_schedule(
            "mail.mail_activity_data_todo", cls._day(-3), user_id=cls.collector.id
        )
        cls.message = discreet.message_post(body="Pays nothing")
        cls.open_activity = cls.open.activity_schedule(
            "mail.mail_activity_data_todo", cls._day(5), user_id=cls.collector.id
        )
        cls.open_message = cls.open.message_post(body="Likes blue")
        cls.env.flush_all()

    def _find(self, user, *condition):
        partners = self.env["res.partner"].with_user(user)
        return partners.search([("id", "in", self.customers.ids), condition])

    def _check(self, condition, found_by_auditor, found_by_sales):
        with self.subTest(condition=condition):
            found = self._find(self.auditor, *condition)
            self.assertEqual(set(found), set(found_by_auditor))
            found = self._find(self.sales, *condition)
            self.assertEqual(set(found), set(found_by_sales))

    def test_nobody_finds_who_has_an_activity_of_dunning(self):
        told, other, quiet = self.told, self.open, self.quiet
        ids = (self.activity | self.open_activity).ids
        for condition, auditor, sales in (
            (("activity_ids", "!=", False), told | other, other),
            (("activity_ids", "=", False), quiet, told | quiet),
            (("activity_ids", "in", ids), told | other, other),
            (("activity_ids", "not in", ids), quiet, told | quiet),
            (("activity_ids", "in", [False, *ids]), self.customers, self.customers),
            (("activity_ids", "in", []), quiet.browse(), quiet.browse()),
            (("activity_ids", "not in", []), self.customers, self.customers),
            (("activity_state", "=", "overdue"), told, told.browse()),
            (("activity_state", "in", STATES), told | other, other),
            (("activity_state", "=", False), quiet, told | quiet),
        ):
            self._check(condition, auditor, sales)

    def test_nobody_finds_who_has_a_message_of_dunning(self):
        told, other, quiet = self.told, self.open, self.quiet
        ids = (self.message | self.open_message).ids
        for condition, auditor, sales in (
            (("message_ids", "!=", False), told | other, other),
            (("message_ids", "=", False), quiet, told | quiet),
            (("message_ids", "in", ids), told | other, other),
            (("has_message", "=", True), told | other, other),
            (("has_message", "=", False), quiet, told | quiet),
            (("has_message", "in", [True, False]), self.customers, self.customers),
            (("has_message", "in", []), quiet.browse(), quiet.browse()),
        ):
            self._check(condition, auditor, sales)

    def test_nobody_finds_who_was_told_something_where_odoo_lists_it_again(self):
        told, other, quiet = self.told, self.open, self.quiet
        messages = self.message | self.open_message
        # Of which kind a message is is the system's.
        messages_sudo = messages.sudo()
        messages_sudo.message_type = "comment"
        for condition, auditor, sales in (
            (("website_message_ids", "!=", False), told | other, other),
            (("website_message_ids", "=", False), quiet, told | quiet),
            (("website_message_ids", "in", messages.ids), told | other, other),
        ):
            self._check(condition, auditor, sales)

    def test_nobody_finds_which_messages_dunning_has_answered(self):
        discreet = self.open._dunning_discreetly(self.company)
        answer = discreet.message_post(body="Wait", parent_id=self.open_message.id)
        other = self.open.message_post(body="Blue?", parent_id=self.open_message.id)
        answers = answer | other
        for user, seen in ((self.auditor, answers), (self.sales, other)):
            asked = self.open_message.with_user(user)
            self.env.invalidate_all()
            self.assertEqual(set(asked.child_ids), set(seen))
            self.env.invalidate_all()
            [values] = asked.read(["child_ids"])
            self.assertEqual(set(values["child_ids"]), set(seen.ids))
            for ids, found in ((answer.ids, answer in seen), (other.ids, True)):
                domain = [("id", "=", asked.id), ("child_ids", "in", ids)]
                self.assertEqual(bool(asked.search(domain)), found)
        other.unlink()
        for user, found in ((self.auditor, True), (self.sales, False)):
            asked = self.open_message.with_user(user)
            domain = [("id", "=", asked.id), ("child_ids", "!=", False)]
            self.assertEqual(bool(asked.search(domain)), found)

    def test_nobody_finds_to_whom_dunning_wrote_by_what_became_of_it(self):
        self._set_levels([("Reminder", 5, {})])
        self._create_invoice(due=-10)
        action = self._run().action_ids
        told = {
            "dunning": self.message,
            "record": action.message_post(body="Asked", message_type="notification"),
            "open": self.open_message,
        }
        # The system alone notes who was told.
        notifications_sudo = self.env["mail.notification"].sudo()
        notifications = {
            key: notifications_sudo.create(
                {
                    "mail_message_id": message.id,
                    "res_partner_id": self.told.id,
                    "author_id": self.collector.partner_id.id,
                }
            )
            for key, message in told.items()
        }
        elsewhere = self._create_user("notified_elsewhere", "group_dunning_readonly")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere.write({"company_ids": [(6, 0, company.ids)], "company_id": company})
        for user, keys in (
            (self.auditor, {"dunning", "record", "open"}),
            (self.collector, {"dunning", "record", "open"}),
            (self.sales, {"open"}),
            (elsewhere, {"open"}),
        ):
            with self.subTest(user=user.login):
                ids = [one.id for one in notifications.values()]
                found = self.env["mail.notification"].with_user(user)
                found = found.search([("id", "in", ids)])
                self.assertEqual(
                    found.ids, [notifications[key].id for key in told if key in keys]
                )
        own = notifications["dunning"]
        # Only the system says to whom a message went.
        own_sudo = own.sudo()
        own_sudo.res_partner_id = self.sales.partner_id
        self.assertTrue(own.with_user(self.sales).has_access("read"))

    def test_who_follows_records_of_dunning_is_known_to_its_readers_alone(self):
        self._set_levels([("Reminder", 5, {})])
        self._create_invoice(due=-10)
        for record in (self._run().action_ids, self.customer):
            record.message_subscribe(self.told.ids)
        other = self._create_second_company()
        stranger = self._create_user("search_other", "group_dunning_readonly", other)
        followers = self.env["mail.followers"]
        sought = [("partner_id", "in", self.told.ids)]
        for user, models in (
            (self.auditor, {"dunning.action", "res.partner"}),
            (self.sales, {"res.partner"}),
            (stranger, {"res.partner"}),
        ):
            with self.subTest(user=user.login):
                theirs = followers.with_user(user)
                found = theirs.search(sought)
                self.assertEqual(set(found.mapped("res_model")), models)
                for follower in followers.search(sought):
                    shown = theirs.browse(follower.id).has_access("read")
                    self.assertEqual(shown, follower in found)

    def test_nobody_is_shown_that_a_customer_has_a_message_of_dunning(self):
        for user, known in (
            (self.auditor, self.told | self.open),
            (self.sales, self.open),
            (self.auditor, self.told | self.open),
        ):
            customers = self.customers.with_user(user)
            self.assertEqual(set(customers.filtered("has_message")), set(known))

    def test_nobody_finds_which_invoices_were_dunned(self):
        accountant = self._create_user("search_accountant", "group_dunning_readonly")
        accountant.group_ids = self.env.ref("account.group_account_invoice")
        invoice = self._create_invoice(self.told)
        invoice.message_ids.unlink()
        discreet = invoice._dunning_discreetly(self.company)
        discreet._dunning_note({invoice.id: "Reminded"})
        discreet.message_post(body="Letter", attachments=[("letter.pdf", b"%PDF")])
        invoices = self.env["account.move"].with_user(accountant)
        for name in (
            "message_ids",
            "website_message_ids",
            "audit_trail_message_ids",
            "message_main_attachment_id",
        ):
            with self.subTest(name=name):
                domain = [("id", "=", invoice.id), (name, "!=", False)]
                self.assertFalse(invoices.search(domain))
        self.assertFalse(invoice.with_user(accountant).has_message)

    def test_nobody_sees_who_deals_with_a_customer_by_its_followers(self):
        collector = self.collector.partner_id
        self.assertNotIn(collector, self.told.message_partner_ids)
        self.assertIn(collector, self.open.message_partner_ids)

    def test_nobody_counts_activities_of_dunning_by_their_state(self):
        domain = [("id", "in", self.customers.ids)]
        for user, known in (
            (self.auditor, {"overdue", "planned", False}),
            (self.sales, {"planned", False}),
        ):
            partners = self.env["res.partner"].with_user(user)
            rows = partners.formatted_read_group(domain, ["activity_state"])
            self.assertEqual({row["activity_state"] for row in rows}, known)
            bar = partners.read_progress_bar(
                domain,
                "is_company",
                {"field": "activity_state", "colors": dict.fromkeys(STATES, "x")},
            )
            counted = sum(part["overdue"] for part in bar.values())
            self.assertEqual(counted, int("overdue" in known))

    def test_who_is_given_an_activity_of_dunning_finds_its_customer(self):
        self.activity.user_id = self.sales
        found = self._find(self.sales, "activity_ids", "!=", False)
        self.assertEqual(set(found), set(self.told | self.open))
        overdue = self._find(self.sales, "activity_state", "=", "overdue")
        self.assertEqual(overdue, self.told)

    def test_the_system_finds_all(self):
        partners = self.env["res.partner"].sudo()
        known = partners.search(
            [("id", "in", self.customers.ids), ("activity_ids", "!=", False)]
        )
        self.assertEqual(set(known), set(self.told | self.open))
        for states, found in (
            (["overdue"], self.told),
            (["planned"], self.open),
            (list(STATES), self.told | self.open),
        ):
            domain = [
                ("id", "in", self.customers.ids),
                ("activity_state", "in", states),
            ]
            self.assertEqual(set(partners.search(domain)), set(found))

    def test_the_mark_of_what_few_may_read_is_not_deleted(self):
        mark = self.env.ref("account_dunning.mt_dunning")
        with self.assertRaisesRegex(UserError, f"“{mark.name}” keeps"):
            mark.unlink()
        self.env["mail.message.subtype"].create({"name": "Other"}).unlink()
