import json
from importlib.util import find_spec
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal.common_payment import PortalPaymentCommon
from .common_answer import PDF, AnswerCommon

PACKAGE = "axe_playwright_python"
SOURCE = "/account_dunning/axe.min.js"
# What the law asks for (EN 301 549), and what has turned out to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Odoo's own header, footer and form of payment are not ours.
LOOK = """
(async () => {
    const script = document.createElement("script");
    script.src = "%(source)s";
    const loaded = new Promise((done, fail) => {
        script.onload = done;
        script.onerror = fail;
    });
    document.head.append(script);
    await loaded;
    %(before)s
    const context = { include: [["#wrap"]], exclude: [["#o_payment_form"]] };
    const options = { runOnly: { type: "tag", values: %(tags)s } };
    const found = await axe.run(context, options);
    if (!found.passes.some(({ id }) => id === "color-contrast")) {
        console.error("axe has looked at nothing");
    }
    for (const { id, help, nodes } of found.violations) {
        const where = nodes.map((node) => node.html.slice(0, 200)).join("\\n");
        console.error(`axe: ${id} (${help})\\n${where}`);
    }
    console.log("test successful");
})();
"""
# As the browser does, in the same page.
SEND = """
const [form] = document.querySelectorAll(".o_dunning_page form%(which)s");
const sent = new FormData(form);
%(fill)s
const answer = await fetch(form.action, { method: "POST", body: sent });
const page = new DOMParser().parseFromString(await answer.text(), "text/html");
document.querySelector("#wrap").replaceWith(page.querySelector("#wrap"));
"""


@tagged("post_install", "-at_install")
class TestPortalAxe(AnswerCommon, PortalPaymentCommon):
    """No page of the customer has a barrier that axe finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        package = find_spec(PACKAGE)
        if not package:
            cls.skipTest(cls, f"{PACKAGE} is not installed: see dev/requirements.txt")
        cls.company.dunning_statement_scope = "all"
        cls.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": SOURCE,
                "mimetype": "application/javascript",
                "raw": (Path(package.origin).parent / "axe.min.js").read_bytes(),
                "public": True,
            }
        )

    def _see(self, path, before="", login="dunning_visitor"):
        """Have axe look at a page.

        :param path: below that of the visitor's page
        :param before: what is done first
        """
        code = LOOK % {"source": SOURCE, "before": before, "tags": json.dumps(TAGS)}
        with self.subTest(path=path):
            self.browser_js(
                path if path.startswith("/") else f"{self.base}{path and '/'}{path}",
                code,
                "document.readyState === 'complete'",
                login=login,
            )

    def _after_sending(self, fill="", which="[method=post]"):
        return SEND % {"fill": fill, "which": which}

    def _prepare(self):
        self.base = f"/my/dunning/{self.company.id}"
        self._create_item(amount=600, days=20)
        dispute = self._ask(
            "dispute",
            {
                "item_ids": self.item.ids,
                "reason_id": self.reason.id,
                "text": "The price is wrong",
                "amount": "100",
                "amount_text": "100",
            },
            files=[{"name": "a.pdf", "raw": PDF, "mimetype": "application/pdf"}],
        ).dispute_id
        with self.mock_mail_gateway():
            dispute.with_user(self.collector)._answer("Please send us the order")
        return dispute

    def test_every_page_of_who_is_logged_in(self):
        dispute = self._prepare()
        currency = self.company.currency_id.id
        for path in (
            "",
            f"pay?currency={currency}",
            "paid",
            "promise",
            "dispute",
            f"dispute/{dispute.id}",
            "details",
            "compare",
            "send",
        ):
            self._see(path)

    def test_what_is_wrong_and_what_came_out(self):
        self._prepare()
        for form in ("paid", "promise", "dispute", "send"):
            self._see(
                form, self._after_sending(f"sent.delete('item_ids'); /* {form} */")
            )
        self._see("details", self._after_sending("sent.set('email', 'none');"))
        self._see("compare", self._after_sending())
        number = self.item.move_id.name
        rows = f"Invoice;Amount\\n{number};999.00\\nOTHER/1;5.00\\nBAD;x\\n"
        file = f"new File(['{rows}'], 'ledger.csv')"
        self._see("compare", self._after_sending(f"sent.set('file', {file});"))

    def test_the_pages_without_login(self):
        self._prepare()
        self._see(self._get_link(), login=None)
        self._see("/dunning/p/nothing", login=None)
        with self.mock_mail_gateway():
            request = self._submit_details()
        url = request.sudo()._get_confirm_url()
        path = url[len(self.company.get_base_url()) :]
        self._see(path, login=None)
        self._see(path, self._after_sending(), login=None)

    def _submit_details(self):
        requests = self.env["dunning.portal.request"].sudo()
        nobody = self.env["res.users"]
        payload = {"details": {"phone": "123"}}
        return requests._submit(self._get_customer(), nobody, "details", payload)

    def test_a_barrier_is_found(self):
        self._prepare()
        planted = "document.querySelector('#wrap').append(new Image());"
        said = mute_logger(f"{self._logger.name}.browser")
        with said, self.assertRaises(AssertionError) as caught:
            self.browser_js(
                self.base,
                LOOK % {"source": SOURCE, "before": planted, "tags": json.dumps(TAGS)},
                "document.readyState === 'complete'",
                login="dunning_visitor",
                error_checker=lambda message: "image-alt" in message,
            )
        self.assertIn("image-alt", str(caught.exception))


@tagged("post_install", "-at_install")
class TestPortalAxeOnPhone(TestPortalAxe):
    """The same on a phone, where tables become lists."""

    browser_size = "390x844"
    touch_enabled = True
