from odoo import api, fields, models
from odoo.modules import module
from odoo.tools import SQL


class DunningHandover(models.Model):
    """What has been handed over to a server that passes it on.

    It is noted before, in a transaction of its own: whoever works may be killed, or
    lose the database, after the server has taken a message and before that is
    recorded. What was noted and not recorded as sent is for people to decide: the
    database lets nothing be handed over twice.
    """

    _name = "dunning.handover"
    _description = "Dunning Handover"
    _inherit = ["dunning.protected"]
    _rec_name = "reference"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    reference = fields.Char(required=True, readonly=True, help="Model and id.")
    date = fields.Datetime(required=True, readonly=True)

    _reference_uniq = models.UniqueIndex("(reference)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _note(
        self, records: models.BaseModel, autonomous: bool = False
    ) -> models.BaseModel:
        """Note that records are about to be handed over.

        :param records: what leaves, such as ``mail.mail``
        :param autonomous: in a transaction of its own, in tests too
        :return: those that had not been handed over before
        """
        if not records:
            return records
        # A test has not committed what it sends, and leaves nothing behind.
        if module.current_test and not autonomous:
            noted = self._insert(self.env.cr, records)
        else:
            with self.env.registry.cursor() as cr:
                noted = self._insert(cr, records)
        return records.filtered(lambda record: self._get_reference(record) in noted)

    @api.model
    def _forget(self, record: models.BaseModel) -> None:
        """Forget a record that has certainly not left: nobody could be reached."""
        query = SQL(
            "DELETE FROM dunning_handover WHERE reference = %s",
            self._get_reference(record),
        )
        if module.current_test:
            self.env.cr.execute(query)
        else:
            with self.env.registry.cursor() as cr:
                cr.execute(query)

    @api.model
    def _filter_noted(self, records: models.BaseModel) -> models.BaseModel:
        """Return the records that have been handed over, as far as is known now."""
        if not records:
            return records
        rows = self.env.execute_query(
            SQL(
                "SELECT reference FROM dunning_handover WHERE reference = ANY(%s)",
                [self._get_reference(record) for record in records],
            )
        )
        noted = {reference for [reference] in rows}
        return records.filtered(lambda record: self._get_reference(record) in noted)

    @api.model
    def _insert(self, cr, records):
        cr.execute(
            SQL(
                """
                INSERT INTO dunning_handover (reference, date)
                SELECT UNNEST(%s), NOW() AT TIME ZONE 'UTC'
                    ON CONFLICT DO NOTHING
             RETURNING reference
                """,
                [self._get_reference(record) for record in records],
            )
        )
        return {reference for [reference] in cr.fetchall()}

    @api.model
    def _get_reference(self, record):
        return f"{record._name},{record.id}"
