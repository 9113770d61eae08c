from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, models

# Where a transaction keeps what is to be followed.
PENDING = "account_dunning.pending_events"


@dataclass
class Pending:
    """What has changed in a block.

    :param lines: ids of journal items
    :param reopened: some of them may be open again
    :param routine: items were paid or came up, and nothing else has happened
    :param moved: other customers may owe some of them now
    :param customers: dict of company id to ids of partners
    :param over: the block is over, its changes are being followed
    """

    lines: set[int] = field(default_factory=set)
    reopened: bool = False
    routine: bool = True
    moved: bool = False
    customers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    over: bool = False


class DunningAction(models.Model):
    """Events of the ledger that belong together are followed once."""

    _inherit = "dunning.action"

    @api.model
    @contextmanager
    def _refreshed_once(self):
        """Follow all that changes within the block at its end, in the same
        transaction: promises and disputes first, then the actions."""
        data = self.env.cr.precommit.data
        if PENDING in data:
            yield
            return
        pending = data[PENDING] = Pending()
        try:
            yield
            pending.over = True
            lines = self.env["account.move.line"].browse(pending.lines)
            lines._dunning_ledger_changed(
                pending.reopened, pending.routine, pending.moved
            )
        finally:
            del data[PENDING]
        # Whoever changes the ledger need not see whom it concerns.
        env_sudo = self.sudo().env
        for company_id, partner_ids in pending.customers.items():
            company_sudo = env_sudo["res.company"].browse(company_id)
            # Where its parent is followed, so is a branch.
            parent_ids = env_sudo["dunning.plan"]._get_parent_ids(company_sudo)
            followed = [pending.customers.get(id_, set()) for id_ in parent_ids]
            if left := partner_ids.difference(*followed):
                partners_sudo = env_sudo["res.partner"].browse(left)
                self._refresh_customers(company_sudo, partners_sudo, pending.routine)

    @api.model
    def _postpone_event(self, lines, reopened, routine, moved):
        """Follow a change of journal items at the end of the block.

        :return: whether there is one that is not over
        """
        pending = self.env.cr.precommit.data.get(PENDING)
        if not pending or pending.over:
            return False
        pending.lines.update(lines._ids)
        pending.reopened |= reopened
        pending.routine &= routine or not lines
        pending.moved |= moved
        return True

    @api.model
    def _forget_event(self, lines):
        """Follow no change of journal items that are deleted within the block: their
        counterparts are followed."""
        if pending := self.env.cr.precommit.data.get(PENDING):
            pending.lines.difference_update(lines._ids)

    @api.model
    def _refresh_customers(self, company, partners, routine=False):
        # EXTENDS 'account_dunning': wait for the end of the block
        pending = self.env.cr.precommit.data.get(PENDING)
        if not pending:
            return super()._refresh_customers(company, partners, routine=routine)
        pending.routine &= routine
        pending.customers[company.id].update(partners._ids)
