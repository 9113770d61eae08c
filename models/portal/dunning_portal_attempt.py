from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

# What is sent from a page in an hour of the clock, for a customer and from an address.
MOST_OF_CUSTOMER, MOST_OF_ADDRESS = 30, 60
# What is to be confirmed by e-mail, for a customer and to an address: nobody is
# flooded.
MOST_MAILS = 8
KEPT = timedelta(days=2)


class DunningPortalAttempt(models.Model):
    """How many forms were sent from customers' pages in an hour, whatever became of
    them: whoever sends too many has to wait. Who sent them is kept as a hash, two days
    long.

    One row counts for all transactions: of two at once, the second waits for the first,
    cannot go on with what it saw before, and is tried again by Odoo.
    """

    _name = "dunning.portal.attempt"
    _description = "Forms Sent from a Customer's Page"
    _inherit = ["dunning.protected"]
    _log_access = False
    _rec_name = "kind"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    kind = fields.Char(
        required=True,
        readonly=True,
        help="form, own (of who is logged in), payment, or mail",
    )
    subject = fields.Char(
        required=True, readonly=True, help="Customer or address, hashed."
    )
    date = fields.Datetime(required=True, readonly=True, help="Begin of the hour.")
    number = fields.Integer(required=True, readonly=True)

    _subject_uniq = models.UniqueIndex("(kind, subject, date)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _count(
        self, customer_sudo: models.BaseModel, address: str, kind: str = "form"
    ) -> bool:
        """Note that something was sent, and return whether that is not too much.

        :param address: from which it came
        :param kind: each is counted by itself: ``form``, ``own`` for forms of who is
            logged in, ``payment``, or ``mail`` for what has an e-mail written
        :raise SerializationFailure: another transaction has counted meanwhile; the
            request is to be tried again, as Odoo does
        """
        # The same secret as for all that the database signs.
        env_sudo = self.sudo().env
        most = {
            hmac(env_sudo, self._name, subject): limit
            for subject, limit in self._get_limits(customer_sudo, address, kind)
        }
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        # Always in the same order, lest two transactions wait for each other.
        rows = [SQL("(%s, %s, %s, 1)", kind, subject, hour) for subject in most]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_portal_attempt AS attempt
                            (kind, subject, date, number)
                     VALUES %s
                ON CONFLICT (kind, subject, date)
                  DO UPDATE SET number = attempt.number + 1
                  RETURNING subject, number
                """,
                SQL(", ").join(rows),
            ),
            log_exceptions=False,
        )
        return all(
            number <= most[subject] for subject, number in self.env.cr.fetchall()
        )

    def _get_limits(self, customer_sudo, address, kind):
        """Return what is counted and how much of each is not too much, the customer
        first."""
        customer = f"customer {customer_sudo.id}"
        if kind != "mail":
            limits = [(customer, MOST_OF_CUSTOMER)]
            # Who is logged in is known: behind one address there may be many.
            if kind != "own":
                limits.append((f"address {address or ''}", MOST_OF_ADDRESS))
            return limits
        limits = [(customer, MOST_MAILS)]
        # Several customers may have the same address.
        requests = self.env["dunning.portal.request"]
        if recipient := requests._find_address(customer_sudo):
            limits.append((f"recipient {recipient}", MOST_MAILS))
        return limits

    @api.autovacuum
    def _gc_attempts(self):
        since = fields.Datetime.now() - KEPT
        self.env.cr.execute(
            SQL("DELETE FROM dunning_portal_attempt WHERE date < %s", since)
        )
