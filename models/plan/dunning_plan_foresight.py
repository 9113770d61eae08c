from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.plan import STEP
from .dunning_plan import PlanScope


class ForeseenItem(NamedTuple):
    """An item of which a contact speaks, and what it leaves to pay.

    :param level_id: to which the contact brings it, None when it is only listed
    :param residual: in its currency; ``residual_company`` in that of the company
    :param withheld: what was kept out of it when the plan was asked last
    """

    id: int
    level_id: int | None
    currency_id: int
    date_due: date | None
    residual: float
    residual_company: float
    withheld: float


class ForeseenContact(NamedTuple):
    """A contact of which nothing has changed but what its items leave to pay.

    :param key: what it is known by
    :param kind: what it comes from
    :param items: those that leave something; empty where more may have changed
    """

    key: int
    partner_id: int
    kind: str
    items: Sequence[ForeseenItem] = ()


class DunningPlan(models.AbstractModel):
    """What the plan says after payments that leave the rest as it was.

    Most payments take items off a contact, and that is all: the plan would say of the
    others what it has said before. Asking it takes longer than all the rest, so that
    it is asked only where the payment may have changed its mind.

    No rule is written again here: each is replaced by something that implies it. The
    plan decides by the total of the customer nowhere but for the scenario, the
    minimum, and what credits and holds cover. Where no scenario is chosen by amounts,
    none of a contact's items is withheld, and they alone are above every minimum and
    what is deducted, its answer cannot change.
    """

    _inherit = "dunning.plan"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _foresee(
        self, company: models.BaseModel, day: date, contacts: Iterable[ForeseenContact]
    ) -> dict[int, dict[int, dict]]:
        """Say what the plan would say of the items of contacts, if these did not exist,
        where that is evident.

        :param company: ``res.company``
        :param day: on which the contacts are judged
        :param contacts: all of their customers that are judged on that day
        :return: dict of key to dict of journal item id to row of the plan
        """
        rules = self._get_scenario_rules(company)
        if any(rule.amount_from or rule.amount_to for rule in rules):
            return {}
        minimum = max((rule.minimum_amount for rule in rules), default=0)
        by_partner = defaultdict(list)
        for contact in contacts:
            by_partner[contact.partner_id].append(contact)
        calm = {
            partner_id: of_customer
            for partner_id, of_customer in by_partner.items()
            if all(self._is_claimed_in_full(x, company, day) for x in of_customer)
        }
        deducted = self._get_deducted(company, day, list(calm))
        return {
            contact.key: self._get_foreseen_rows(contact, day, deducted[partner_id])
            for partner_id, of_customer in calm.items()
            if all(
                self._exceeds(x, minimum + deducted[partner_id], company)
                for x in of_customer
            )
            for contact in of_customer
        }

    @api.model
    def _is_claimed_in_full(self, contact, company, day):
        """Return whether a contact is about overdue items in company currency that are
        claimed in full."""
        return bool(contact.items) and all(
            item.date_due
            and item.date_due < day
            and item.currency_id == company.currency_id.id
            and not item.withheld
            for item in contact.items
        )

    @api.model
    def _exceeds(self, contact, amount, company):
        """Return whether the items of a contact leave more to pay than an amount in
        company currency."""
        left = sum(item.residual_company for item in contact.items)
        return company.currency_id.compare_amounts(left, amount) > 0

    @api.model
    def _get_deducted(self, company, day, partner_ids):
        """Return what is deducted on a day from the items of customers.

        :return: dict of partner id to amount in company currency
        """
        deducted = defaultdict(float)
        if partner_ids:
            # Each payment waits, and else what is written in part is written twice.
            self.env.flush_all()
            scope = company._dunning_scope(day, partners=partner_ids)
            if not self._may_be_deducted(scope):
                return deducted
            query = self._get_deduction_query(scope)
            for partner_id, currency_id, credit, held in self.env.execute_query(query):
                if currency_id == company.currency_id.id:
                    deducted[partner_id] = float(credit + held)
        return deducted

    @api.model
    def _may_be_deducted(self, scope: PlanScope) -> bool:
        """Return whether there is anything that may be deducted from the items of
        customers: most have nothing, which is found out more quickly than what to
        deduct.

        :param scope: with the customers
        """
        parent_ids = self.env["res.company"]._dunning_get_parent_ids(scope.company)
        contacts = SQL(
            """
            ANY(ARRAY(
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)
            ))
            """,
            scope.partners,
        )
        [(found,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                           SELECT FROM account_move_line line
                            WHERE %(is_open)s
                              AND line.partner_id = %(contacts)s
                              AND line.amount_residual_currency < 0
                       )
                    OR EXISTS (
                           SELECT FROM dunning_hold hold
                            WHERE %(hold)s
                              AND hold.scope = 'customer'
                              AND hold.partner_id = ANY(%(partners)s)
                       )
                    OR EXISTS (
                           SELECT FROM account_payment
                            WHERE partner_id = %(contacts)s
                              AND move_id IS NULL
                              AND state = 'in_process'
                              AND payment_type = 'inbound'
                       )
                    OR EXISTS (
                           SELECT
                             FROM account_move_line line
                             JOIN account_move__account_payment rel
                               ON rel.invoice_id = line.move_id
                             JOIN account_payment payment
                               ON payment.id = rel.payment_id
                            WHERE %(is_open)s
                              AND line.partner_id = %(contacts)s
                              AND payment.move_id IS NULL
                       )
                """,
                is_open=self._get_is_open_in_sql([scope.company.id, *parent_ids]),
                contacts=contacts,
                hold=self._get_active_hold_sql(scope),
                partners=scope.partners,
            )
        )
        return found

    @api.model
    def _get_foreseen_rows(self, contact, day, deducted):
        """Return the rows of the plan for the items of a contact.

        :param deducted: amount that is deducted from the customer's items
        """
        return {
            item.id: {
                "id": item.id,
                "partner_id": contact.partner_id,
                "currency_id": item.currency_id,
                "date_due": item.date_due,
                "days_late": (day - item.date_due).days,
                "residual": item.residual,
                "residual_company": item.residual_company,
                "withheld": 0,
                "claim": item.residual_company,
                "deduction_company": deducted,
                "level_id": item.level_id,
                "level_due": True,
                "heard_tone": 0,
                "decision": STEP,
                "reason": "last_level" if contact.kind == "follow_up" else None,
                "listed": True,
            }
            for item in contact.items
        }
