from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.words import OPEN_STATES


class DunningAction(models.Model):
    """A registered letter that came back has told the customer nothing: the same text
    is sent again, to where the customer is, about what is still open."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    returned_id = fields.Many2one(
        "dunning.action",
        string="Sent Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The letter that came back, which this one sends again.",
    )
    again_ids = fields.One2many(
        "dunning.action",
        "returned_id",
        string="Sent Again by",
        readonly=True,
        help="What was planned because the letter came back.",
    )
    is_sent_again = fields.Boolean(
        compute="_compute_is_sent_again",
        help="The letter came back, and was sent again, or will be.",
    )
    is_unknown_address = fields.Boolean(
        compute="_compute_is_unknown_address",
        help="It would go where it came back from, as the customer is unknown there.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("again_ids.state")
    def _compute_is_sent_again(self):
        for action in self:
            action.is_sent_again = bool(action._get_again())

    @api.depends("returned_id", "state", "partner_id")
    def _compute_is_unknown_address(self):
        for action in self:
            action.is_unknown_address = action._goes_where_nobody_is_known()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_send_again(self) -> dict:
        """Plan a letter that came back once more, for today, and open it. Whoever was
        to find out the address has done so, once it is another one.

        :return: window action of the new letter, or of the one that is planned already
        :raise UserError: the letter did not come back, or was sent again already
        """
        self.ensure_one()
        self.check_access("write")
        if not self._can_be_sent_again():
            raise UserError(
                self.env._("Only a letter that came back can be sent again.")
            )
        again = self._get_again()
        if again.state == "done":
            raise UserError(
                self.env._(
                    "“%s” was sent again already: look at the letter that followed.",
                    self.display_name,
                )
            )
        again = again or self._plan_returned()
        if not again.is_unknown_address:
            self._close_address_reminders()
        return again._get_records_action()

    def action_open_again(self) -> dict:
        """Open the letters that were planned because this one came back."""
        self.ensure_one()
        self.check_access("read")
        return self.again_ids._get_records_action()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _can_be_sent_again(self):
        self.ensure_one()
        # What was written about a promise or a dispute is written there.
        return self.state == "done" and self.returned and self.kind != "notice"

    def _get_again(self):
        """Return the letter that was sent again, or will be; none that was skipped."""
        return self.again_ids.filtered(lambda again: again.state != "cancelled")[:1]

    def _plan_returned(self):
        # Which text an action has is set by the system.
        again_sudo = self.sudo().create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "user_id": self.user_id.id,
                "channel": self.channel,
                "date": self._get_today(),
                "level_id": self.level_id.id,
                "scenario_id": self.scenario_id.id,
                "returned_id": self.id,
            }
        )
        again_sudo._reserve_money()
        return again_sudo.sudo(self.env.su)

    def _get_written_address(self):
        """Return where the letter goes, or went, in one line."""
        self.ensure_one()
        if self.sending_id:
            return self.sending_id.recipient_ids[:1].address
        return ", ".join(self._get_address_lines())

    def _goes_where_nobody_is_known(self):
        """Return whether it would go where it came back from, as addresses are now: a
        field forgets nothing when one is corrected."""
        self.ensure_one()
        before = self.returned_id
        return (
            self.state in OPEN_STATES
            and before.returned == "unknown"
            and before._get_written_address() == self._get_written_address()
        )

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': the address may be corrected after it was planned
        known = self.filtered(
            lambda action: (
                action.returned_id and not action._goes_where_nobody_is_known()
            )
        )
        result = super()._mark_done(date)
        for action in known:
            action.returned_id._close_address_reminders()
        return result

    def _close_address_reminders(self):
        """Have it done to find out the address, whoever was asked."""
        customer = self.partner_id._dunning_discreetly(self.company_id)
        # It may be another collector's, of the same company.
        activities_sudo = customer.sudo().activity_ids
        done_sudo = activities_sudo.filtered(
            lambda activity: (
                activity.dunning_company_id == self.company_id
                and activity.summary
                == self._get_unknown_summary(
                    activity.with_context(lang=activity.user_id.lang).env
                )
            )
        )
        done_sudo.action_feedback(feedback=self.env._("Sent again"))

    @api.model
    def _get_judged_fields(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_judged_fields(), "returned_id"]

    def _get_text_rank(self, level):
        # EXTENDS 'account_dunning': what came back is no notice that is not repeated
        return 0 if self.returned_id else super()._get_text_rank(level)


class DunningKindManual(models.AbstractModel):
    """What is sent again is about what the letter that came back listed: of other items
    the customer has had its own letter, or gets one in its turn."""

    _inherit = "dunning.kind.manual"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_listed(self, action, row):
        # EXTENDS 'account_dunning'
        listed = super()._is_listed(action, row)
        returned = action.returned_id
        if not (listed and returned):
            return listed
        told = returned.line_ids.filtered(lambda line: line.state == "done")
        return row["id"] in told.move_line_id.ids
