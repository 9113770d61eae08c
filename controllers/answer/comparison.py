from collections import Counter
from secrets import token_urlsafe
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_amount

from ...models.answer.dunning_portal_act_invoice import MOST_INVOICES
from ...tools.ledger_comparison import STATUSES
from ...tools.ledger_file import MAX_ROWS, MAX_SIZE, LedgerFileError
from ...tools.ledger_told import Told
from ...tools.uploads import MEGABYTE
from ..portal.frame import Visit, page
from ..portal.visit import read_number
from .forms import AnswerForms

FORM = "account_dunning.portal_form_comparison"
SHOWN = "account_dunning.portal_comparison"
# What can be done about results: of what is open with us.
PAYABLE = ("other_amount", "unknown_to_customer", "doubtful", "paid")
# Of what the customer has not got, the invoice.
SENT = "unknown_to_customer"
# Of a status, on the page of all of them and on a page of its own.
MOST_SHOWN, PAGE_SIZE = 20, 100


class Part(NamedTuple):
    """Results of one status that a page shows.

    :param results: those that are shown
    :param count: of all
    :param number: of the page, None where only the first are shown
    """

    status: str
    results: list[Told]
    count: int
    number: int | None = None

    @property
    def pages(self) -> int:
        """How many pages of their own there are."""
        return -(-self.count // PAGE_SIZE)


class AnswerComparison(AnswerForms):
    """The customer's own ledger beside ours: nothing is kept but what came out."""

    @page("/compare", methods=["GET", "POST"])
    def dunning_compare(self, visit: Visit, **_values: str):
        """Compare a file with the account."""
        context = {"problems": {}, "most_size": MAX_SIZE // MEGABYTE}
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        file = request.httprequest.files.get("file")
        comparison_sudo = visit.env_sudo["dunning.portal.comparison"]
        try:
            self._count(visit, self._get_way(visit))
            content = file.stream.read(MAX_SIZE + 1) if file else b""
            results, unread = comparison_sudo._compare(visit.customer_sudo, content)
        except LedgerFileError as error:
            problems = {"file": self._tell_problem(error.problem)}
            return visit.render(FORM, context | {"problems": problems}, 422)
        except UserError as error:
            status = getattr(error, "http_status", 422)
            return visit.render(FORM, context | {"error": error.args[0]}, status)
        recorded_sudo = comparison_sudo._record(
            visit.customer_sudo, visit.user, results, unread
        )
        return visit.redirect(f"/compare/{recorded_sudo.once}")

    @page("/compare/<string:key>")
    def dunning_compared(
        self,
        visit: Visit,
        key: str,
        status: str = "",
        number: str = "1",
        **_values: str,
    ):
        """Show what came out of a comparison: the first results of each status, or a
        page of those of one.

        :param key: of the comparison
        """
        found = visit.env_sudo["dunning.portal.comparison"]._find_results(
            visit.customer_sudo, self._read_text(key)
        )
        if found is None:
            visit.tell(
                request.env._(
                    "What came out is kept for two days: please send your file again."
                )
            )
            return visit.redirect("/compare")
        results, unread = found
        counts = Counter(result.status for result in results)
        parts = self._choose_parts(results, counts, status, read_number(number))
        labels = visit.env_sudo["dunning.portal.comparison"]._get_labels()
        return visit.render(
            SHOWN,
            {
                "base": visit.url(f"/compare/{key}"),
                "chosen": status if status in counts else "",
                "counts": [(s, labels[s], counts[s]) for s in STATUSES if counts[s]],
                "groups": self._tell_groups(visit, parts, labels),
                "unread": unread,
            },
        )

    def _choose_parts(self, results, counts, status, number):
        """Return what a page shows."""
        wanted = [status] if status in counts else [s for s in STATUSES if counts[s]]
        own = {name: [] for name in wanted}
        for result in results:
            if result.status in own:
                own[result.status].append(result)
        if status not in counts:
            return [
                Part(name, found[:MOST_SHOWN], len(found))
                for name, found in own.items()
            ]
        pages = -(-counts[status] // PAGE_SIZE)
        number = min(max(number, 1), pages)
        shown = own[status][(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return [Part(status, shown, counts[status], number)]

    def _tell_problem(self, problem):
        """Return what is wrong with a file, and what to do."""
        env = request.env
        return {
            "empty": env._("Choose a file that has something in it."),
            "size": env._(
                "The file is too large: send one of at most %s MB, with fewer columns "
                "or lines.",
                MAX_SIZE // MEGABYTE,
            ),
            "rows": env._("The file has more than %s lines: send fewer.", MAX_ROWS),
            "kind": env._("Send a table as CSV or XLSX: this is something else."),
            "old": env._(
                "This is an old XLS file: save it as XLSX or CSV, and send that."
            ),
            "damaged": env._(
                "The file cannot be read: open it, save it as XLSX or CSV, and send it "
                "again."
            ),
            "encoding": env._("The file cannot be read: save it as CSV in UTF-8."),
            "package": env._("XLSX cannot be read here: save the table as CSV."),
            "columns": env._(
                "We do not find the columns: name them in the first line, one "
                "“Number” with the numbers of our invoices, one “Amount” (or “Debit” "
                "and “Credit”)."
            ),
        }[problem]

    # ------------------------------------------------------------------
    # RESULTS
    # ------------------------------------------------------------------

    def _tell_groups(self, visit, parts, labels):
        """Return what is shown of each status."""
        hints = self._get_hints()
        known = self._get_known(visit, [own for part in parts for own in part.results])
        return [
            self._tell_group(
                {
                    "status": part.status,
                    "label": labels[part.status],
                    "hint": hints[part.status],
                    "part": part,
                },
                [self._tell_result(visit, own, known) for own in part.results],
            )
            for part in parts
        ]

    def _tell_group(self, group, results):
        """Return a group with its results, and the invoices that one click has sent:
        those that the customer has not got."""
        missing = group["status"] == SENT
        for result in results:
            result["send"] = result["documents"] if missing else []
        sent = [id_ for result in results for id_ in result["send"]]
        whole = group["part"].count == len(results)
        several = whole and 1 < len(sent) <= MOST_INVOICES
        return group | {
            "results": results,
            "send": sent if several else [],
            "once": token_urlsafe(12),
        }

    def _get_known(self, visit, results):
        """Return what results are told with: the number of each of our items, and
        whether it has a document, by id; currencies by name."""
        keys = {key for result in results for key in result.keys}
        # What is gone since then is told without a number.
        lines_sudo = visit.env_sudo["account.move.line"].browse(keys).exists()
        numbers = {
            line_sudo.id: (
                line_sudo._dunning_name_on_page(),
                line_sudo.move_id.is_sale_document(include_receipts=True),
            )
            for line_sudo in lines_sudo
        }
        currencies_sudo = visit.env_sudo["res.currency"].search([])
        return numbers, {own_sudo.name: own_sudo for own_sudo in currencies_sudo}

    def _tell_result(self, visit, result, known):
        numbers, currencies = known
        open_keys = [key for key in result.open_keys if key in numbers]
        documents = [key for key in open_keys if numbers[key][1]]
        currency = currencies.get(result.currency, visit.company_sudo.currency_id)
        named = [numbers[key][0] for key in result.keys if key in numbers]
        return {
            "place": result.place,
            "said": result.said,
            "theirs": self._format(visit, result.theirs, currency),
            "number": ", ".join(dict.fromkeys(named)),
            "ours": self._format(visit, result.ours, currency),
            "reason": self._tell_reason(result),
            "items": ",".join(map(str, open_keys)),
            "document": documents[0] if documents else False,
            "documents": documents,
            "once": token_urlsafe(12),
            "can_answer": bool(open_keys) and result.status in PAYABLE,
            "is_missing": result.reason == "missing",
        }

    def _tell_reason(self, result):
        """Return why a result is as it is, and what to do where nothing is open."""
        if result.status in PAYABLE and result.ours and not float(result.ours):
            return request.env._("With us it is paid: check the amount in your books.")
        return self._get_reasons().get(result.reason, "")

    def _format(self, visit, amount, currency):
        """Return an amount in words."""
        if amount is None:
            return ""
        return format_amount(visit.env_sudo, float(amount), currency)

    def _get_hints(self):
        """Return what each status means."""
        env = request.env
        return {
            "agreed": env._("Number and amount are the same with you and with us."),
            "paid": env._("With you it is paid, with us it is open."),
            "other_amount": env._("The number is the same, the amount is not."),
            "unknown_to_customer": env._("It is open with us, and not in your file."),
            "unknown_to_us": env._("We have nothing with this number and amount."),
            "payment": env._(
                "Payments and credits in your books. What has not arrived with us: say "
                "when and how you paid it."
            ),
            "doubtful": env._("It may be the same: please have a look."),
            "settled": env._(
                "With us it is paid: if it is open with you, enter your payment."
            ),
        }

    def _get_reasons(self):
        """Return why something is as it is."""
        env = request.env
        return {
            "similar": env._("The number is like ours, not the same."),
            "alike": env._("The number is like ours, the amount is another one."),
            "amount": env._("Only the amount is the same."),
            "several": env._("The number may be of several invoices."),
            "currency": env._("The currency is another one."),
            "settled": env._("Part of it is paid with you."),
            "before": env._("With us a part of it is paid or credited."),
            "double": env._("You have it more than once."),
            "payment": env._("You have a payment of a part of it."),
            "received": env._("A payment of this amount has arrived with us."),
            "missing": env._("No payment of this amount has arrived with us."),
        }
