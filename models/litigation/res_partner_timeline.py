from odoo import models
from odoo.tools import SQL, format_amount, format_date


class ResPartner(models.Model):
    """Litigations in the timeline: each is told when it was made and when it ended, and
    so is each act in between."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            self._dunning_get_agreement_query("litigation"),
            SQL(
                """
                SELECT 'act', act.id, act.date + act.create_date::time,
                       ARRAY['litigation']
                  FROM dunning_litigation_act act
                  JOIN dunning_litigation litigation
                    ON litigation.id = act.litigation_id
                 WHERE litigation.partner_id = %s AND litigation.company_id = %s
                """,
                self.id,
                self.env.company.id,
            ),
            # What is still to be done stands on top, on the day by which it is.
            SQL(
                """
                SELECT 'deadline', deadline.id, deadline.date::timestamp,
                       ARRAY['litigation']
                  FROM dunning_litigation_deadline deadline
                  JOIN dunning_litigation litigation
                    ON litigation.id = deadline.litigation_id
                 WHERE litigation.partner_id = %s AND litigation.company_id = %s
                   AND litigation.date_closed IS NULL
                   AND deadline.met_act_id IS NULL
                   AND deadline.is_dropped IS NOT TRUE
                """,
                self.id,
                self.env.company.id,
            ),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        return (
            super()._dunning_get_tellers()
            | self._dunning_get_agreement_tellers(
                "litigation",
                self._dunning_tell_litigation,
                self._dunning_tell_litigation_end,
            )
            | {
                "act": self._dunning_tell_acts,
                "deadline": self._dunning_tell_deadlines,
            }
        )

    def _dunning_tell_litigation(self, litigation):
        kinds = dict(litigation._fields["kind"]._description_selection(self.env))
        return {
            "date": format_date(self.env, litigation.date),
            "icon": "fa-university",
            "channel": kinds[litigation.kind],
            "title": self._dunning_tell_litigated(litigation),
            "text": litigation.note,
            "amount": format_amount(
                self.env, litigation.amount, litigation.currency_id
            ),
            "who": litigation.create_uid.name,
            "tone": "formal",
        }

    def _dunning_tell_litigation_end(self, litigation):
        stages = dict(litigation._fields["state"]._description_selection(self.env))
        return {
            "date": format_date(self.env, litigation.date_closed),
            "icon": "fa-university",
            "channel": self.env._("Litigation closed"),
            "title": stages[litigation.state],
            "text": litigation.decision,
            "amount": format_amount(
                self.env, litigation.recovered, litigation.currency_id
            ),
            "who": litigation.closed_user_id.name,
            "tone": None,
        }

    def _dunning_tell_litigated(self, litigation):
        numbers = litigation.move_ids.mapped("name")
        told = self._dunning_tell_matched(numbers) if numbers else ""
        return " – ".join(filter(None, (litigation.agent_id.name, told)))

    def _dunning_tell_acts(self, ids):
        kinds = dict(
            self.env["dunning.litigation.act"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return {
            act.id: {
                "date": format_date(self.env, act.date),
                "icon": "fa-gavel",
                "channel": kinds[act.kind],
                "title": act.litigation_id.agent_id.name,
                "text": act.note,
                "reason": False,
                "amount": act.cost
                and format_amount(self.env, act.cost, act.currency_id),
                "who": act.create_uid.name,
                "model": "dunning.litigation",
                "res_id": act.litigation_id.id,
                "muted": act.is_cancelled and self.env._("Cancelled"),
                "tone": None,
            }
            for act in self.env["dunning.litigation.act"].browse(ids)
        }

    def _dunning_tell_deadlines(self, ids):
        states = dict(
            self.env["dunning.litigation.deadline"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        return {
            deadline.id: {
                "date": format_date(self.env, deadline.date),
                "icon": "fa-hourglass-half",
                "channel": self.env._("Legal deadline"),
                "title": deadline.name,
                "text": states[deadline.state],
                "reason": False,
                "amount": False,
                "who": deadline.litigation_id.user_id.name,
                "model": "dunning.litigation",
                "res_id": deadline.litigation_id.id,
                "muted": False,
                "tone": "formal" if deadline.state == "missed" else "firm",
            }
            for deadline in self.env["dunning.litigation.deadline"].browse(ids)
        }
