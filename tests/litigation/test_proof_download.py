from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_proof import ProofCommon


@tagged("post_install", "-at_install")
class TestProofDownload(ProofCommon, HttpCase):
    """Downloading proof files."""

    def test_it_is_downloaded_by_who_asked_for_it(self):
        self.collector.password = "collector"
        window = self.customer.with_user(self.collector).action_dunning_proof()
        self.authenticate("collector", "collector")
        answer = self.url_open(window["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertRight(answer.content)

    def test_one_that_is_not_there_is_not_found(self):
        self.collector.password = "collector"
        self.authenticate("collector", "collector")
        window = self.customer.with_user(self.collector).action_dunning_proof()
        number = int(window["url"].rpartition("/")[2])
        self.assertEqual(self.url_open(f"/dunning/proof/{number + 1}").status_code, 404)

    def test_nobody_downloads_that_of_somebody_else(self):
        window = self.customer.with_user(self.collector).action_dunning_proof()
        for group in ("group_dunning_readonly", None):
            login = f"other_{group}"
            user = self._create_user(login, group or "group_dunning_readonly")
            if not group:
                user.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
            user.password = login
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                answer = self.url_open(window["url"])
            self.assertNotEqual(answer.status_code, 200)
