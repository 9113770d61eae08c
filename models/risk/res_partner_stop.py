from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.words import RATING_READERS, READERS
from ..base.mail_discreet_search import Ours
from .res_company_stop import STOPS

# By how strong they are.
RANKS = {"none": 0, "warn": 1, "block": 2}


class CreditStop(NamedTuple):
    """Whether selling to a customer on credit is warned of or stopped, and why.

    :param stop: ``none``, ``warn`` or ``block``
    :param reason: in words, without any figure
    """

    stop: str = "none"
    reason: str = ""


class ResPartner(models.Model):
    """Who is watched, and to whom nothing is sold on credit for now. A stop is worked
    out at each look, from the profile, the limit and the watch list: with its cause it
    is gone."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_watch = fields.Boolean(
        string="On the Watch List",
        compute="_compute_dunning_watch",
        search="_search_dunning_watch",
        groups=READERS,
    )
    dunning_watch_text = fields.Char(
        string="What Follows",
        compute="_compute_dunning_watch",
        groups=READERS,
        help="What follows from being on the watch list, why and since when.",
    )
    dunning_watch_ids = Ours(
        "dunning.watch", "partner_id", string="Watch List", groups=READERS
    )
    dunning_credit_stop = fields.Selection(
        STOPS,
        string="Credit Stop",
        compute="_compute_dunning_credit_stop",
        groups=RATING_READERS,
        help="Whether selling to the customer on credit is warned of, or stopped.",
    )
    dunning_credit_stop_reason = fields.Char(
        string="Why Stopped",
        compute="_compute_dunning_credit_stop",
        groups=RATING_READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dunning_watch_ids.date_closed")
    @api.depends_context("company", "lang")
    def _compute_dunning_watch(self):
        watches_sudo = self._dunning_get_watches().grouped("partner_id")
        for partner in self:
            # Whose contact somebody is, is the same for all.
            customer_sudo = partner._origin.sudo().commercial_partner_id
            own_sudo = watches_sudo.get(customer_sudo)
            partner.dunning_watch = bool(own_sudo)
            partner.dunning_watch_text = bool(own_sudo) and own_sudo._tell_effect()

    def _search_dunning_watch(self, operator, value):
        self._dunning_check_searchable("dunning_watch")
        if operator != "in":
            return NotImplemented
        # Who is watched is said to those who dun.
        watches_sudo = self.env["dunning.watch"].sudo()
        found = fields.Domain(
            "commercial_partner_id",
            "in",
            watches_sudo._search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("date_closed", "=", False),
                ]
            ).subselect("partner_id"),
        )
        return found if True in value else ~found

    @api.depends("dunning_watch_ids.date_closed", "dunning_watch_ids.effect")
    @api.depends_context("company", "lang")
    def _compute_dunning_credit_stop(self):
        stops = self._dunning_get_credit_stop()
        for partner in self:
            stop = stops.get(partner._origin.id, CreditStop())
            partner.dunning_credit_stop = stop.stop
            partner.dunning_credit_stop_reason = stop.reason or False

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_release_stop(self) -> dict:
        """Open a new release of the customer's credit stop."""
        return self._dunning_new_window(
            "dunning.stop.release", self.env._("Release the Credit Stop")
        )

    def action_dunning_watch(self) -> dict:
        """Open the entry of the customer on the watch list, or a new one."""
        self.check_access("read")
        watches = self._dunning_get_watches().sudo(False)
        if found := watches._filtered_access("read"):
            return found._get_records_action(name=self.env._("Watch List"))
        return self._dunning_new_window(
            "dunning.watch", self.env._("Put on the Watch List")
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_watches(self):
        """Return the entries on the watch list of these customers, elevated: who sees
        the stop that follows need not see them."""
        watches_sudo = self.env["dunning.watch"].sudo()
        customers_sudo = self._origin.sudo().commercial_partner_id
        return watches_sudo.search(
            [
                ("partner_id", "in", customers_sudo.ids),
                ("company_id", "=", self.env.company.id),
                ("date_closed", "=", False),
            ]
        )

    def _dunning_get_credit_stop(self) -> dict[int, CreditStop]:
        """Say to which of these customers nothing is sold on credit in the current
        company, and why. Whoever sells asks here, whatever they may see.

        :return: dict of partner id to :class:`CreditStop`; who is free is not in it
        """
        company = self.env.company
        # Whose contact somebody is, and what is granted, is the same for all.
        customers_sudo = self._origin.sudo().commercial_partner_id
        causes = customers_sudo._dunning_get_stop_causes(company.sudo())
        released = customers_sudo.env["dunning.stop.release"]._get_released(
            company, customers_sudo
        )
        stops = {}
        for partner in self:
            # As said above.
            customer_id = partner._origin.sudo().commercial_partner_id.id
            if found := causes.get(customer_id):
                stop = max((stop for stop, _reason in found), key=RANKS.get)
                reason = ", ".join(
                    dict.fromkeys(reason for _stop, reason in found if reason)
                )
                if release := released.get(customer_id):
                    stop, reason = "warn", self._dunning_tell_release(release, reason)
                stops[partner._origin.id] = CreditStop(stop, reason)
        return stops

    def _dunning_tell_release(self, release, reason):
        return self.env._(
            "%(reason)s – released until %(date)s: %(why)s",
            reason=reason,
            date=format_date(self.env, release.date_end),
            why=release.reason,
        )

    def _dunning_get_stop_causes(self, company) -> dict:
        """Return what warns of these customers or stops them. Override for more causes.

        :param company: ``res.company``, elevated, as these customers
        :return: dict of partner id to list of pairs: the stop, and why in words
        """
        causes = {}
        profiles = self.env["dunning.profile"]._read_current(company, self)
        today = company._dunning_today()
        for partner in self.with_company(company):
            row = profiles.get(partner.id)
            if not row:
                continue
            found = [
                (company.dunning_stop_limit, self.env._("above the credit limit"))
                if 0 < partner.dunning_credit_limit < row["exposure"]
                else None,
                (company.dunning_stop_age, self.env._("long overdue"))
                if row["to_collect"] > 0
                and row["date_oldest"]
                and (today - row["date_oldest"]).days >= company.dunning_stop_days
                else None,
                (company.dunning_stop_notice, self.env._("formal notice"))
                if row["to_collect"] > 0 and self._dunning_is_formal(row["level_id"])
                else None,
            ]
            causes[partner.id] = [
                cause for cause in found if cause and cause[0] != "none"
            ]
        for watch in self._dunning_get_watches():
            if watch.effect in RANKS:
                causes.setdefault(watch.partner_id.id, []).append(
                    (watch.effect, self.env._("on the watch list: %s", watch.reason))
                )
        return causes

    @api.model
    def _dunning_is_formal(self, level_id):
        return self.env["dunning.level"].browse(level_id or ()).tone == "formal"
