import re
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import tagged

from .test_proof import ProofCommon


@tagged("post_install", "-at_install")
class TestProofLanguage(ProofCommon):
    """The check script speaks the language of who made the file, or the one asked
    for."""

    def _check_in(self, content, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "proof.zip")
            path.write_bytes(content)
            script = Path(folder, "check.py")
            script.write_bytes(self._open(content).read("check.py"))
            done = subprocess.run(
                [sys.executable, "-I", script, *options, path],
                capture_output=True,
                encoding="utf-8",
                check=False,
                env={},
                cwd="/",
            )
        return done.returncode, done.stdout + done.stderr

    def test_it_speaks_french_to_who_made_the_file_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        content = self._make()
        code, said = self._check_in(content)
        self.assertEqual(code, 0, said)
        self.assertIn("Tout est en ordre", said)
        code, said = self._check_in(content, "--en")
        self.assertEqual(code, 0, said)
        self.assertIn("All is right", said)

    def test_its_folders_are_named_in_french_to_who_made_it_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        names = self._open(self._make()).namelist()
        folders = {name.partition("/")[0] for name in names if "/" in name}
        self.assertEqual(folders, {"7 pénalités"})

    def test_it_speaks_french_when_asked(self):
        content = self._make()
        self.assertIn("All is right", self._check_in(content)[1])
        self.assertIn("Tout est en ordre", self._check_in(content, "--fr")[1])

    def test_what_is_wrong_is_said_in_french_too(self):
        content = self._rewrite(self._make(), "check.py", lambda data: data + b"\n")
        code, said = self._check_in(content, "--fr")
        self.assertEqual(code, 1)
        self.assertIn("PROBLÈME : fichier modifié : check.py", said)

    def test_every_text_has_its_french(self):
        root = Path(__file__).parents[2]
        source = (root / "static/proof/check.py").read_text()
        scope = {"__name__": "check", "__file__": "check.py"}
        exec(compile(source, "check.py", "exec"), scope)  # noqa: S102
        said = set(re.findall(r'say\(\s*"([^"]+)"', source))
        self.assertGreater(len(said), 12)
        self.assertEqual(said, set(scope["FRENCH"]))
        for text, french in scope["FRENCH"].items():
            self.assertEqual(
                re.findall("%[sd]", text), re.findall("%[sd]", french), text
            )
