from odoo.addons.account_dunning.demo.einvoice_messages import make_status, write_cdar
from odoo.addons.account_dunning.tools.einvoice_message import Document

from ..common import DunningCommon

SIREN = "999090137"
BUYER = "999301112"


class EinvoiceCommon(DunningCommon):
    """A seller that platforms know, and messages about its invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.company_registry = f"{SIREN}00012"
        cls.invoice = cls._create_invoice(due=-10, amount=1000)
        cls.events = cls.env["dunning.einvoice.event"]

    @classmethod
    def _say(cls, code="207", reason="QTE_ERR", invoice=None, **values):
        """Return a status of an invoice, ``self.invoice`` by default.

        :param values: as of :func:`make_status`; ``number`` and ``seller`` too
        """
        number = values.pop("number", (invoice or cls.invoice).name)
        seller = values.pop("seller", SIREN)
        status = make_status(code, reason, number, seller, buyers=(BUYER,), **values)
        return status

    def _take(self, *statuses, source="file", **options):
        """Take a message of its own for each status.

        :return: the receipt
        """
        documents = [
            Document(f"{place}.xml", write_cdar([status]))
            for place, status in enumerate(statuses)
        ]
        return self.events._receive_all(documents, source, **options)
