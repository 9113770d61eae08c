import os
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tests import tagged

from odoo.addons.account_dunning.demo.einvoice_messages import write_cdar, write_folder
from odoo.addons.account_dunning.models.einvoice import dunning_einvoice_folder
from odoo.addons.account_dunning.tools import watched_folder

from .common_einvoice import SIREN, EinvoiceCommon

LONG_AGO = 60


@tagged("post_install", "-at_install")
class TestEinvoiceFolder(EinvoiceCommon):
    """Files that a platform puts into a folder of the server."""

    def setUp(self):
        super().setUp()
        root = Path(self.enterContext(TemporaryDirectory()))
        self.outside = root / "outside"
        self.folder = root / "statuses"
        self.outside.mkdir()
        self.folder.mkdir()
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.parameters.set_param("account_dunning.einvoice_folder", str(self.folder))
        # Tests commit nothing.
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *_args, **_options: 60
        )

    def _put(self, name, content, folder=None, age=LONG_AGO):
        path = (folder or self.folder) / name
        path.write_bytes(content)
        moment = time.time() - age
        os.utime(path, (moment, moment))
        return path

    def _read(self):
        self.events.sudo()._cron_read_folder()
        return self.events.sudo().search([])

    def _names(self, name=""):
        folder = self.folder / name
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def test_what_is_read_is_moved_aside(self):
        self._put("one.xml", write_cdar([self._say()]))
        self._put("two.XML", write_cdar([self._say("205", "")]))
        self.assertEqual(len(self._read()), 2)
        self.assertEqual(self._names(), ["done"])
        self.assertEqual(self._names("done"), ["one.xml", "two.XML"])
        self.assertEqual(len(self._read()), 2)

    def test_what_cannot_be_read_is_moved_with_the_reason(self):
        self._put("bad.xml", b"<a>")
        self._put("good.xml", write_cdar([self._say()]))
        self.assertEqual(len(self._read()), 1)
        self.assertEqual(self._names("failed"), ["bad.xml", "bad.xml.txt"])
        reason = (self.folder / "failed" / "bad.xml.txt").read_text()
        self.assertIn("no XML", reason)

    def test_what_fails_afterwards_keeps_no_other_from_being_taken(self):
        bad = self._create_invoice(amount=7)
        former = self.registry["dunning.einvoice.event"]._apply

        def apply(events):
            if bad in events.move_id:
                raise UserError("Out of order")
            return former(events)

        self.patch(self.registry["dunning.einvoice.event"], "_apply", apply)
        self._put("a.xml", write_cdar([self._say()]))
        self._put("b.xml", write_cdar([self._say(invoice=bad)]))
        self._put("c.xml", write_cdar([self._say("205", "")]))
        self.assertEqual(self._read().move_id, self.invoice)
        self.assertEqual(self._names("done"), ["a.xml", "c.xml"])
        reason = (self.folder / "failed" / "b.xml.txt").read_text()
        self.assertIn("Out of order", reason)

    def test_what_somebody_else_is_taking_is_left_to_them(self):
        for error in (ConcurrencyError("Twice"), OperationalError("Locked")):
            self._put("one.xml", write_cdar([self._say()]))
            with patch.object(
                self.registry["dunning.einvoice.event"],
                "_read_files",
                side_effect=error,
            ):
                self.assertFalse(self._read())
            self.assertEqual(self._names(), ["one.xml"])
        self.assertEqual(len(self._read()), 1)

    def test_when_its_time_is_over_the_next_run_goes_on(self):
        self.patch(dunning_einvoice_folder, "BATCH_SIZE", 1)
        for name in "ab":
            self._put(f"{name}.xml", write_cdar([self._say(message=name)]))
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *_args, **_options: 0):
            self.assertEqual(len(self._read()), 1)
        self.assertEqual(self._names(), ["b.xml", "done"])
        self.assertEqual(len(self._read()), 2)
        self.assertEqual(self._names("done"), ["a.xml", "b.xml"])

    def test_what_cannot_be_opened_or_is_too_large_is_told(self):
        self._put("a.xml", b"<a/>")
        self._put("b.xml", write_cdar([self._say()]))
        folder = watched_folder.WatchedFolder
        fetch = folder.fetch
        for fetched, told in (
            (PermissionError(13, "Permission denied"), "Permission denied"),
            (OSError("Out of order"), "Out of order"),
            (None, "It is larger than any message: split it."),
        ):

            def give(opened, name, limit, fetched=fetched):
                if name != "a.xml":
                    return fetch(opened, name, limit)
                if fetched:
                    raise fetched
                return fetched

            with self.subTest(told=told), patch.object(folder, "fetch", give):
                self.assertEqual(len(self._read()), 1)
            path = self.folder / "failed" / "a.xml"
            text = path.with_name("a.xml.txt").read_text()
            self.assertEqual(text.strip(), told)
            path.rename(self.folder / "a.xml")

    def test_a_name_that_is_taken_gets_a_number(self):
        for message in "ab":
            self._put("one.xml", write_cdar([self._say(message=message)]))
            self._read()
        self.assertEqual(self._names("done"), ["one-2.xml", "one.xml"])

    def test_what_takes_the_place_of_a_file_that_was_read_is_read_as_well(self):
        self._put("one.xml", write_cdar([self._say(message="first")]))
        receive = self.registry["dunning.einvoice.event"]._receive_all

        def replace(events, *args, **options):
            receipt = receive(events, *args, **options)
            other = self._put("other.tmp", write_cdar([self._say(message="second")]))
            other.replace(self.folder / "one.xml")
            return receipt

        with patch.object(
            self.registry["dunning.einvoice.event"], "_receive_all", replace
        ):
            self.assertEqual(len(self._read()), 1)
        self.assertEqual(self._names(), ["one.xml"])
        self.assertEqual(len(self._read()), 2)
        self.assertEqual(self._names(), ["done"])

    def test_who_was_killed_before_moving_knows_what_was_taken(self):
        content = write_cdar([self._say()])
        self._put("one.xml", content)
        self.assertEqual(len(self._read()), 1)
        self._put("one.xml", content)
        self.assertEqual(len(self._read()), 1)
        self.assertEqual(self._names(), ["done"])

    def test_only_complete_xml_and_archives_are_looked_at(self):
        content = write_cdar([self._say()])
        self._put("written.xml", content, age=0)
        self._put("part.xml.tmp", content)
        self._put(".hidden.xml", content)
        (self.folder / "folder.xml").mkdir()
        os.mkfifo(self.folder / "pipe.xml")
        self.assertFalse(self._read())
        self.assertEqual(len(self._names()), 5)

    def test_links_lead_nowhere(self):
        secret = self._put("secret.xml", write_cdar([self._say()]), self.outside)
        (self.folder / "link.xml").symlink_to(secret)
        self.assertFalse(self._read())
        self.assertTrue(secret.exists())
        # Nor does a folder that somebody puts in the place of ours.
        (self.folder / "done").symlink_to(self.outside)
        self._put("one.xml", write_cdar([self._say(message="x")]))
        self.assertEqual(len(self._read()), 1)
        self.assertEqual([path.name for path in self.outside.iterdir()], ["secret.xml"])
        self.parameters.set_param(
            "account_dunning.einvoice_folder", str(self.folder / "done")
        )
        self.assertEqual(len(self._read()), 1)

    def test_a_missing_folder_is_no_error(self):
        for path in (str(self.folder / "none"), "", "relative"):
            self.parameters.set_param("account_dunning.einvoice_folder", path)
            self.assertFalse(self._read())

    def test_a_folder_of_one_of_each_kind_is_read(self):
        count = write_folder(self.folder, SIREN, [self.invoice.name])
        for path in self.folder.iterdir():
            os.utime(path, (1, 1))
        events = self._read()
        self.assertEqual(len(events), count)
        self.assertEqual(events.move_id, self.invoice)
        self.assertFalse(self._names("failed"))

    # ------------------------------------------------------------------
    # ODD FILES
    # ------------------------------------------------------------------

    def test_a_name_that_is_no_text_keeps_no_message_from_being_taken(self):
        content = write_cdar([self._say()])
        path = self._put("one.xml", content)
        path.rename(os.fsdecode(os.fsencode(self.folder) + b"/statut_re\xe7u.xml"))
        events = self._read()
        self.assertEqual(len(events), 1)
        self.assertEqual(events.attachment_id.name, "statut_reu.xml")
        self.assertEqual(len(self._names("done")), 1)
        self.assertFalse(self._names("failed"))

    def test_what_cannot_be_read_is_told_whatever_its_name(self):
        path = self._put("one.xml", b"<a>")
        path.rename(os.fsdecode(os.fsencode(self.folder) + b"/\xe7.xml"))
        with zipfile.ZipFile(self.folder / "many.zip", "w") as archive:
            archive.writestr("line\nbreak.xml", b"<a>")
        os.utime(self.folder / "many.zip", (1, 1))
        self._read()
        self.assertEqual(self._names(), ["failed"])
        self.assertEqual(len(self._names("failed")), 4)

    def test_a_name_as_long_as_can_be_is_moved_however_often_it_comes(self):
        name = "é" * 125 + "x.xml"
        for message in "abc":
            self._put(name, write_cdar([self._say(message=message)]))
            self._read()
        self._put(name, b"<a>")
        self._read()
        self.assertEqual(self._names(), ["done", "failed"])
        self.assertEqual(len(self._names("done")), 3)
        self.assertEqual(len(self._names("failed")), 2)

    def test_what_stands_where_a_reason_is_noted_is_not_written_through(self):
        failed = self.folder / "failed"
        failed.mkdir()
        os.mkfifo(failed / "pipe.xml.txt")
        letter = self._put("letter", b"as it was", self.outside)
        os.link(letter, failed / "link.xml.txt")
        for name in ("pipe.xml", "link.xml"):
            self._put(name, b"<a>")
        self._read()
        self.assertEqual(letter.read_bytes(), b"as it was")
        for name in ("pipe.xml", "link.xml"):
            self.assertIn("no XML", (failed / f"{name}.txt").read_text())

    def test_what_vanishes_while_it_is_looked_at_stops_nobody(self):
        self._put("a.xml", write_cdar([self._say(message="a")]))
        gone = self._put("b.xml", write_cdar([self._say(message="b")]))
        self._put("c.xml", write_cdar([self._say(message="c")]))
        former = watched_folder._is_wanted

        def is_wanted(name):
            gone.unlink(missing_ok=True)
            return former(name)

        self.patch(watched_folder, "_is_wanted", is_wanted)
        self.assertEqual(len(self._read()), 2)

    def test_a_clock_that_is_wrong_keeps_no_message_for_ever(self):
        self._put("one.xml", write_cdar([self._say()]), age=-400 * 24 * 3600)
        self.assertEqual(len(self._read()), 1)

    # ------------------------------------------------------------------
    # SETTINGS
    # ------------------------------------------------------------------

    def test_administrators_alone_say_where_it_is(self):
        manager = self._create_user("boss", "group_dunning_manager")
        with self.assertRaises(AccessError):
            self.events.with_user(self.collector)._cron_read_folder()
        for model in ("res.config.settings", "dunning.settings"):
            fields = self.env[model].with_user(manager).fields_get()
            self.assertFalse([name for name in fields if name.startswith("einvoice_")])

    def test_a_path_that_is_no_folder_is_refused(self):
        settings = self.env["res.config.settings"].with_user(
            self.env.ref("base.user_admin")
        )
        link = self.folder.parent / "link"
        link.symlink_to(self.folder)
        for path in ("relative", "/no/such/folder", str(link)):
            with self.assertRaisesRegex(ValidationError, "no folder"):
                settings.create({"einvoice_folder": path})
        settings.create(
            {"einvoice_folder": str(self.folder), "einvoice_alias": "statuts"}
        ).execute()
        self.assertTrue(watched_folder.is_usable(str(self.folder)))
        alias = self.env.ref("account_dunning.mail_alias_einvoice").sudo()
        self.assertEqual(alias.alias_name, "statuts")
