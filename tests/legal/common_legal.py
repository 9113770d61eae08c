from datetime import date as Date

from odoo import Command

from ..common import DunningCommon


class LegalCommon(DunningCommon):
    """A French company that sells to a business, and is paid late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.company.country_id = cls.france
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.business = cls._create_business("Business")

    @classmethod
    def _create_business(cls, name="Business", **values):
        return cls._create_customer(
            name, is_company=True, country_id=cls.france.id, **values
        )

    @classmethod
    def _create_late_invoice(cls, due="2025-05-31", amount=10_000.0, **values):
        values.setdefault("partner", cls.business)
        return cls._create_invoice(due=due, amount=amount, **values)

    def _get_interest(self, moves, date="2025-12-31", **options):
        """Return the interest on the items of entries, as days and amounts."""
        found = self._items(moves)._dunning_interest(
            Date.fromisoformat(date), **options
        )
        return [
            (period.days, period.base, round(period.rate, 4), period.amount)
            for id_ in self._items(moves).ids
            for period in found[id_]
        ]


class PenaltyCommon(LegalCommon):
    """An invoice that was paid late, and what is owed for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_late_invoice()
        cls._pay(cls.invoice, date="2025-09-15")
        cls.reason = cls.env.ref("account_dunning.reason_price")

    def _open(self, partners=None, date="2025-12-31", user=None, company=None):
        """Open the dialog and have it show what is owed."""
        env = self.env(user=user or self.collector)
        partners = self.business if partners is None else partners
        dialog = env["dunning.penalty.claim"].create(
            {
                "company_id": (company or self.company).id,
                "date": date,
                "partner_ids": [Command.set(partners.ids)],
            }
        )
        dialog.action_fill()
        return dialog

    def _claim(self, **options):
        """Claim all that is owed.

        :return: the penalties
        """
        before = self.env["dunning.penalty"].search([])
        self._open(**options).action_claim()
        return self.env["dunning.penalty"].search([]) - before
