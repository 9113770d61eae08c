from datetime import timedelta

from ..common import DunningCommon


class RiskCommon(DunningCommon):
    """Customers with a history: invoices that were paid so many days late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["dunning.profile"]

    @classmethod
    def _pay_late(cls, partner, *delays, amount=100.0, first=-200):
        """Create invoices that were paid so many days after their due dates, one due
        every seven days from a day on."""
        for number, delay in enumerate(delays):
            due = cls._day(first) + timedelta(days=7 * number)
            invoice = cls._create_invoice(partner, due, amount)
            cls._pay(invoice, date=due + timedelta(days=delay))

    def _profile(self, partner=None, company=None):
        """Return the profile as it is now, empty for a customer without any."""
        partner = partner or self.customer
        self.env.flush_all()
        company = company or self.company
        return self.profiles._read_current(company, partner).get(partner.id, {})

    def _refresh(self):
        """Write all profiles, as each night."""
        self.profiles._refresh(self.company)
        self.env.invalidate_all()

    def _kept(self, partner=None):
        """Return the profile that is written down."""
        self.env.invalidate_all()
        return self.profiles.search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", self.company.id),
            ]
        )
