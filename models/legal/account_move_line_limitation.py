from collections import defaultdict

from odoo import models
from odoo.tools import SQL, format_date

from ...tools.closing import PAID
from ...tools.limitation import Limitation, get_limitation


class AccountMoveLine(models.Model):
    """Until when items can be claimed before a court."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_limitation_date(self) -> dict[int, Limitation | None]:
        """Return the last day on which each item can be claimed, with its ground.

        :return: dict of item id to :class:`Limitation`, None where no law is known for
            its customer, or it has no due date
        """
        events = self._dunning_get_acknowledged()
        limits = self.env["dunning.legal.limit"]
        known, found = {}, {}
        for line in self:
            customer = line.partner_id.commercial_partner_id
            # What a customer is before the law does not depend on who asks.
            kind = customer.sudo().dunning_customer_kind
            company = line.company_id
            country = customer.country_id or company.country_id
            due = line.date_maturity
            key = company, country, kind
            if key not in known:
                known[key] = limits._get_limits(*key)
            years = known[key]._choose(due).limitation_years if due else 0
            found[line.id] = (
                get_limitation(due, years, events[line.id]) if years else None
            )
        return found

    def _dunning_get_acknowledged(self) -> dict:
        """Return what acknowledged the items: dict of id to list of day and ground."""
        events = defaultdict(list)
        if not self.ids:
            return events
        self.env["dunning.promise"].flush_model()
        self.env["dunning.acknowledgement"].flush_model()
        promised = self.env["dunning.promise"]._fields["move_line_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, partial.max_date, 'payment'
                  FROM %(matching)s
                 WHERE matched.kind = %(paid)s
                   AND partial.debit_amount_currency != 0
             UNION ALL
                SELECT rel.%(line)s, promise.date_accepted, 'promise'
                  FROM dunning_promise promise
                  JOIN %(relation)s rel ON rel.%(promise)s = promise.id
                 WHERE promise.date_accepted IS NOT NULL
                   AND rel.%(line)s = ANY(%(ids)s)
             UNION ALL
                SELECT rel.line_id, act.date, 'act'
                  FROM dunning_acknowledgement act
                  JOIN dunning_acknowledgement_line_rel rel
                    ON rel.acknowledgement_id = act.id
                  JOIN account_move_line line ON line.id = rel.line_id
                  JOIN res_partner contact ON contact.id = line.partner_id
                 WHERE rel.line_id = ANY(%(ids)s)
                   AND contact.commercial_partner_id = act.partner_id
                """,
                matching=self._dunning_get_matching_sql(),
                paid=PAID,
                relation=SQL.identifier(promised.relation),
                promise=SQL.identifier(promised.column1),
                line=SQL.identifier(promised.column2),
                ids=self.ids,
            )
        )
        for id_, day, ground in rows:
            events[id_].append((day, ground))
        return events

    def _dunning_tell_limitation(self, found) -> str:
        """Return a limitation in words.

        :param found: :class:`Limitation`, or None
        """
        if not found:
            return self.env._(
                "No limitation is known for this customer: a credit manager enters it "
                "in Configuration > Time Limits by Law."
            )
        grounds = {
            "due": self.env._("the due date"),
            "payment": self.env._("a payment"),
            "promise": self.env._("a promise that the customer accepted"),
            "act": self.env._("an acknowledgement"),
        }
        return self.env._(
            "Time-barred after %(date)s: %(years)s years from %(ground)s of %(start)s",
            date=format_date(self.env, found.date),
            years=found.years,
            ground=grounds[found.ground],
            start=format_date(self.env, found.start),
        )
