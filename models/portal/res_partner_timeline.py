from datetime import datetime

from odoo import fields, models
from odoo.tools import SQL, format_date


class ResPartner(models.Model):
    """Visits of the customer's own page in the timeline, and what was asked for."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        tables = {
            "portal_visit": "dunning_portal_visit",
            "portal_request": "dunning_portal_request",
        }
        return [
            *super()._dunning_get_entry_queries(),
            *(
                SQL(
                    """
                    SELECT %s, id, date, ARRAY['contact']
                      FROM %s
                     WHERE partner_id = %s AND company_id = %s
                    """,
                    source,
                    SQL.identifier(table),
                    self.id,
                    self.env.company.id,
                )
                for source, table in tables.items()
            ),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_tellers() | {
            "portal_visit": self._dunning_tell_visits,
            "portal_request": self._dunning_tell_requests,
        }

    def _dunning_tell_visits(self, ids):
        visits = self.env["dunning.portal.visit"].browse(ids)
        return {
            visit.id: {
                "date": self._dunning_tell_day(visit.date),
                "icon": "fa-eye",
                "channel": self.env._("Customer's page"),
                "title": self.env._("Looked at the statement of account"),
                "text": self._dunning_tell_way(visit),
                "who": visit._get_who(),
                "model": False,
                "res_id": False,
            }
            for visit in visits
        }

    def _dunning_tell_requests(self, ids):
        requests = self.env["dunning.portal.request"].browse(ids)
        return {
            request.id: {
                "date": self._dunning_tell_day(request.date),
                "icon": "fa-hand-o-right",
                "channel": self.env._("Customer's page"),
                "title": request._get_own_title(),
                "text": request.text,
                "reason": self._dunning_tell_way(request),
                "who": request._get_who(),
                "model": "dunning.portal.request",
                "res_id": request.id,
                "muted": request.state != "done" and self.env._("Not confirmed"),
            }
            for request in requests
        }

    def _dunning_tell_day(self, moment: datetime) -> str:
        """Return the day of a moment, where the user is."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        return format_date(self.env, day)

    def _dunning_tell_way(self, record):
        """Return by which way somebody came to the page, unless their name tells it."""
        if record._get_who():
            return False
        return self.env._("By the link of an e-mail or letter, without login")
