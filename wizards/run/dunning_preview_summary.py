from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.words import EXECUTIONS


class DunningPreview(models.TransientModel):
    """What a dry run says as a whole: above its list, where each figure shows the
    items behind it, and before the run is started."""

    _inherit = "dunning.preview"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    summary_html = fields.Html(compute="_compute_summary_html", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.excluded", "line_ids.contact_kind")
    @api.depends_context("lang")
    def _compute_summary_html(self):
        for preview in self:
            # Our own template, with figures of the dry run alone.
            preview.summary_html = self.env["ir.qweb"]._render(
                "account_dunning.preview_summary",
                {
                    "summary": preview.get_summary(),
                    "besides": preview._tell_besides(),
                    "preview": preview,
                },
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Ask whether to start the run, with its numbers.

        :return: action that opens the question
        :raise AccessError: the user may not start runs
        :raise UserError: the day has passed, or there is nothing to do
        """
        self.ensure_one()
        self._check_appliable()
        if not self._has_contacts():
            raise UserError(
                self.env._(
                    "Nothing is due on %(day)s, or all of it was left out: there is "
                    "nothing to run.",
                    day=format_date(self.env, self.date),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start the Run of %s", format_date(self.env, self.date)),
            "res_model": "dunning.preview",
            "res_id": self.id,
            "views": [
                [self.env.ref("account_dunning.view_preview_confirm_form").id, "form"]
            ],
            "target": "new",
        }

    def _check_appliable(self):
        """
        :raise AccessError: the user may not start runs
        :raise UserError: the day has passed, or is still to come
        """
        if not self.env.user.has_group("account_dunning.group_dunning_manager"):
            raise AccessError(self.env._("Only credit managers can start a run."))
        self.company_id._dunning_check_allowed()
        if self.state in ("filling", "stopped"):
            raise UserError(
                self.env._(
                    "The dry run does not show all customers yet: wait until it is "
                    "complete, or make it again."
                )
            )
        if self.date < self.company_id._dunning_today():
            raise UserError(
                self.env._("This day has passed: make the dry run of today, then run.")
            )
        if self._is_ahead():
            raise UserError(
                self.env._(
                    "This day is still to come: the dry run shows what would happen, "
                    "the run takes place on its day. Make the dry run of today to run."
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell_besides(self) -> list[str]:
        """Return what else the run does, a sentence each. Override to add some."""
        self.ensure_one()
        return []

    def _is_ahead(self):
        """Return whether the day is still to come: there is nothing to start yet."""
        return self.date > self.company_id._dunning_today()

    def _has_contacts(self):
        """Return whether somebody is to be contacted."""
        contacts = [("preview_id", "=", self.id), ("contact_kind", "!=", False)]
        return bool(self.env["dunning.preview.line"].search_count(contacts, limit=1))

    def _is_startable(self):
        """Return whether there is a run to start: the day is today, and somebody is to
        be contacted."""
        return self.date == self.company_id._dunning_today() and self._has_contacts()

    @api.readonly
    def get_summary(self):
        """Return the figures of the dry run, each with the items behind it.

        :return: dict of ``currency_id``, ``progress`` (see :meth:`get_progress`),
            ``ahead`` (the day is still to come), ``day_off`` (it is no working day),
            ``left_out`` (text, 0 when nothing is), and two lists of dicts with
            ``label``, ``count`` (text), ``amount`` (company currency) and ``domain``:
            ``contacts`` (what the run makes and claims, besides: ``how``,
            ``automatic``, ``customers``) and ``others`` (items without a contact that
            day, the most first, besides: ``items``)
        """
        self.ensure_one()
        self.check_access("read")
        left_out = self.env["dunning.preview.line"].search_count(
            [("preview_id", "in", self.ids), ("excluded", "=", True)]
        )
        return {
            "currency_id": self.company_id.currency_id.id,
            "progress": self.get_progress(),
            "ahead": self._is_ahead(),
            "day_off": self.company_id._dunning_get_working_day(self.date) != self.date,
            "left_out": left_out and self._count_left_out(left_out),
            "contacts": self._get_summary_of_contacts(),
            "others": self._get_summary_of_others(),
        }

    def _get_summary_of_contacts(self):
        lines = self.env["dunning.preview.line"]
        channels = dict(lines._fields["channel"]._description_selection(self.env))
        rows = lines._read_group(
            [("preview_id", "in", self.ids), ("contact_kind", "!=", False)],
            ["contact_kind", "channel", "execution"],
            ["partner_id:count_distinct", "amount_claimed:sum"],
        )
        order = [*channels]
        found = [
            {
                "label": self.env._("Follow-up")
                if kind == "follow_up"
                else channels[channel],
                "how": self._get_how(execution),
                "automatic": execution == "automatic",
                "customers": customers,
                "count": self._count_customers(customers),
                "amount": amount,
                "domain": [
                    ("contact_kind", "=", kind),
                    ("channel", "=", channel),
                    ("execution", "=", execution),
                ],
                "sequence": (kind != "step", order.index(channel), execution),
            }
            for kind, channel, execution, customers, amount in rows
        ]
        return sorted(found, key=lambda row: row.pop("sequence"))

    def _get_summary_of_others(self):
        lines = self.env["dunning.preview.line"]
        reasons = self.env["dunning.item"]._get_reason_labels()
        rows = lines._read_group(
            [
                ("preview_id", "in", self.ids),
                ("contact_kind", "=", False),
                ("excluded", "=", False),
                ("reason", "!=", False),
            ],
            ["reason"],
            ["__count", "amount_company:sum"],
        )
        found = [
            {
                "label": reasons[reason],
                "items": count,
                "count": self._count_items(count),
                "amount": amount,
                "domain": [("contact_kind", "=", False), ("reason", "=", reason)],
            }
            for reason, count, amount in rows
        ]
        return sorted(found, key=lambda row: -row["items"])

    @api.model
    def _count_customers(self, count):
        one = self.env._("1 customer")
        return one if count == 1 else self.env._("%s customers", count)

    @api.model
    def _count_items(self, count):
        return self.env._("1 item") if count == 1 else self.env._("%s items", count)

    @api.model
    def _count_left_out(self, count):
        if count == 1:
            return self.env._("1 item left out by hand")
        return self.env._("%s items left out by hand", count)

    @api.model
    def _get_how(self, execution):
        how = {
            "automatic": self.env._("by itself"),
            "validate": self.env._("to validate"),
            "manual": self.env._("by hand"),
        }
        assert set(how) == {name for name, _label in EXECUTIONS}
        return how[execution or "manual"]
