import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...tools.proof_chain import Seal
from ..litigations import LitigationCommon


class ProofCommon(LitigationCommon):
    """A customer with a history, and its proof file as it is downloaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-10)

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    def _make(self, records=None, user=None):
        """Make the proof file of a customer, invoice or litigation.

        :return: bytes of the ZIP
        """
        records = self.customer if records is None else records
        name = {
            "dunning.litigation": "action_proof",
            "account.move": "action_dunning_proof",
            "res.partner": "action_dunning_proof",
        }[records._name]
        user = user or self.collector
        window = getattr(records.with_user(user), name)()
        number = int(window["url"].rpartition("/")[2])
        proof = self.env["dunning.proof"].with_user(user).browse(number)
        file, _name = proof._make()
        with file:
            content = file.read()
        self.proof = proof
        return content

    def _open(self, content):
        return zipfile.ZipFile(io.BytesIO(content))

    def _check(self, content):
        """Run the check script on a ZIP, without Odoo.

        :return: exit code, and what it says
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "proof.zip")
            path.write_bytes(content)
            script = Path(folder, "check.py")
            script.write_bytes(self._open(content).read("check.py"))
            done = subprocess.run(
                [sys.executable, "-I", script, path],
                capture_output=True,
                text=True,
                check=False,
                env={},
                cwd="/",
            )
        return done.returncode, done.stdout + done.stderr

    def _rewrite(self, content, name, change):
        """Return a ZIP in which somebody has changed a file."""
        target = io.BytesIO()
        source = self._open(content)
        with zipfile.ZipFile(target, "w") as changed:
            for info in source.infolist():
                data = source.read(info)
                changed.writestr(info, change(data) if info.filename == name else data)
        return target.getvalue()

    def _by_sql(self, query, *args):
        """Change a row behind the back of the addon."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all(flush=False)

    def assertRight(self, content):
        code, said = self._check(content)
        self.assertEqual(code, 0, said)
        self.assertIn("All is right", said)

    def assertWrong(self, content, words):
        code, said = self._check(content)
        self.assertEqual(code, 1, said)
        self.assertRegex(said, words)


@tagged("post_install", "-at_install")
class TestProof(ProofCommon):
    """What is in a proof file, and that a change shows."""

    # ------------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------------

    def test_it_has_what_was_sent_and_is_right(self):
        action = self._send()
        content = self._make()
        self.assertRight(content)
        names = self._open(content).namelist()
        sent = [name for name in names if name.startswith("2 sent/")]
        self.assertTrue(sent)
        text = self._open(content).read(sent[0]).decode()
        self.assertIn(str(action.sending_id.body), text)
        index = next(name for name in names if name.startswith("index."))
        self.assertTrue(self._open(content).read(index))
        self.assertIn("check.py", names)

    def test_the_manifest_names_each_file_with_its_hash(self):
        self._send()
        archive = self._open(self._make())
        manifest = json.loads(archive.read("manifest.json"))
        listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
        self.assertEqual(
            set(listed) | {"manifest.json"}, set(archive.namelist()), "each file"
        )
        for path, digest in listed.items():
            self.assertEqual(hashlib.sha256(archive.read(path)).hexdigest(), digest)
        digest = hashlib.sha256(archive.read("manifest.json")).hexdigest()
        self.assertEqual(self.proof.manifest_sha256, digest)

    def test_files_that_went_along_are_in_it(self):
        letter = self.env["ir.attachment"].create(
            {"name": "Letter.pdf", "raw": b"%PDF"}
        )
        action = self._send()
        action_sudo = action.sudo()
        contents = action_sudo._prepare_letter_content() | {"files": letter}
        action_sudo._record_sendings({action_sudo: contents})
        content = self._make()
        self.assertRight(content)
        name = next(n for n in self._open(content).namelist() if "Letter.pdf" in n)
        self.assertEqual(self._open(content).read(name), b"%PDF")

    def test_a_letter_is_in_it_once(self):
        action = self._send()
        action_sudo = action.sudo()
        letter = self.env["ir.attachment"].create(
            {
                "name": "Letter.pdf",
                "raw": b"%PDF",
                "res_model": action._name,
                "res_id": action.id,
            }
        )
        query = "UPDATE dunning_action SET letter_id = %s WHERE id = %s"
        self._by_sql(query, letter.id, action.id)
        contents = action_sudo._prepare_letter_content() | {"files": letter}
        action_sudo._record_sendings({action_sudo: contents})
        names = self._open(self._make()).namelist()
        [name] = [name for name in names if "Letter.pdf" in name]
        self.assertTrue(name.startswith("2 sent/"))

    def test_documents_of_acts_and_acceptances_are_in_it(self):
        litigation = self._hand_over(self.invoice)
        files = self.env["ir.attachment"].with_user(self.collector)
        order = files.create({"name": "Order.txt", "raw": b"Pay"})
        self._record(
            litigation, "order_issued", attachment_ids=[Command.set(order.ids)]
        )
        content = self._make(litigation)
        self.assertRight(content)
        self.assertEqual(self._open(content).read("6 litigation/Order.txt"), b"Pay")

    def test_a_proof_file_of_an_invoice_is_about_that_one_alone(self):
        self._send()
        other = self._create_invoice(due=-6)
        sent = self._actions(state="done")
        content = self._make(other)
        self.assertRight(content)
        records = self._open(content).read("records.jsonl").decode()
        self.assertNotIn(f'"name":"{self.invoice.name}"', records)
        self.assertTrue(sent)

    def test_the_ledger_is_in_it(self):
        self._pay(self.invoice, 30)
        archive = self._open(self._make())
        name = next(n for n in archive.namelist() if n.endswith(".xlsx"))
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(archive.read(name)))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        self.assertEqual([row[5] for row in rows[1:]], [100, 0])
        self.assertEqual([row[6] for row in rows[1:]], [0, 30])
        self.assertEqual(rows[1][9], 70)

    # ------------------------------------------------------------------
    # CHANGES SHOW
    # ------------------------------------------------------------------

    def test_a_row_changed_by_sql_is_named(self):
        action = self._send()
        self.assertRight(self._make())
        self._by_sql(
            "UPDATE dunning_action SET date_done = '2020-01-01' WHERE id = %s",
            action.id,
        )
        self.assertWrong(self._make(), f"changed since it was done: .*{action.id} ")

    def test_a_text_changed_by_sql_is_named(self):
        sending = self._send().sending_id
        self._by_sql(
            "UPDATE dunning_sending SET body = 'Friendly' WHERE id = %s", sending.id
        )
        self.assertWrong(self._make(), f"changed since it was done: .*{sending.id} ")

    def test_an_amount_changed_by_sql_is_named(self):
        action = self._send()
        self._by_sql(
            "UPDATE dunning_action_line SET amount_residual = 1 WHERE action_id = %s",
            action.id,
        )
        self.assertWrong(self._make(), f"changed since it was done: .*{action.id} ")

    def test_what_was_undone_by_sql_is_named(self):
        action = self._send()
        self._by_sql(
            "UPDATE dunning_action SET state = 'cancelled' WHERE id = %s", action.id
        )
        self.assertWrong(self._make(), f"changed since it was done: .*{action.id} ")

    def test_what_was_made_up_by_sql_is_named(self):
        action = self._send()
        self._by_sql(
            "DELETE FROM dunning_seal WHERE model = 'dunning.action' AND res_id = %s",
            action.id,
        )
        self.assertWrong(self._make(), "never sealed")

    def test_what_was_deleted_by_sql_is_named(self):
        litigation = self._hand_over(self.invoice)
        act = self._record(litigation, "sent")
        self._by_sql("DELETE FROM dunning_litigation_act WHERE id = %s", act.id)
        self.assertWrong(self._make(), f"deleted: dunning.litigation.act {act.id}")

    def test_the_file_of_an_act_exchanged_by_sql_is_named(self):
        litigation = self._hand_over(self.invoice)
        files = self.env["ir.attachment"].with_user(self.collector)
        claim, other = files.create(
            [{"name": "Claim.txt", "raw": raw} for raw in (b"a claim", b"no claim")]
        )
        act = self._record(litigation, "sent", attachment_ids=[Command.link(claim.id)])
        self.assertRight(self._make())
        self._by_sql(
            "UPDATE ir_attachment SET store_fname = %s WHERE id = %s",
            other.store_fname,
            act.attachment_ids.id,
        )
        self.assertWrong(self._make(), f"changed since it was done: .*{act.id}")

    def test_a_seal_changed_or_taken_out_breaks_the_chain(self):
        litigation = self._hand_over(self.invoice)
        acts = [self._record(litigation, "news", note=str(i)) for i in range(3)]
        self._by_sql(
            "DELETE FROM dunning_seal WHERE model = %s AND res_id = %s",
            acts[1]._name,
            acts[1].id,
        )
        self.assertWrong(self._make(), "chain broken before seal 3")
        self._by_sql(
            "DELETE FROM dunning_seal WHERE model = %s AND res_id >= %s",
            acts[1]._name,
            acts[1].id,
        )
        self.assertWrong(self._make(), "the end of chain .* is missing")

    def test_a_file_changed_in_the_zip_is_named(self):
        self._send()
        content = self._make()
        names = self._open(content).namelist()
        name = next(name for name in names if name.startswith("2 sent/"))
        changed = self._rewrite(content, name, lambda data: data + b"!")
        self.assertWrong(changed, f"file changed: {name}")

    def test_who_changes_a_file_and_the_manifest_changes_its_hash(self):
        content = self._make()
        changed = self._rewrite(
            content, "manifest.json", lambda data: data.replace(b"Dunning", b"Another")
        )
        manifest = self._open(changed).read("manifest.json")
        digest = hashlib.sha256(manifest).hexdigest()
        self.assertNotEqual(digest, self.proof.manifest_sha256)

    # ------------------------------------------------------------------
    # WHAT COMES AFTER
    # ------------------------------------------------------------------

    def test_what_the_post_office_tells_is_sealed_as_well(self):
        posted = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "registered"}
        )
        posted.sudo()._mark_done(self.today)
        posted.with_user(self.collector).write(
            {"tracking_number": "1A23", "date_acknowledged": self.today}
        )
        self.assertRight(self._make())

    def test_what_came_back_is_sealed_as_well(self):
        action = self._send()
        action.sudo()._fail_after_sending("Unknown address")
        self.assertEqual(action.state, "failed")
        self.assertRight(self._make())

    def test_a_cancelled_act_is_sealed_as_well(self):
        litigation = self._hand_over(self.invoice)
        self._record(litigation, "news").action_cancel()
        self.assertRight(self._make())

    def test_merged_customers_keep_what_proves_their_history(self):
        self._send()
        other = self._create_customer("Customer Again")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [other.id, self.customer.id], other
        )
        self.env.invalidate_all()
        content = self._make(other)
        self.assertRight(content)
        records = self._open(content).read("records.jsonl").decode()
        self.assertIn(f'"name":"{self.invoice.name}"', records)

    def test_the_chain_is_what_the_addon_works_out(self):
        self._send()
        archive = self._open(self._make())
        seals = archive.read("chain.jsonl").decode().splitlines()
        for seal in map(json.loads, seals):
            link = Seal(
                seal["number"],
                seal["model"],
                seal["res_id"],
                seal["moment"],
                seal["user_id"],
                seal["final"],
                seal["content"],
            ).link(seal["previous"])
            self.assertEqual(link, seal["hash"])

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_a_proof_file_is_for_readers_of_dunning(self):
        user = self._create_user("auditor", "group_dunning_readonly")
        self.assertRight(self._make(user=user))
        stranger = self._create_user("stranger", "group_dunning_readonly")
        stranger.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        with self.assertRaises(AccessError):
            self._make(user=stranger)
        with self.assertRaisesRegex(UserError, "of your own"):
            self.proof.with_user(self.collector)._make()

    def test_nothing_of_other_companies_is_in_it(self):
        other = self._create_second_company("Second Company")
        self._create_invoice(due=-10, company=other, amount=4321)
        other.dunning_scenario_id = self.scenario.copy({"company_id": other.id})
        self.env.user.company_ids |= other
        done = (
            self.env["dunning.action"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "note": "Foreign",
                }
            )
        )
        done.sudo()._mark_done(self.today)
        self._send()
        content = self._make()
        self.assertRight(content)
        archive = self._open(content)
        for name in archive.namelist():
            self.assertNotIn(b"Foreign", archive.read(name), name)
            self.assertNotIn(b"4321", archive.read(name), name)

    def _send(self):
        """Send what is due to the customer.

        :return: the action that was done
        """
        action = self._run().action_ids
        self._execute(action)
        done = self._actions(state="done", company_id=self.company.id)
        self.assertEqual(len(done), 1)
        return done
