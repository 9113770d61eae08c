from collections import defaultdict
from collections.abc import Collection

from odoo import api, fields, models

from ...tools.allocation import Need, allocate

# Stands for what somebody would like to promise or dispute.
NEW = "new"


class DunningWithholding(models.AbstractModel):
    """Which amount of which item promises and disputes keep out, all those of a
    customer together: see ``tools/allocation.py``."""

    _inherit = "dunning.withholding"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CLAIMS
    # ------------------------------------------------------------------

    def _get_need(self):
        """Return what the record keeps out now.

        :return: amount, and the last day of the hold or False; amount 0 for nothing
        """
        raise NotImplementedError

    def _get_skipped(self):
        """Return the amount of the items that was due before what is kept out."""
        return 0

    def _is_waiting(self) -> bool:
        """Return whether the record has no effect before somebody approves it."""
        return False

    def _is_yielding(self) -> bool:
        """Return whether what it keeps out may be promised or disputed as well."""
        return False

    def _get_ordered_items(self) -> models.BaseModel:
        """Return the items in the order in which amounts are taken from them."""
        return self.move_line_ids._dunning_by_due_date()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SHARES
    # ------------------------------------------------------------------

    @api.model
    def _get_available(
        self,
        items: models.BaseModel,
        without: Collection = (),
        names: Collection[str] | None = None,
    ) -> dict:
        """Return what may still be promised or disputed.

        :param items: journal items
        :param without: records, of any source, regarded as if they did not exist
        :param names: models of the sources that are counted, all by default
        :return: dict of item to the open amount that no promise and no dispute
            needs, neither one that waits for its approval; the sum is exact, and
            taken from the oldest items first
        """
        ignored = {*without}
        partners = items.partner_id.commercial_partner_id
        sources = self._get_sources(partners, items.company_id)
        available = dict.fromkeys(items, 0.0)
        for key, own in items.grouped(self._get_group).items():
            others = [
                source
                for source in sources.get(key, ())
                if source not in ignored
                and not source._is_yielding()
                and (not names or source._name in names)
            ]
            needs, residuals = self._get_needs(others, waiting=True)
            residuals |= self._get_residuals(own)
            total = sum(residuals.get(line, 0) for line in own)
            needs.append(Need(NEW, total, own._dunning_by_due_date()))
            shares = allocate(needs, residuals, own.currency_id.decimal_places)
            available |= {line: shares.get((NEW, line), 0.0) for line in own}
        return available

    def _reserve_items(self) -> None:
        """Let nobody else promise, dispute or pay the items in the meantime."""
        self.move_line_ids._dunning_reserve()

    def _sync_holds(self, missed: Collection = ()) -> models.BaseModel:
        """Write the holds of these records and of all that share items with them.

        :param missed: records that dunning goes on with: a hold that becomes smaller
            is ended, and written anew for the rest
        :return: the holds that were ended
        """
        groups = self._get_sources(self.partner_id, self.company_id, self)
        shares, ends = {}, {}
        for (_company, currency, _partner), sources in groups.items():
            shares |= allocate(*self._get_needs(sources), currency.decimal_places)
            ends |= {source: source._get_need()[1] for source in sources}
        with self.env["dunning.ledger"]._followed_once():
            return self.env["dunning.hold"]._sync_with(shares, ends, missed)

    @api.model
    def _get_sources(self, partners, companies, records=()):
        """Return the records of all sources that keep items of some customers out, in
        the order of serving.

        :param records: records to return even if they keep nothing out any more
        :return: dict of company, currency and customer to list of records, elevated
        """
        groups = defaultdict(list)
        for name in self._get_source_names():
            # Holds are the system's, see dunning.hold; and what is free does not
            # depend on whose promises the user may see.
            records_sudo = self.env[name].sudo()
            domain = (
                fields.Domain("partner_id", "in", partners.ids)
                & fields.Domain("company_id", "in", companies.ids)
                & records_sudo._get_running_domain()
            )
            if records and name == records._name:
                domain |= fields.Domain("id", "in", records.ids)
            for record_sudo in records_sudo.search(domain, order="id"):
                groups[self._get_group(record_sudo)].append(record_sudo)
        return groups

    @api.model
    def _get_group(self, record):
        """Return among whom the items are shared out, for a record or an item."""
        partner = record.partner_id.commercial_partner_id
        return record.company_id, record.currency_id, partner

    @api.model
    def _get_needs(self, sources, waiting=False):
        """Return what is shared out, and among whom.

        :param sources: records of one group, in the order of serving
        :param waiting: count those that wait for their approval, too
        :return: list of needs, dict of item to what is open on it
        """
        needs, residuals = [], {}
        for record in sources:
            amount, _date_end = record._get_need()
            if not amount or (record._is_waiting() and not waiting):
                continue
            items = record._get_ordered_items()
            residuals |= self._get_residuals(items)
            needs.append(Need(record, amount, items, record._get_skipped()))
        return needs, residuals

    @api.model
    def _get_residuals(self, items: models.BaseModel) -> dict:
        """Return what items of posted entries leave to pay, each in its currency."""
        return {
            line: line.amount_residual_currency
            for line in items
            if line.parent_state == "posted"
        }
