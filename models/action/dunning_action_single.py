from odoo import api, models

from ...tools.words import OPEN_STATES

# What a person who plans an action says of it.
PLANNED_FIELDS = ("date", "user_id", "reason_id")


class DunningAction(models.Model):
    """The same money is claimed once on each channel: who plans by hand what is planned
    already gets that one, with its level, and a step that comes to what was planned by
    hand takes its place. Another channel is another contact: a person may call whoever
    has an e-mail that waits, and is told of it."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # ONCHANGE METHODS
    # ------------------------------------------------------------------

    @api.onchange("partner_id", "channel")
    def _onchange_open_actions(self):
        """Tell of what is planned for the customer already."""
        customer = self.partner_id.commercial_partner_id
        if self._origin or self.kind != "manual" or not customer:
            return None
        others = self._get_claiming(customer, self.company_id)
        if not others:
            return None
        same = others.filtered(
            lambda action: action.channel == self.channel and action.kind != "follow_up"
        )
        if same:
            message = self.env._(
                "“%s” is planned already: saving changes that one, there will not be "
                "two for the same items.",
                same[0].display_name,
            )
        else:
            message = self.env._(
                "“%s” is planned already for the same items.", others[0].display_name
            )
        title = self.env._("Something Is Planned Already")
        return {"warning": {"title": title, "message": message, "type": "notification"}}

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account_dunning': what people plan twice is one
        if self.env.su:
            return super().create(vals_list)
        planned = [self._get_planned(vals) for vals in vals_list]
        new = super().create(
            [
                vals
                for vals, action in zip(vals_list, planned, strict=True)
                if not action
            ]
        )
        new._reserve_money()
        created = iter(new)
        for vals, action in zip(vals_list, planned, strict=True):
            if action:
                action._plan_also(vals)
        return self.browse().concat(*(action or next(created) for action in planned))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_planned(self, vals):
        """Return the open action that does already what a person wants to plan."""
        partner = self.env["res.partner"].browse(vals.get("partner_id") or ())
        company = self.env["res.company"].browse(vals.get("company_id") or ())
        if not partner:
            return self.browse()
        self.check_access("create")
        self._check_new([dict(vals)])
        claiming = self._get_claiming(
            partner.commercial_partner_id, company or self.env.company
        )
        channel = vals.get("channel") or self.default_get(["channel"])["channel"]
        return claiming.filtered(
            lambda action: action.channel == channel and channel != "task"
        )[:1]

    @api.model
    def _get_claiming(self, customer, company):
        """Return the open actions that claim overdue items of a customer, those that
        bring them to a level first."""
        claiming = self.search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", company.id),
                ("state", "in", OPEN_STATES),
                ("kind", "!=", "notice"),
                ("line_ids.state", "=", "open"),
                # Tasks may be anything, but for what comes after the last level.
                "|",
                ("channel", "!=", "task"),
                ("kind", "=", "follow_up"),
            ]
        )
        return claiming.filtered(lambda x: x.level_id.delay_days >= 0).sorted(
            lambda action: (not action.level_id, action.date, action.id)
        )

    def _reserve_money(self) -> None:
        """Have whoever plans the same at the same moment try again, and find these:
        two who look at once see nothing planned. Of what an action claims one item is
        enough, for both would claim it."""
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        ids = [
            min(group.move_line_id.ids) for group in lines.grouped("action_id").values()
        ]
        self.env["account.move.line"].browse(ids)._dunning_reserve()

    def _plan_also(self, vals):
        """Give the action what a person wanted of another one for the same items.

        :param vals: values of the other one
        """
        self.ensure_one()
        self.check_access("write")
        changed = {name: vals[name] for name in PLANNED_FIELDS if vals.get(name)}
        self.write(changed)
        self._take_note(vals.get("note"))
        if changed.get("date"):
            self._move_activities(self.date)
        self._log_decision(
            self.env._("Planned by hand as well: there is one for the same items.")
        )
        # Lines are written by the engine alone.
        action_sudo = self.sudo()
        action_sudo._refresh(any_day=True, complete=True)

    def _is_begun(self) -> bool:
        """Return whether somebody has begun with it, without being done. Override to
        know more."""
        self.ensure_one()
        return False

    def _is_contained_in(self, others: models.BaseModel) -> bool:
        """Return whether others claim all that the action claims."""
        claimed, by_others = (
            actions.line_ids.filtered(lambda x: x.state == "open").move_line_id
            for actions in (self, others)
        )
        return claimed and claimed <= by_others

    def _take_over_follow_ups(self) -> None:
        """Have calls take the place of follow-ups about the same items: nobody is to
        do both. What a person has noted goes along."""
        calls = self.filtered(lambda action: action.channel == "call")
        follow_ups = calls and self.search(
            [
                ("partner_id", "in", calls.partner_id.ids),
                ("company_id", "in", calls.company_id.ids),
                ("kind", "=", "follow_up"),
                ("state", "in", OPEN_STATES),
            ]
        )
        if not follow_ups:
            return
        (calls | follow_ups)._refresh(any_day=True)
        by_customer = calls.grouped(
            lambda action: (action.partner_id, action.company_id)
        )
        for action in follow_ups.filtered(lambda action: action.state == "cancelled"):
            if call := by_customer.get((action.partner_id, action.company_id)):
                call[0]._take_note(action.note)

    def _take_over(self, planned: models.BaseModel) -> None:
        """Keep what a person has said of the action whose place this one takes."""
        self._take_note(planned.note)
        if planned.user_id:
            self.user_id = planned.user_id
