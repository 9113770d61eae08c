from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import ormcache

from ...tools.following import FOLLOWING_CONTEXT

# Where a transaction keeps what is to be followed, and what at its end at the latest.
PENDING = "account_dunning.pending_events"
ARRIVED = "account_dunning.arrived_items"


@dataclass
class Change:
    """What has happened to journal items.

    :param items: their ids
    :param reopened: some of them may be open again
    :param routine: they were paid or came up, and nothing else has happened
    :param moved: other customers may owe some of them now
    """

    items: set[int] = field(default_factory=set)
    reopened: bool = False
    routine: bool = True
    moved: bool = False

    def add(self, other: "Change"):
        """Let something else have happened as well."""
        self.items |= other.items
        self.reopened |= other.reopened
        self.routine &= other.routine or not other.items
        self.moved |= other.moved


@dataclass
class Pending:
    """What has changed in a block.

    :param change: of journal items
    :param customers: dict of company id to ids of partners to be looked at anew
    :param over: the block is over, its changes are being followed
    """

    change: Change = field(default_factory=Change)
    customers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    over: bool = False


class DunningLedger(models.AbstractModel):
    """Events of the ledger, handed on to who follows them.

    How it works: whatever changes the ledger, or what keeps items out of dunning, says
    so by :meth:`_changed` and :meth:`_customers_changed`. Events that belong together
    (:meth:`_followed_once`) are followed once, at their end and in the same
    transaction: first what is about items, then the customers whose they are. Those
    who follow extend the hooks, which do nothing here.
    """

    _name = "dunning.ledger"
    _description = "Events of the Ledger"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_account_ids(self) -> tuple[int, ...]:
        """Return the receivable accounts. Given as values, they let the database
        foresee how many items are open, which a join does not."""
        # Kept for all, whoever asks first.
        accounts_sudo = self.env["account.account"].sudo()
        found = accounts_sudo.with_context(active_test=False)._search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        )
        return found.get_result_ids()

    @api.model
    @contextmanager
    def _followed_once(self) -> Iterator[None]:
        """Follow all that changes within the block at its end."""
        data = self.env.cr.precommit.data
        if PENDING in data:
            yield
            return
        arrived = self._take_arrived()
        pending = data[PENDING] = Pending(arrived)
        try:
            yield
            pending.over = True
            self._changed(pending.change)
        finally:
            # What commits within the block forgets it.
            data.pop(PENDING, None)
        # Whoever changes the ledger need not see whom it concerns.
        env_sudo = self.sudo().env
        companies = env_sudo["res.company"]
        for company_id, partner_ids in pending.customers.items():
            company_sudo = companies.browse(company_id)
            # Where its parent is followed, so is a branch.
            parent_ids = companies._dunning_get_parent_ids(company_sudo)
            followed = [pending.customers.get(id_, set()) for id_ in parent_ids]
            if left := partner_ids.difference(*followed):
                partners_sudo = env_sudo["res.partner"].browse(left)
                self._follow_customers(
                    company_sudo, partners_sudo, pending.change.routine
                )

    @api.model
    def _changed(self, change: Change):
        """Follow a change of journal items, at the end of the block if there is one."""
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending and not pending.over:
            pending.change.add(change)
            return
        lines = self.env["account.move.line"].browse(change.items)
        # Whoever works on the ledger need not have rights on dunning.
        lines_sudo = lines.sudo().filtered("partner_id")
        items_sudo = lines_sudo.filtered(lambda line: line._dunning_is_item())
        if not items_sudo:
            return
        ledger_sudo = items_sudo.env["dunning.ledger"]
        if change.moved:
            ledger_sudo._follow_owners(items_sudo)
        with ledger_sudo._followed_once():
            ledger_sudo._follow(items_sudo, change)
            for company, items in items_sudo.grouped("company_id").items():
                ledger_sudo._customers_changed(
                    company, items.partner_id, change.routine
                )

    @api.model
    def _changed_soon(self, change: Change) -> None:
        """Follow a change of journal items with the next event, or at the end of the
        transaction: what comes to a posted entry, as when a bank line is put on the
        account of a customer, is most often reconciled at once, and is no credit of
        the customer then."""
        precommit = self.env.cr.precommit
        if ARRIVED not in precommit.data:
            precommit.data[ARRIVED] = Change()
            precommit.add(self._follow_arrived_items)
        precommit.data[ARRIVED].add(change)

    @api.model
    def _follow_arrived_items(self):
        """Follow what has come to posted entries and was not followed since."""
        arrived = self._take_arrived()
        if arrived.items:
            self._changed(arrived)

    @api.model
    def _take_arrived(self):
        """Return what is to be followed soon, and have it followed by who asks. What
        was taken back meanwhile is left out."""
        arrived = self.env.cr.precommit.data.pop(ARRIVED, None) or Change()
        if arrived.items:
            lines = self.env["account.move.line"].browse(arrived.items)
            arrived.items = set(lines.exists()._ids)
        return arrived

    @api.model
    def _follow_owners(self, items):
        """Follow items to the customers who owe them now: promises, disputes and holds
        go on under these, or with that part of them that is about the items."""
        posted = items.filtered(lambda line: line.parent_state == "posted")
        if posted:
            following = posted.with_context(**FOLLOWING_CONTEXT)
            ledger = following.env["dunning.ledger"]
            with ledger._followed_once():
                ledger._follow_moved(following)

    @api.model
    def _customers_changed(
        self,
        company: models.BaseModel,
        partners: models.BaseModel,
        routine: bool = False,
    ) -> None:
        """Look at the customers anew, in the company's branches too: credits of a
        company cover the items of its branches.

        :param company: ``res.company`` in which something has happened
        :param partners: ``res.partner`` concerned
        :param routine: items were paid or came up, and nothing else has happened
        """
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending:
            pending.change.routine &= routine
            pending.customers[company.id].update(partners._ids)
        else:
            self._follow_customers(company, partners, routine)

    @api.model
    def _forget(self, lines):
        """Follow no change of journal items that are deleted within the block: their
        counterparts are followed."""
        if pending := self.env.cr.precommit.data.get(PENDING):
            pending.change.items.difference_update(lines._ids)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHO FOLLOWS
    # ------------------------------------------------------------------

    @api.model
    def _follow(self, items, change: Change):
        """Follow a change of items that dunning reads, before their customers are
        looked at anew.

        :param items: ``account.move.line``, elevated
        """

    @api.model
    def _follow_moved(self, items):
        """Follow items to the customers who owe them now.

        :param items: ``account.move.line``, elevated
        """

    @api.model
    def _follow_customers(
        self, company: models.BaseModel, partners: models.BaseModel, routine: bool
    ) -> None:
        """Look at customers anew: see :meth:`_customers_changed`."""

    @api.model
    def _follow_arrived(self, moves):
        """Follow that entries have been posted, or sent for the first time.

        :param moves: ``account.move``, elevated
        """

    @api.model
    def _follow_reposted(self, moves):
        """Follow that entries were changed as drafts and have new items.

        :param moves: ``account.move``, elevated
        """

    @api.model
    @contextmanager
    def _following_deletion(self, moves):
        """Follow that entries are deleted within the block: what is about them has to
        be read before.

        :param moves: ``account.move``, elevated
        """
        lines = moves.line_ids.filtered("partner_id")
        partners = [
            (company, own.partner_id)
            for company, own in lines.grouped("company_id").items()
        ]
        yield
        for company, partner in partners:
            self._customers_changed(company, partner)
