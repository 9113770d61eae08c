from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Items that somebody waits for.
MOST_AT_ONCE = 5_000
# Days after which a workbook is thrown away.
KEPT_DAYS = 30

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DunningWorkbook(models.Model):
    """A workbook of the aged balance that somebody asked for: made at once when it is
    small, in the background otherwise, and kept for some days for its author alone.

    How it works: what it shows is read and written under the rights of its author
    (``dunning_workbook_data``, ``dunning_workbook_content``), while it is told how far
    it is (``dunning_workbook_background``). The file is an attachment of the record,
    so that who may not read the one may not read the other.
    """

    _name = "dunning.workbook"
    _description = "Workbook of the Aged Balance"
    _inherit = ["dunning.protected", "dunning.workbook.options"]
    _order = "id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Made for",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.uid,
        ondelete="cascade",
    )
    date = fields.Date(
        string="As of",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        readonly=True,
        help="Only these; all when empty.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Being Made"),
            ("done", "Ready"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    progress = fields.Integer(
        readonly=True, aggregator=None, help="Share of the items written, in percent."
    )
    item_count = fields.Integer(string="Number of Items", readonly=True)
    attempts = fields.Integer(readonly=True)
    message = fields.Char(readonly=True, help="Why it could not be made.")
    date_done = fields.Datetime(string="Ready on", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, ondelete="set null"
    )
    file_size = fields.Integer(related="attachment_id.file_size", string="Size")

    # === Constraints and indexes === #
    _open_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(workbook.state == "running" for workbook in self):
            raise UserError(
                self.env._("A workbook is being made: cancel it before deleting it.")
            )

    @api.autovacuum
    def _gc_workbooks(self):
        """Throw away workbooks of a month ago: what they tell is no longer true."""
        limit = self.env.cr.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit), ("state", "!=", "running")]).unlink()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_download(self):
        """Download the workbook.

        :raise UserError: it is not there, or no longer
        """
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(
                self.env._("This workbook is not ready: wait for it, or export again.")
            )
        return {
            "type": "ir.actions.act_url",
            "url": self._get_download_url(),
            "target": "download",
        }

    def action_cancel(self):
        """Give up workbooks that are not ready yet."""
        self.check_access("read")
        # Its state is the system's, whether to wait for it is the author's.
        open_sudo = self.sudo().filtered(lambda x: x.state in ("waiting", "running"))
        open_sudo.write({"state": "cancelled", "message": False})

    def action_again(self):
        """Make workbooks again that failed or were cancelled."""
        self.check_access("read")
        # Its state is the system's, whether to have it is the author's.
        ended_sudo = self.sudo().filtered(lambda x: x.state in ("failed", "cancelled"))
        ended_sudo.write(
            {"state": "waiting", "message": False, "progress": 0, "attempts": 0}
        )
        self._trigger_making()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _order_new(self, options, user=None):
        """Create a workbook for somebody.

        :param options: values of the fields that say what it shows, which were checked
            where they were entered
        :param user: whose rights it is made with, by default who asks
        :return: the workbook, elevated; that which waits and shows the same, if any
        """
        user = user or self.env.user
        # People do not create workbooks but by what they are offered.
        workbooks_sudo = self.sudo()
        waiting_sudo = workbooks_sudo.search(
            [("state", "=", "waiting"), ("user_id", "=", user.id)]
        )
        same_sudo = waiting_sudo.filtered(lambda workbook: workbook._shows(options))
        return same_sudo[:1] or workbooks_sudo.create({**options, "user_id": user.id})

    def _shows(self, options):
        """Return whether the workbook shows what the values of its fields say."""
        self.ensure_one()
        for name, value in options.items():
            own, field = self[name], self._fields[name]
            if field.type == "many2many":
                if set(own.ids) != set(value or ()):
                    return False
            elif (own.id if field.relational else own) != (value or False):
                return False
        return True

    def _as_author(self):
        """Return the workbook under the rights, and in the language, of its author."""
        self.ensure_one()
        # Who makes it need not be allowed to read its author, nor all companies.
        workbook_sudo = self.sudo()
        user_sudo = workbook_sudo.user_id
        companies = workbook_sudo.company_ids & user_sudo.company_ids
        return self.with_user(user_sudo).with_context(
            allowed_company_ids=companies.ids or user_sudo.company_id.ids,
            lang=user_sudo.lang,
            tz=user_sudo.tz,
        )

    def _get_download_url(self):
        return f"/web/content/{self.attachment_id.id}?download=true"

    def _count_items(self):
        """Return how many items the workbook is about."""
        companies = self._get_readable_companies()
        return sum(
            count
            for totals in self._read_totals(companies).values()
            for count in totals.count.values()
        )

    def _keep(self, content: bytes, count: int):
        """Keep the finished file, for the author.

        :param content: of the file
        :param count: number of items in it
        """
        self.ensure_one()
        # What the system made is the system's: the record's rights protect it.
        workbook_sudo = self.sudo()
        attachment_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{workbook_sudo.name}.xlsx",
                    "raw": content,
                    "mimetype": XLSX,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        workbook_sudo.write(
            {
                "attachment_id": attachment_sudo.id,
                "state": "done",
                "progress": 100,
                "item_count": count,
                "date_done": fields.Datetime.now(),
            }
        )
