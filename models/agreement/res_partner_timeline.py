from collections.abc import Callable
from functools import partial

from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Promises and disputes in the timeline. The holds that they write are not told."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_agreement_query(self, kind: str) -> SQL:
        """Return SQL selecting the entries of promises or disputes: each is told when
        it was made, and again when it came to its end.

        :param kind: ``promise`` or ``dispute``
        """
        return SQL(
            """
            SELECT %(kind)s, id, date + create_date::time, ARRAY[%(kind)s]
              FROM %(table)s
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND date IS NOT NULL
             UNION ALL
            SELECT %(end)s, id, date_closed + write_date::time, ARRAY[%(kind)s]
              FROM %(table)s
             WHERE partner_id = %(partner)s
               AND company_id = %(company)s
               AND date_closed IS NOT NULL
            """,
            kind=kind,
            end=f"{kind}_end",
            table=SQL.identifier(f"dunning_{kind}"),
            partner=self.id,
            company=self.env.company.id,
        )

    def _dunning_get_agreement_tellers(
        self, kind: str, tell: Callable, tell_end: Callable
    ) -> dict:
        """Return who tells the entries of :meth:`_dunning_get_agreement_query`.

        :param tell: takes a record, and returns what there is to say when it is made
        :param tell_end: the same, of its end
        """
        told = partial(self._dunning_tell_agreements, f"dunning.{kind}")
        return {kind: partial(told, tell), f"{kind}_end": partial(told, tell_end)}

    def _dunning_tell_agreements(self, model, tell, ids):
        """Return what is told of promises or disputes: dict of id to entry.

        :param model: which of them
        :param tell: takes a record, and returns what there is to say of it
        """
        entries = {}
        for record in self.env[model].browse(ids):
            told = tell(record)
            reason = record._get_reason_beside(told.get("text"))
            entries[record.id] = {
                **told,
                "reason": reason,
                "model": model,
                "res_id": record.id,
            }
        return entries
