import json
from contextlib import suppress
from tempfile import TemporaryFile

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, file_open

from ...tools.proof_chain import canonical
from ...tools.proof_zip import Package, clean_name
from ...tools.words import READERS

CHECK = "account_dunning/static/proof/check.py"
SEALED = ("dunning.action", "dunning.sending", "dunning.litigation.act")


class DunningProof(models.Model):
    """A proof file that somebody has asked for: all that shows what was done with a
    customer, an invoice or a litigation, and that nobody has changed it since.

    How it works: the documents are found with the rights of who asks
    (``dunning_proof_documents``) and copied one by one into a ZIP on the disk
    (``tools/proof_zip.py``), which is handed over in pieces. What is kept here is who
    asked when, and the hash of the manifest: by it a proof file can be told from
    another one that was made up.
    """

    _name = "dunning.proof"
    _description = "Proof File"
    _inherit = ["dunning.protected"]
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, ondelete="set null"
    )
    litigation_id = fields.Many2one(
        "dunning.litigation", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        string="Made on",
        required=True,
        readonly=True,
        default=lambda self: fields.Datetime.now(),
    )
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    document_count = fields.Integer(string="Documents", readonly=True)
    manifest_sha256 = fields.Char(
        string="SHA-256 of the Manifest",
        readonly=True,
        help="Proves that a proof file is the one that was made here.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_download(self):
        """Make the proof file anew, and download it.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return self._ask_for(self.partner_id, self.move_id, self.litigation_id)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _ask_for(self, partner, move=None, litigation=None) -> dict:
        """Have a proof file made for who asks.

        :param move: ``account.move``, to prove what was done about it alone
        :param litigation: ``dunning.litigation``, likewise
        :return: action that downloads it
        :raise AccessError: the user may not see what is owed
        """
        if not self.env.user.has_group(READERS):
            raise AccessError(
                self.env._("You need access to dunning for a proof file.")
            )
        subject = litigation or move
        company = subject.company_id if subject else self.env.company
        company._dunning_check_allowed()
        partner = partner.commercial_partner_id
        partner.check_access("read")
        if subject:
            subject.check_access("read")
        # Proof files are kept by the system.
        proof_sudo = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "move_id": move.id if move else False,
                "litigation_id": litigation.id if litigation else False,
                "user_id": self.env.uid,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/dunning/proof/{proof_sudo.id}",
            "target": "download",
        }

    def _make(self):
        """Make the proof file, on the disk.

        :return: file object at its beginning, and its name
        :raise UserError: it was asked for by somebody else, or is being made
        """
        self.ensure_one()
        if self.user_id != self.env.user:
            raise UserError(self.env._("Ask for a proof file of your own."))
        # Proof files are kept by the system, so that people lock none. Made twice at
        # once, one would be made again because of the other.
        proof_sudo = self.sudo()
        if not proof_sudo.try_lock_for_update():
            raise UserError(
                self.env._(
                    "This proof file is being made already: wait until it is there."
                )
            )
        proof = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.env.user.lang
        )
        target = TemporaryFile(prefix="dunning.proof.")
        package = Package(target)
        try:
            manifest = proof._fill(package)
            package.close()
        except BaseException:
            with suppress(ValueError):
                package.close()
            target.close()
            raise
        # Proof files are kept by the system.
        self.sudo().write(
            {
                "document_count": len(package.entries),
                "manifest_sha256": manifest["sha256"],
            }
        )
        target.seek(0)
        return target, clean_name(f"{proof._get_title()}.zip")

    def _get_title(self):
        """Return what the file proves, in the words of the user."""
        number = self.move_id.name or self.litigation_id.reference
        name = " ".join(filter(None, (self.partner_id.name, number)))
        return self.env._("Proof file %s", name)

    def _fill(self, package):
        """Put everything into the ZIP.

        :return: the entry of the manifest
        """
        collection = self._collect()
        self._add_documents(package, collection)
        self._add_extract(package, collection)
        heads = self._add_chain(package, collection)
        self._add_records(package, collection)
        with file_open(CHECK, "r") as script:
            package.add_text("check.py", script.read())
        self._add_index(package, collection)
        files = list(package.entries)
        manifest = {
            "title": self._get_title(),
            "lang": self.env.lang or "en_US",
            "made": fields.Datetime.to_string(self.date),
            "by": self.user_id.name,
            "company": self.company_id.name,
            "heads": heads,
            "files": files,
        }
        package.add_text(
            "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1)
        )
        return package.entries[-1]

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SEALS
    # ------------------------------------------------------------------

    def _add_chain(self, package, collection):
        """Add the chains in which the records are sealed, from their beginning.

        :return: dict of chain id to the hash of its last seal
        """
        # Seals are hashes: they tell nothing of what they seal.
        seals_sudo = self.env["dunning.seal"].sudo()
        seals_sudo.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT seal.chain_id AS chain, seal.number, seal.model, seal.res_id,
                       seal.moment, seal.user_ref AS user_id, seal.final,
                       seal.content, seal.hash
                  FROM dunning_seal seal
                 WHERE seal.chain_id IN (
                           SELECT own.chain_id
                             FROM dunning_seal own
                             JOIN UNNEST(%(models)s::text[], %(ids)s::int[])
                                  AS key (model, id)
                               ON key.model = own.model AND key.id = own.res_id
                           UNION
                           SELECT id
                             FROM dunning_seal_chain
                            WHERE company_ref = %(company)s
                              AND customer_ref = %(customer)s
                       )
              ORDER BY seal.chain_id, seal.number
                """,
                models=[record._name for record in collection.sealed],
                ids=[record.id for record in collection.sealed],
                company=self.company_id.id,
                customer=self.partner_id.id,
            )
        )
        previous = {}
        for row in rows:
            row["previous"] = previous.get(row["chain"], "0" * 64)
            row["name"] = f"{row['model']} {row['res_id']}"
            previous[row["chain"]] = row["hash"]
        package.add("chain.jsonl", ((canonical(row) + "\n").encode() for row in rows))
        collection.seals = rows
        # So are chains.
        chains_sudo = self.env["dunning.seal.chain"].sudo()
        chains_sudo = chains_sudo.browse({row["chain"] for row in rows})
        return {str(chain_sudo.id): chain_sudo.head for chain_sudo in chains_sudo}

    def _add_records(self, package, collection):
        """Add what the sealed records say now, so that it can be compared with what
        they said when they were sealed."""
        lines = []
        for model, records in collection.get_sealed_by_model().items():
            contents = records._get_sealed_contents()
            lines += [
                {
                    "model": model,
                    "res_id": record.id,
                    "name": collection.names.get(record) or f"{model} {record.id}",
                    "final": record._is_final()
                    and not (model == "dunning.action" and record.kind == "start"),
                    "content": content,
                    "text": collection.texts.get(record),
                    "files": collection.files.get(record, {}),
                }
                for record, content in contents.items()
            ]
        lines += self._get_deleted(collection)
        package.add(
            "records.jsonl", ((canonical(line) + "\n").encode() for line in lines)
        )

    def _get_sealed_ids(self, model):
        """Return the numbers of the customer's records that were sealed, whatever has
        become of them."""
        self.env["dunning.seal"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT seal.res_id
                  FROM dunning_seal seal
                  JOIN dunning_seal_chain chain ON chain.id = seal.chain_id
                 WHERE seal.model = %s AND company_ref = %s AND customer_ref = %s
                """,
                model,
                self.company_id.id,
                self.partner_id.id,
            )
        )
        return [res_id for (res_id,) in rows]

    def _get_deleted(self, collection):
        """Return lines for the records of the customer that were sealed and are not
        there any more: only the database itself can have lost them."""
        found = []
        for model in SEALED:
            ids = {row["res_id"] for row in collection.seals if row["model"] == model}
            # Whether a record is there does not depend on who asks.
            records_sudo = self.env[model].sudo().browse(ids)
            missing = ids - set(records_sudo.exists().ids)
            found += [
                {
                    "model": model,
                    "res_id": id_,
                    "name": f"{model} {id_}",
                    "final": True,
                    "content": None,
                    "text": None,
                    "files": {},
                }
                for id_ in sorted(missing)
            ]
        return found
