from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.dates import shift
from ...tools.words import MANAGERS

ACTIVITY_RATE = "account_dunning.activity_type_rate"


class DunningRate(models.Model):
    """Managers are told once when a period begins without its rate: on the last rate
    before it, or on the one whose reference is missing."""

    _inherit = "dunning.rate"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # The system's own: of which day without a rate the managers know.
    date_told = fields.Date(readonly=True, copy=False)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what was asked for has come
        rates = super().create(vals_list)
        rates._finish_activities()
        return rates

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if {"date_from", "date_to", "reference", "reference_missing"} & vals.keys():
            self._finish_activities()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _tell_missing(self, company, day) -> None:
        """Give each manager of a company one activity for each rate that is missing
        on a day and is that of somebody who owes something.

        :param company: whose customers are looked at
        :param day: usually today
        """
        for rate in self._find_missing(company, day):
            start = rate.date_from if rate.reference_missing else shift(rate.date_to, 1)
            if rate.date_told != start:
                rate.date_told = start
                rate._schedule_entry(company, start)

    @api.model
    def _find_missing(self, company, day):
        """Return the rates whose reference, or what follows on them, is missing on a
        day for somebody who owes something.

        :param company: whose customers are looked at
        """
        last = self.browse()
        for country, kind in self._get_needed(company):
            rates = self._get_applicable(company, country, kind)
            holding = rates.filtered(lambda r: r.date_from <= day <= r.date_to)[-1:]
            if holding and not holding.reference_missing:
                continue
            last |= (
                holding
                or rates.filtered(lambda r: r.date_to < day).sorted("date_to")[-1:]
            )
        return last

    @api.model
    def _get_needed(self, company) -> list:
        """Return the countries and kinds of the customers with open items, as pairs of
        ``res.country`` and kind."""
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT COALESCE(customer.country_id, %(country)s),
                       %(kind)s
                  FROM (
                           SELECT DISTINCT line.partner_id
                             FROM account_move_line line
                            WHERE line.reconciled IS NOT TRUE
                              AND line.account_id = ANY(%(accounts)s)
                              AND line.company_id = %(company)s
                              AND line.parent_state = 'posted'
                       ) owing
                  JOIN res_partner partner ON partner.id = owing.partner_id
                  JOIN res_partner customer
                    ON customer.id = partner.commercial_partner_id
                """,
                country=company.country_id.id or None,
                kind=self.env["res.partner"]._dunning_get_kind_sql("customer"),
                accounts=list(self.env["dunning.ledger"]._get_account_ids()),
                company=company.id,
            )
        )
        countries = self.env["res.country"]
        return [(countries.browse(id_), kind) for id_, kind in rows if id_]

    def _schedule_entry(self, company, start):
        """Ask the managers of a company for the rate from a day on."""
        self.ensure_one()
        group = self.env.ref(MANAGERS)
        managers = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        for user in managers - self.env.ref("base.user_root"):
            asked = self.with_context(lang=user.lang)
            env = asked.env
            asked.activity_schedule(
                ACTIVITY_RATE,
                start,
                user_id=user.id,
                summary=env._(
                    "No rate from %(date)s on: %(rate)s",
                    date=format_date(env, start),
                    rate=asked.name,
                ),
            )

    @api.model
    def _finish_activities(self):
        """Take back what managers were asked for and has been entered: on the rate
        itself, or beside one that all share for each company in which they work."""
        # Who enters a rate need not be the one who was asked.
        asked_sudo = self.sudo().search(
            [("activity_ids.activity_type_id", "=", self.env.ref(ACTIVITY_RATE).id)]
        )
        for rate_sudo in asked_sudo.filtered("date_told"):
            users = rate_sudo.activity_ids.user_id
            lacking = users.company_ids.filtered(
                lambda company, rate=rate_sudo: (
                    rate in rate._find_missing(company, rate.date_told)
                )
            )
            for user in users.filtered(lambda u, own=lacking: not u.company_ids & own):
                rate_sudo.activity_unlink([ACTIVITY_RATE], user_id=user.id)
