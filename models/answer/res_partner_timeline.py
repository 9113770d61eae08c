from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Answers about disputes in the timeline."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            SQL(
                """
                SELECT 'dispute_answer', answer.id, answer.date, ARRAY['contact']
                  FROM dunning_dispute_answer answer
                  JOIN dunning_dispute dispute ON dispute.id = answer.dispute_id
                 WHERE dispute.partner_id = %s AND dispute.company_id = %s
                """,
                self.id,
                self.env.company.id,
            ),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_tellers() | {
            "dispute_answer": self._dunning_tell_answers
        }

    def _dunning_tell_answers(self, ids):
        answers = self.env["dunning.dispute.answer"].browse(ids)
        return {
            answer.id: {
                "date": self._dunning_tell_day(answer.date),
                "icon": "fa-reply",
                "channel": self.env._("Customer's page"),
                "title": self.env._(
                    "Answered about %s", ", ".join(answer.dispute_id._get_numbers())
                ),
                "text": answer.text,
                "who": answer.user_id.name,
                "model": "dunning.dispute",
                "res_id": answer.dispute_id.id,
            }
            for answer in answers
        }
