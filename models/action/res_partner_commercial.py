from odoo import api, models
from odoo.tools import SQL

from ...tools.following import FOLLOWING_CONTEXT
from ...tools.judgement import ELSEWHERE, SUPERSEDED
from ...tools.words import OPEN_STATES

# Fields that decide of which customer somebody is a contact.
COMMERCIAL_FIELDS = {"is_company", "parent_id"}

# What is kept of customers, by the field that names them.
CUSTOMER_MODELS = (
    "dunning.action",
    "dunning.hold",
    "dunning.promise",
    "dunning.dispute",
    "dunning.litigation",
)

# Why something was cancelled instead of which something else was planned.
REPLACED_CAUSES = (ELSEWHERE, SUPERSEDED)

SETTINGS = (
    "dunning_scenario_id",
    "dunning_user_id",
    "dunning_contact_id",
    "dunning_channel",
    "dunning_note",
)


class ResPartner(models.Model):
    """A customer that becomes part of another one: who owes is the other one from then
    on, and dunning goes on there, with all that has happened."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account': items follow the customer, and dunning follows the items
        if not self or not COMMERCIAL_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["dunning.ledger"]._followed_once():
            former = self._dunning_get_commercial()
            items_sudo = self._dunning_get_family_items(former)
            result = super().write(vals)
            self._dunning_follow_commercial(former, items_sudo)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_commercial(self):
        """Return of whom these partners and all below them are contacts.

        :return: dict of ``res.partner`` to ``res.partner``, elevated
        """
        # Whoever works on contacts need not see all that belong to them.
        family_sudo = self.sudo().with_context(active_test=False)
        family_sudo = family_sudo.search([("id", "child_of", self.ids)])
        return {partner: partner.commercial_partner_id for partner in family_sudo}

    def _dunning_get_family_items(self, family):
        """Return the open items of partners.

        :param family: see :meth:`_dunning_get_commercial`
        :return: dict of ``res.partner`` to ``account.move.line``
        """
        # Whoever works on contacts need not have rights on the ledger.
        items_sudo = self.env["account.move.line"].sudo()
        domain = self._dunning_get_open_domain()
        partners = self.env["res.partner"].union(*family)
        found_sudo = items_sudo.search([*domain, ("partner_id", "in", partners.ids)])
        return found_sudo.grouped("partner_id")

    def _dunning_follow_commercial(self, former, items_sudo):
        """Have dunning follow partners that are contacts of others now.

        :param former: see :meth:`_dunning_get_commercial`, before
        :param items_sudo: see :meth:`_dunning_get_family_items`, before
        """
        for partner_sudo, before_sudo in former.items():
            now_sudo = partner_sudo.commercial_partner_id
            if now_sudo == before_sudo:
                continue
            own_sudo = items_sudo.get(partner_sudo, self.env["account.move.line"])
            if before_sudo == partner_sudo:
                partner_sudo._dunning_join(now_sudo, own_sudo)
            own_sudo._dunning_ledger_changed(moved=True)
            (now_sudo | before_sudo)._dunning_refresh()

    def _dunning_join_commercial(self):
        """Have what is kept of partners that are contacts go to their customers."""
        # Whoever merges contacts need not have rights on dunning.
        for partner_sudo in self.sudo():
            if partner_sudo.commercial_partner_id != partner_sudo:
                items_sudo = partner_sudo._dunning_get_family_items([partner_sudo])
                own_sudo = items_sudo.get(partner_sudo, self.env["account.move.line"])
                customer_sudo = partner_sudo.commercial_partner_id
                partner_sudo._dunning_join(customer_sudo, own_sudo)

    def _dunning_join(self, customer, items):
        """Hand over to another customer what is kept of this one.

        :param customer: ``res.partner`` of which this one is a contact now
        :param items: the open items that this one brings along
        """
        self.ensure_one()
        following = self.with_context(**FOLLOWING_CONTEXT).env
        records = {
            name: following[name].search([("partner_id", "=", self.id)])
            for name in CUSTOMER_MODELS
        }
        companies = following["res.company"].union(
            *(found.company_id for found in records.values())
        )
        (self | customer)._dunning_plan_anew()
        (self | customer)._dunning_become_one()
        for company in companies | self._dunning_get_companies_of_settings():
            alone = not customer._dunning_owes_beside(items, company)
            if not alone:
                holds = records["dunning.hold"].filtered(
                    lambda hold, company=company: (
                        hold.company_id == company
                        and hold.state == "active"
                        and hold.scope == "customer"
                    )
                )
                self._dunning_narrow(holds, items)
            self._dunning_hand_over_settings(customer, company, alone)
        for found in records.values():
            self._dunning_hand_over(found, customer)
        for company in companies:
            customer._dunning_discreetly(company)._message_log(
                body=self.env._(
                    "%s is a contact of this customer now: its dunning goes on here.",
                    self.display_name,
                )
            )

    def _dunning_become_one(self) -> None:
        """Leave once, of several customers that are about to be one, what a customer
        has once. Override where the database refuses a second one."""

    def _dunning_plan_anew(self):
        """Cancel what was planned for each of several customers who are one now: it
        would be two contacts with one customer. The next run plans it anew; what was
        cancelled for the sake of it does not take its place."""
        # Whoever merges contacts need not have rights on dunning.
        actions_sudo = self.env["dunning.action"].sudo()
        planned_sudo = actions_sudo.search(
            [
                ("partner_id", "in", self.ids),
                ("kind", "in", ("step", "follow_up")),
                "|",
                ("state", "in", OPEN_STATES),
                ("cancel_cause", "in", REPLACED_CAUSES),
            ]
        )
        groups = planned_sudo._leave_out_settled().grouped("company_id")
        for planned_sudo in groups.values():
            open_sudo = planned_sudo.filtered(lambda x: x.state in OPEN_STATES)
            if len(open_sudo.partner_id) > 1:
                planned_sudo._cancel("merged")

    @api.model
    def _dunning_hand_over(
        self, records: models.BaseModel, customer: models.BaseModel
    ) -> None:
        """Write whose records these are: neither what was done nor its amounts change,
        so the protection of what is done is passed by on purpose."""
        if not records:
            return
        records.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET partner_id = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                customer.id,
                records.ids,
            )
        )
        records.invalidate_recordset(["partner_id"], flush=False)
        records.modified(["partner_id"])
        (customer | self).invalidate_recordset(
            ["dunning_action_ids", "dunning_hold_ids"], flush=False
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT CONCERNED THE WHOLE CUSTOMER
    # ------------------------------------------------------------------

    def _dunning_owes_beside(
        self, items: models.BaseModel, company: models.BaseModel
    ) -> bool:
        """Return whether the customer owes something besides these items."""
        domain = [
            *self._dunning_get_open_domain(),
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "=", self.id),
            ("id", "not in", items.ids),
        ]
        return bool(self.env["account.move.line"].search_count(domain, limit=1))

    def _dunning_narrow(self, holds, items):
        """Have holds on the whole customer cover what this one has brought along: the
        customer of which it is a contact now owes more than that."""
        for hold in holds:
            covered = items.filtered(
                lambda item, hold=hold: (
                    item.company_id == hold.company_id
                    and (not hold.amount or item.currency_id == hold.currency_id)
                )
            )
            if covered:
                hold.move_line_ids = covered
                text = self.env._(
                    "%s is a contact of another customer now: the hold covers the "
                    "items that it has brought along.",
                    self.display_name,
                )
            else:
                hold._end()
                text = self.env._(
                    "Released: %s owes nothing, and is a contact of another customer "
                    "now.",
                    self.display_name,
                )
            hold._message_log(body=text)

    def _dunning_get_companies_of_settings(self):
        """Return the companies that have settings of their own for this customer."""
        self.flush_recordset(SETTINGS)
        columns = SQL(", ").join(
            SQL("(%s)", SQL.identifier("res_partner", name)) for name in SETTINGS
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT key::int
                  FROM res_partner
            CROSS JOIN LATERAL (VALUES %s) AS setting(value)
            CROSS JOIN LATERAL JSONB_OBJECT_KEYS(setting.value) AS key
                 WHERE res_partner.id = %s
                """,
                columns,
                self.id,
            )
        )
        return self.env["res.company"].browse(id_ for (id_,) in rows).exists()

    def _dunning_hand_over_settings(self, customer, company, alone):
        """Give the customer the settings of this one where it has none, as if they
        were merged, unless it owes something else: that is dunned as before.

        :param alone: whether it does not
        """
        own, theirs = self.with_company(company), customer.with_company(company)
        names = [name for name in SETTINGS if own[name] and own[name] != theirs[name]]
        if not customer._dunning_is_own_contact(own.dunning_contact_id):
            # A stranger is nobody's dunning contact, and refuses nobody's work.
            names = [name for name in names if name != "dunning_contact_id"]
        if alone:
            theirs.write(
                {
                    name: self._fields[name].convert_to_write(own[name], own)
                    for name in names
                    if not theirs[name]
                }
            )
        names = [name for name in names if own[name] != theirs[name]]
        if names:
            labels = self.fields_get(names, ["string"])
            customer._dunning_discreetly(company)._message_log(
                body=self.env._(
                    "The dunning settings of %(contact)s in %(company)s do not apply "
                    "any more: %(settings)s.",
                    contact=self.display_name,
                    company=company.name,
                    settings=", ".join(labels[name]["string"] for name in names),
                )
            )
