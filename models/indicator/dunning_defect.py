from collections.abc import Collection

from odoo import api, models
from odoo.tools import SQL

# What may be missing, in the order in which it is told.
DEFECTS = (
    "email",
    "bounced",
    "phone",
    "address",
    "terms",
    "contact",
    "registry",
    "lang",
)

# The same, what is found out most quickly first.
QUICK_FIRST = (
    "contact",
    "email",
    "phone",
    "terms",
    "address",
    "lang",
    "bounced",
    "registry",
)

# Where companies have a SIREN: France and its parts that have a code of their own.
SIREN_COUNTRIES = ("FR", "BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")

SIREN_LENGTH, SIRET_LENGTH = 9, 14

# What people type between digits: dots, and spaces of all widths.
SEPARATORS = "[\\s.\u00a0\u2007\u2009\u202f]"


class DunningDefect(models.AbstractModel):
    """What is missing about the customers who owe something, so that they can be
    reached and dunned as they should.

    How it works: one statement joins the figures of the customers to whom reminders go
    (the dunning contact, else the invoice address, else the customer), and each defect
    is a condition on its rows, the aliases ``partner, contact, country, last_mail``.
    """

    _name = "dunning.defect"
    _description = "Missing about a Customer"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_labels(self):
        """Return what is said to people for each defect."""
        return {
            "email": self.env._("E-mail"),
            "bounced": self.env._("E-mail that comes back"),
            "phone": self.env._("Phone"),
            "address": self.env._("Postal address"),
            "terms": self.env._("Payment terms"),
            "contact": self.env._("Dunning contact"),
            "registry": self.env._("SIREN"),
            "lang": self.env._("Language"),
        }

    @api.model
    def _get_query(self, partners=None) -> SQL:
        """Return SQL giving, for each customer of the current company with open items
        about whom something is missing: ``partner_id, due, overdue, defects`` (array).

        :param partners: only these customers, all by default
        """
        conditions = self._get_conditions()
        checks = SQL(", ").join(
            SQL("CASE WHEN %s THEN %s END", conditions[code], code) for code in DEFECTS
        )
        return SQL(
            """
            SELECT *
              FROM (
                       SELECT partner.id AS partner_id,
                              owed.due,
                              owed.overdue,
                              ARRAY_REMOVE(ARRAY[%(checks)s], NULL) AS defects
                         FROM %(owing)s
                       -- Checked once, and not taken for rare.
                       OFFSET 0
                   ) checked
             WHERE CARDINALITY(defects) > 0
            """,
            checks=checks,
            owing=self._get_owing_sql(partners),
        )

    @api.model
    def _get_partner_query(self, codes: Collection[str]) -> SQL:
        """Return SQL giving the customers about whom one of these is missing: a single
        column. Of the others nothing is checked, and no more than the first found.

        :param codes: of ``DEFECTS``
        """
        conditions = self._get_conditions()
        return SQL(
            "SELECT partner.id FROM %s AND (%s)",
            self._get_owing_sql(),
            SQL(" OR ").join(conditions[code] for code in QUICK_FIRST if code in codes),
        )

    @api.model
    def _get_owing_sql(self, partners=None) -> SQL:
        """Return the tables of which defects speak, and the condition that a customer
        owes something and is seen: what follows FROM.

        :param partners: only these customers, all by default
        """
        return SQL(
            """
            (%(owed)s) owed
            JOIN res_partner partner ON partner.id = owed.partner_id
            %(reached)s
            WHERE owed.owes
              AND %(visible)s
            """,
            owed=self.env["res.partner"]._dunning_get_figures_query(partners),
            visible=self.env.company._dunning_get_visible_sql("partner"),
            reached=self._get_reached_sql(),
        )

    @api.model
    def _get_reached_sql(self) -> SQL:
        """The joins from ``partner`` to whom reminders go (the rule of
        ``res.partner._dunning_get_contacts``), and to the last e-mail sent there."""
        # Whom a company writes to does not depend on who looks.
        partners_sudo = self.env["res.partner"].sudo()
        partners_sudo.flush_model()
        self.env["dunning.sending.recipient"].flush_model()
        company = self.env.company
        return SQL(
            """
            LEFT JOIN res_partner chosen
                   ON chosen.id = %(chosen)s
                  AND chosen.active
                  AND chosen.commercial_partner_id = partner.commercial_partner_id
                  AND (
                      chosen.company_id IS NULL
                      OR chosen.company_id = ANY(%(lineage)s)
                  )
            LEFT JOIN (
                          SELECT DISTINCT ON (parent_id) parent_id, id
                            FROM res_partner
                           WHERE type = 'invoice'
                             AND active
                             AND (company_id IS NULL OR company_id = ANY(%(lineage)s))
                        ORDER BY parent_id,
                                 ARRAY_POSITION(%(lineage)s, company_id)
                                     DESC NULLS LAST,
                                 id
                      ) address ON address.parent_id = partner.id
                 JOIN res_partner contact
                   ON contact.id = COALESCE(chosen.id, address.id, partner.id)
            LEFT JOIN res_country country ON country.id = partner.country_id
            LEFT JOIN (
                          SELECT DISTINCT ON (line.address) line.address, line.state
                            FROM dunning_sending_recipient line
                            JOIN dunning_sending sending ON sending.id = line.sending_id
                           WHERE line.address IN (
                                     SELECT address
                                       FROM dunning_sending_recipient
                                      WHERE state = 'bounced'
                                 )
                             AND line.state IN ('sent', 'bounced')
                             AND sending.company_id = %(company)s
                        ORDER BY line.address, line.id DESC
                      ) last_mail ON last_mail.address = contact.email_normalized
            """,
            chosen=partners_sudo._field_to_sql("partner", "dunning_contact_id"),
            lineage=list(company._dunning_get_lineage(company)),
            company=company.id,
        )

    @api.model
    def _get_conditions(self):
        """Return when each defect is there.

        :return: dict of code to SQL
        """
        # Only columns are named, no records read.
        partners_sudo = self.env["res.partner"].sudo()
        terms = partners_sudo._field_to_sql("partner", "property_payment_term_id")
        return {
            "email": SQL("contact.email_normalized IS NULL"),
            "bounced": SQL("last_mail.state = 'bounced'"),
            "phone": SQL("COALESCE(contact.phone, partner.phone, '') = ''"),
            "address": SQL(
                "NOT (%s OR %s)",
                self._get_address_sql(SQL("contact")),
                self._get_address_sql(SQL("partner")),
            ),
            "terms": SQL("%s IS NULL", terms),
            # A private person is who is written to.
            "contact": SQL("partner.is_company AND chosen.id IS NULL"),
            "registry": SQL(
                "partner.is_company AND country.code IN %s AND %s IS NOT TRUE",
                SIREN_COUNTRIES,
                self._get_siren_sql(SQL("partner.company_registry")),
            ),
            "lang": SQL(
                "NOT EXISTS (SELECT FROM res_lang lang"
                " WHERE lang.code = contact.lang AND lang.active)"
            ),
        }

    @api.model
    def _get_address_sql(self, partner: SQL) -> SQL:
        """Return the condition that a letter arrives at a partner: the rule of
        ``dunning.action._get_missing_in_address``."""
        return SQL(
            """
            (
                COALESCE(NULLIF(%(partner)s.street, ''), %(partner)s.street2, '') != ''
                AND COALESCE(%(partner)s.city, '') != ''
                AND (
                    COALESCE(%(partner)s.zip, '') != ''
                    OR EXISTS (
                        SELECT
                          FROM res_country
                         WHERE id = COALESCE(%(partner)s.country_id, %(country)s)
                           AND zip_required IS NOT TRUE
                    )
                )
            )
            """,
            partner=partner,
            # What is said of addresses does not depend on who looks.
            country=SQL("%s::integer", self.env.company.sudo().country_id.id or None),
        )

    # === The number of a French company === #

    @api.model
    def _get_siren_sql(self, number: SQL) -> SQL:
        """Return the condition that a text is a SIREN, or the SIRET of an
        establishment: 9 or 14 digits of which the last one checks the others.
        Establishments of La Poste have a rule of their own.

        Source: INSEE; ``stdnum.fr`` of python-stdnum, with which a test compares it.

        :param number: as people have typed it
        """
        digits = SQL("given.digits")
        return SQL(
            r"""
            (
                SELECT CASE WHEN (given.digits ~ '^(\d{9}|\d{14})$') IS NOT TRUE
                            THEN FALSE
                            WHEN NOT %(siren)s THEN FALSE
                            WHEN LENGTH(given.digits) = 9 THEN TRUE
                            WHEN given.digits ~ '^356000000'
                             AND given.digits != '35600000000048'
                            THEN %(la_poste)s
                            ELSE %(siret)s
                       END
                  FROM (
                           SELECT REGEXP_REPLACE(%(number)s, %(separators)s, '', 'g')
                                      AS digits
                       ) given
            )
            """,
            number=number,
            separators=SEPARATORS,
            siren=self._get_luhn_sql(digits, SIREN_LENGTH),
            siret=self._get_luhn_sql(digits, SIRET_LENGTH),
            la_poste=SQL("(%s) %% 5 = 0", self._get_digits_sql(digits, SIRET_LENGTH)),
        )

    @api.model
    def _get_luhn_sql(self, digits: SQL, length: int) -> SQL:
        """Return the condition that the last of the first digits checks the others:
        every second one from the right counts twice, less 9 when that has two digits.

        :param length: how many of the digits are looked at
        """
        twice = SQL("TRANSLATE(%s, '0123456789', '0246813579')", digits)
        total = SQL(" + ").join(
            SQL(
                "SUBSTR(%s, %s, 1)::integer",
                digits if (length - place) % 2 == 0 else twice,
                place,
            )
            for place in range(1, length + 1)
        )
        return SQL("((%s) %% 10 = 0)", total)

    @api.model
    def _get_digits_sql(self, digits: SQL, length: int) -> SQL:
        """Return what digits add up to."""
        return SQL(" + ").join(
            SQL("SUBSTR(%s, %s, 1)::integer", digits, place)
            for place in range(1, length + 1)
        )
