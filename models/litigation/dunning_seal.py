from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.proof_chain import START, Seal, canonical, digest


class DunningSealChain(models.Model):
    """The chain of what was done with one customer of one company. Whoever adds to it
    changes its row, so that the database has the later of two transactions try again
    on what is true then."""

    _name = "dunning.seal.chain"
    _description = "Chain of Seals"
    _log_access = False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_ref = fields.Integer(required=True, readonly=True)
    # No link: a customer that is merged with another one leaves its chain as it is.
    customer_ref = fields.Integer(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True, default=0)
    head = fields.Char(required=True, readonly=True, default=START)

    # === Constraints and indexes === #
    _customer_uniq = models.UniqueIndex("(company_ref, customer_ref)")


class DunningSeal(models.Model):
    """What a record said when something was done, as a hash that is joined to the one
    before it: whoever changes a row of the database by other means than the addon
    leaves a trace, and the proof file names the row."""

    _name = "dunning.seal"
    _description = "Seal"
    _log_access = False
    _order = "chain_id, number"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    chain_id = fields.Many2one(
        "dunning.seal.chain", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    moment = fields.Char(required=True, readonly=True)
    user_ref = fields.Integer(required=True, readonly=True)
    final = fields.Boolean(required=True, readonly=True)
    content = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    # === Constraints and indexes === #
    _number_uniq = models.UniqueIndex("(chain_id, number)")
    _record_idx = models.Index("(res_id, model)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _seal(self, records) -> None:
        """Seal what records say now, unless it is what their last seal says.

        :param records: of a model that inherits ``dunning.sealed``
        """
        if not records:
            return
        # Whoever does something need not have rights on seals.
        seals_sudo = self.sudo()
        records_sudo = records.sudo()
        last = seals_sudo._get_last(records_sudo)
        contents = records_sudo._get_sealed_contents()
        new = {
            record_sudo: (
                record_sudo._is_final(),
                digest(canonical(contents[record_sudo])),
            )
            for record_sudo in records_sudo.sorted("id")
        }
        new = {
            record_sudo: said
            for record_sudo, said in new.items()
            if last.get(record_sudo.id) != said
        }
        if new:
            seals_sudo._add(new)

    @api.model
    def _get_last(self, records) -> dict:
        """Return what the last seals of records say: ``final, content`` by id."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (res_id) res_id, final, content
                  FROM dunning_seal
                 WHERE res_id = ANY(%s) AND model = %s
              ORDER BY res_id, id DESC
                """,
                records.ids,
                records._name,
            )
        )
        return {res_id: (final, content) for res_id, final, content in rows}

    @api.model
    def _add(self, said):
        """Add to the chains of the records.

        :param said: dict of record to ``final, content``
        """
        keys = {(record.company_id.id, record.partner_id.id): None for record in said}
        heads = self._lock_chains(list(keys))
        moment = fields.Datetime.to_string(fields.Datetime.now())
        values = []
        for record, (final, content) in said.items():
            key = (record.company_id.id, record.partner_id.id)
            chain_id, number, head = heads[key]
            seal = Seal(
                number + 1,
                record._name,
                record.id,
                moment,
                self.env.uid,
                final,
                content,
            )
            head = seal.link(head)
            heads[key] = (chain_id, number + 1, head)
            values.append(
                {
                    "chain_id": chain_id,
                    "number": seal.number,
                    "model": seal.model,
                    "res_id": seal.res_id,
                    "moment": moment,
                    "user_ref": seal.user_id,
                    "final": final,
                    "content": content,
                    "hash": head,
                }
            )
        self.create(values)
        self._write_heads(heads)

    @api.model
    def _lock_chains(self, keys):
        """Lock the ends of chains, and begin those that are not there.

        :param keys: list of pairs of company and customer
        :return: dict of pair to id, number and hash of the last seal
        """
        companies, customers = zip(*keys, strict=True)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_seal_chain
                            (company_ref, customer_ref, number, head)
                SELECT company, customer, 0, %(start)s
                  FROM UNNEST(%(companies)s, %(customers)s) AS key (company, customer)
           ON CONFLICT DO NOTHING
                """,
                start=START,
                companies=list(companies),
                customers=list(customers),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_ref, customer_ref, chain.id, number, head
                  FROM dunning_seal_chain chain
                  JOIN UNNEST(%(companies)s, %(customers)s) AS key (company, customer)
                    ON company = company_ref AND customer = customer_ref
              ORDER BY chain.id
            FOR UPDATE OF chain
                """,
                companies=list(companies),
                customers=list(customers),
            )
        )
        return {(company, customer): tuple(end) for company, customer, *end in rows}

    @api.model
    def _write_heads(self, heads):
        ids, numbers, hashes = zip(*heads.values(), strict=True)
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_seal_chain chain
                   SET number = new.number, head = new.head
                  FROM UNNEST(%s, %s, %s) AS new (id, number, head)
                 WHERE new.id = chain.id
                """,
                list(ids),
                list(numbers),
                list(hashes),
            )
        )
        self.env["dunning.seal.chain"].invalidate_model(["number", "head"], flush=False)


class DunningSealed(models.AbstractModel):
    """A record whose content is sealed."""

    _name = "dunning.sealed"
    _description = "Record That Is Sealed"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_sealed_contents(self) -> dict:
        """Return what the records say that must not be changed, as data that JSON
        knows: dict of record to dict."""
        raise NotImplementedError

    def _is_final(self) -> bool:
        """Return whether the record stays as it is from now on."""
        return True

    def _get_sealed_values(self, names) -> dict:
        """Return fields of a record as data that JSON knows.

        :param names: of fields that are stored
        """
        self.ensure_one()
        return {name: self._get_sealed_value(name) for name in names}

    def _get_sealed_value(self, name):
        field, value = self._fields[name], self[name]
        if field.type == "boolean":
            return bool(value)
        if field.type in ("float", "monetary"):
            return f"{value:.2f}" if field.type == "float" else self._tell_money(name)
        if field.type == "many2one":
            return value.id or None
        if field.type in ("date", "datetime"):
            return str(value) if value else None
        return value or None

    def _tell_money(self, name):
        currency = self[self._fields[name].get_currency_field(self)]
        return f"{self[name]:.{currency.decimal_places or 2}f}"
