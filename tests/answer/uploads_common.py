import io
import zipfile
import zlib

from odoo.tests import BaseCase

from ...tools.uploads import UploadError, check_files

RUNNING = b"3 0 <</S/JavaScript/JS(app.alert(1))>>"
WORD = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def make_pdf(objects=RUNNING, told=b"/Type/ObjStm/N 1/First 4", packed=None, more=b""):
    """Return a PDF that has objects in a stream."""
    content = zlib.compress(objects) if packed is None else packed
    return (
        b"%PDF-1.5\n1 0 obj\n<<"
        + told
        + b"/Filter/FlateDecode/Length %d>>\nstream\r\n" % len(content)
        + content
        + b"\nendstream\nendobj\n"
        + more
    )


def make_document(kind="word", **members):
    """Return a document of an office program."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{kind}/document.xml", "<document/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def make_relation(kind, target="http://example.com/x", mode="External"):
    return (
        f'<Relationships><Relationship Id="a" Type="{WORD}/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


class UploadsCommon(BaseCase):
    def assertTaken(self, content):
        [upload] = check_files([("paper", content)])
        self.assertEqual(upload.raw, content)

    def assertActive(self, content):
        with self.assertRaises(UploadError) as caught:
            check_files([("paper", content)])
        self.assertEqual(caught.exception.problem, "active")
