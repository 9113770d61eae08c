from odoo.exceptions import AccessError
from odoo.tests import tagged

from .shown_common import MARK, ShownCommon


@tagged("post_install", "-at_install")
class TestShown(ShownCommon):
    """Forms of Odoo read names, files and texts of whatever they name elevated: of what
    is ours they show nothing to whom may not read it."""

    def _show(self, user, model, values, names, context=None):
        """Return what a form shows to somebody, as text; nothing when it refuses."""
        self.env.invalidate_all()
        records = self.env[model].with_user(user).with_context(**(context or {}))
        spec = {
            name: {"fields": {"display_name": {}}}
            if records._fields[name].type == "many2one"
            else {}
            for name in {*names, *values}
        }
        try:
            return str(records.onchange(values, list(values), spec).get("value"))
        except AccessError:
            return ""

    def _get_ways_to_name(self, record):
        """Yield each way to name a record in a form that shows its name: model, values,
        fields that tell it."""
        kind, id_ = record._name, record.id
        for number in (id_, float(id_), str(id_), f" {id_} "):
            yield "mail.message", {"model": kind, "res_id": number}, ["record_name"]
            yield "mail.activity", {"res_model": kind, "res_id": number}, ["res_name"]
        model_id = self.env["ir.model"]._get_id(kind)
        yield "mail.activity", {"res_model_id": model_id, "res_id": id_}, ["res_name"]

    def test_a_form_that_names_a_record_tells_its_name_to_its_readers_alone(self):
        for record in (self.action, self.dispute):
            for model, values, names in self._get_ways_to_name(record):
                defaults = {f"default_{name}": values[name] for name in values}
                with self.subTest(form=model, values=values):
                    shown = self._show(self.collector, model, dict(values), names)
                    self.assertIn(MARK, shown)
                    for user in self.outside:
                        shown = self._show(user, model, dict(values), names)
                        self.assertNotIn(MARK, shown, user.login)
                        shown = self._show(user, model, {}, [*values, *names], defaults)
                        self.assertNotIn(MARK, shown, user.login)

    def _create_activity(self, user, **values):
        activities = self.env["mail.activity"].with_user(user)
        return activities.create({"summary": "Free", "user_id": user.id} | values)

    def test_an_activity_that_is_moved_tells_where_it_goes_to_its_readers_alone(self):
        for record in (self.action, self.dispute):
            model = self.env["ir.model"]._get_id(record._name)
            # Portal users have no activities.
            for user in (own for own in self.outside if not own.share):
                with self.subTest(record=record, user=user.login):
                    activity = self._create_activity(user)
                    moved = {"res_model_id": model, "res_id": record.id}
                    with self.assertRaises(AccessError):
                        activity.write(moved)
                    activity.invalidate_recordset()
                    with self.assertRaises(AccessError):
                        activity.web_save(moved, {"res_name": {}})
        activity = self._create_activity(self.collector)
        activity.write(moved)
        self.assertIn(MARK, activity.res_name)
        # Who may only read adds nothing to a history.
        auditor = self._create_user("auditor", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self._create_activity(auditor).write(moved)

    def test_who_has_made_an_activity_by_what_they_did_has_no_hand_in_it(self):
        user = self.outside[1]
        # As the system writes for who acts.
        dispute_sudo = self.dispute.with_user(user).sudo()
        activity = dispute_sudo.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.collector.id, note=MARK
        )
        self.assertEqual(activity.create_uid, user)
        own = activity.with_user(user).sudo(False)
        for refused in (
            lambda: own.read(["note"]),
            lambda: own.write({"note": "Other"}),
            lambda: own.action_feedback(),
            lambda: own.unlink(),
        ):
            with self.assertRaises(AccessError):
                refused()
        activity.with_user(self.collector).sudo(False).write({"note": "Mine"})

    def test_a_line_of_a_form_tells_no_more_than_a_form(self):
        line = {"res_model": self.action._name, "res_id": self.action.id}
        values = {"activity_ids": [[0, 0, line]]}
        for user in self.outside:
            partners = self.env["res.partner"].with_user(user)
            spec = {"activity_ids": {"fields": {"res_name": {}}}}
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                partners.onchange(dict(values), list(values), spec)

    def test_a_form_that_names_a_file_shows_it_to_its_readers_alone(self):
        names = ["attachment_datas", "attachment_fname", "display_name"]
        for file in (self.file, self.answered.attachment_ids):
            values = {"attachment_id": file.id}
            shown = self._show(self.collector, "snailmail.letter", dict(values), names)
            self.assertIn(MARK, shown)
            for user in self.outside:
                for given, context in (
                    (dict(values), {}),
                    ({"attachment_id": {"id": file.id}}, {}),
                    ({}, {"default_attachment_id": file.id}),
                ):
                    with self.subTest(user=user.login, given=given):
                        shown = self._show(
                            user,
                            "snailmail.letter",
                            given,
                            ["attachment_id", *names],
                            context,
                        )
                        self.assertNotIn(MARK, shown)
                        self.assertNotIn(file.datas.decode(), shown)

    def test_a_message_tells_what_it_answers_to_whom_may_read_that(self):
        for message in (self.message, self.note):
            for user, seen in (
                (self.collector, True),
                *((user, False) for user in self.outside[:2]),
                (self.outside[-1], False),
            ):
                values = {"body": "Mine", "parent_id": message.id}
                answer = self.env["mail.message"].with_user(user).create(values)
                self.env.invalidate_all()
                told = (
                    answer.read(["parent_id"]),
                    answer.web_read({"parent_id": {"fields": {"display_name": {}}}}),
                    answer.formatted_read_group(
                        [("id", "=", answer.id)], ["parent_id"], ["__count"]
                    ),
                )
                with self.subTest(user=user.login, message=message.subject):
                    for way in told:
                        self.assertEqual(MARK in str(way), seen)

    def test_a_dialog_about_records_tells_of_them_to_their_readers_alone(self):
        employee, accountant, __, neighbour = self.outside
        for record in (self.action, self.dispute, self.file):
            name, ids = record._name, record.ids
            for model, values, names in (
                (
                    "mail.compose.message",
                    {"model": name, "res_ids": str(ids)},
                    ["subject", "record_company_id"],
                ),
                (
                    "sms.composer",
                    {"res_model": name, "res_id": record.id},
                    ["recipient_single_description"],
                ),
                (
                    "mail.activity.schedule",
                    {"res_model": name, "res_ids": str(ids)},
                    ["company_id"],
                ),
            ):
                defaults = {f"default_{field}": values[field] for field in values}
                for user in (employee, accountant, neighbour):
                    with self.subTest(form=model, record=name, user=user.login):
                        self.assertFalse(self._show(user, model, dict(values), names))
                        shown = self._show(user, model, {}, [*values, *names], defaults)
                        self.assertFalse(shown)
        for record in (self.action, self.dispute):
            values = {"model": record._name, "res_ids": str(record.ids)}
            names = ["subject"]
            shown = self._show(self.collector, "mail.compose.message", values, names)
            self.assertIn(MARK, shown)

    def test_a_dialog_that_is_saved_tells_no_more(self):
        employee = self.outside[0]
        for values in (
            {"parent_id": self.note.id},
            {"model": self.dispute._name, "res_ids": str(self.dispute.ids)},
        ):
            composers = self.env["mail.compose.message"].with_user(employee)
            with self.subTest(values), self.assertRaises(AccessError):
                composer = composers.create({"composition_mode": "comment"} | values)
                self.assertNotIn(MARK, str(composer.read(["subject"])))

    def test_a_file_that_names_another_tells_of_it_to_its_readers_alone(self):
        for user, seen in (
            (self.collector, True),
            (self.outside[0], False),
            (self.outside[1], False),
            (self.outside[-1], False),
        ):
            files = self.env["ir.attachment"].with_user(user)
            own = files.create({"name": "Own", "original_id": self.file.id})
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                self.assertEqual(MARK in str(own.read(["original_id"])), seen)
                for condition in (
                    ("original_id.name", "ilike", MARK),
                    ("original_id", "ilike", MARK),
                    ("original_id", "any", [("name", "ilike", MARK)]),
                    ("original_id.original_id", "=", False),
                ):
                    found = files.search([("id", "=", own.id), condition])
                    self.assertEqual(bool(found), seen, condition)
                self.assertTrue(
                    files.search(
                        [("id", "=", own.id), ("create_uid.login", "=", user.login)]
                    )
                )

    def test_nobody_looks_for_files_by_figures_that_they_may_not_read(self):
        for path in ("company_id.dunning_age_limit_2", "create_uid.dunning_due"):
            for user in (self.outside[0], self.outside[1]):
                files = self.env["ir.attachment"].with_user(user)
                with (
                    self.subTest(user=user.login, path=path),
                    self.assertRaises(AccessError),
                ):
                    files.search([(path, ">", 0)])

    def test_what_is_nobody_s_secret_is_shown_as_before(self):
        employee = self.outside[0]
        message = self.customer.message_post(body="Likes blue", subject="Blue")
        file = self.env["ir.attachment"].create(
            {
                "name": "Blue",
                "raw": b"Blue",
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        values = {"model": "res.partner", "res_id": self.customer.id}
        shown = self._show(employee, "mail.message", values, ["record_name"])
        self.assertIn(MARK, shown)
        values = {"attachment_id": file.id}
        shown = self._show(
            employee, "snailmail.letter", values, ["attachment_fname", "display_name"]
        )
        self.assertIn("Blue", shown)
        answer = self.env["mail.message"].with_user(employee)
        answer = answer.create({"body": "Mine", "parent_id": message.id})
        self.assertIn("Blue", str(answer.read(["parent_id"])))

    def test_who_is_asked_about_a_dispute_is_shown_its_name(self):
        employee = self.outside[0]
        self.dispute._ask(self.env["dunning.department"], "Why?", employee)
        values = {"res_model": self.dispute._name, "res_id": self.dispute.id}
        shown = self._show(employee, "mail.activity", values, ["res_name"])
        self.assertIn(MARK, shown)
