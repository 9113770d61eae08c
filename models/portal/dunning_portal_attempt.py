from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

# What is sent from a page in an hour, for a customer and from an address.
MOST_OF_CUSTOMER, MOST_OF_ADDRESS = 30, 60
# What is to be confirmed by e-mail: nobody is flooded.
MOST_MAILS = 8
HOUR, KEPT = timedelta(hours=1), timedelta(days=2)


class DunningPortalAttempt(models.Model):
    """A form that was sent from a customer's page, whatever became of it: whoever sends
    too many has to wait. Addresses of visitors are kept as a hash, two days long."""

    _name = "dunning.portal.attempt"
    _description = "Form Sent from a Customer's Page"
    _inherit = ["dunning.protected"]
    _log_access = False
    _rec_name = "kind"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # Numbers: what is forgotten in two days keeps no record from being deleted.
    partner_ref = fields.Integer(readonly=True, help="Number of the customer.")
    company_ref = fields.Integer(readonly=True, help="Number of the company.")
    address = fields.Char(readonly=True, help="Where it came from, hashed.")
    kind = fields.Char(required=True, readonly=True, help="form, or mail")
    date = fields.Datetime(required=True, readonly=True)

    _by_customer = models.Index("(partner_ref, date)")
    _by_address = models.Index("(address, date)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _count(
        self, customer_sudo: models.BaseModel, address: str, kind: str = "form"
    ) -> bool:
        """Note that something was sent, and return whether that is not too much.

        :param address: from which it came
        :param kind: ``form``, or ``mail`` for what has an e-mail written
        """
        # The same secret as for all that the database signs.
        attempts_sudo = self.sudo()
        hashed = hmac(attempts_sudo.env, self._name, address or "")
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_portal_attempt
                            (partner_ref, company_ref, address, kind, date)
                     VALUES (%s, %s, %s, %s, %s)
                """,
                customer_sudo.id,
                customer_sudo.env.company.id,
                hashed,
                kind,
                now,
            )
        )
        [[of_customer, of_address]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE partner_ref = %(partner)s),
                       COUNT(*) FILTER (WHERE address = %(address)s)
                  FROM dunning_portal_attempt
                 WHERE (partner_ref = %(partner)s OR address = %(address)s)
                   AND kind = %(kind)s
                   AND date > %(since)s
                """,
                partner=customer_sudo.id,
                address=hashed,
                kind=kind,
                since=now - HOUR,
            )
        )
        if kind == "mail":
            return of_customer <= MOST_MAILS
        return of_customer <= MOST_OF_CUSTOMER and of_address <= MOST_OF_ADDRESS

    @api.autovacuum
    def _gc_attempts(self):
        since = fields.Datetime.now() - KEPT
        self.env.cr.execute(
            SQL("DELETE FROM dunning_portal_attempt WHERE date < %s", since)
        )
