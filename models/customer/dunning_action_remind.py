from odoo import api, models
from odoo.exceptions import UserError

from ...tools.words import OPEN_STATES, TONE_RANKS


class DunningAction(models.Model):
    """Reminding a customer now, whatever the scenario says of the day: an e-mail with
    the text of the level reached, to be looked at before it is sent. It brings no item
    to another level."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _prepare_reminder(self, partner):
        """Return the e-mail by which a customer can be reminded now: the one that is
        planned, else a new one.

        :param partner: the customer
        :raise UserError: it owes nothing, or an e-mail would be too mild
        """
        planned = self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.env.company.id),
                ("state", "in", OPEN_STATES),
                ("channel", "=", "email"),
                ("level_id", "!=", False),
            ],
            limit=1,
        )
        if planned:
            return planned
        level = self._get_reminder_level(partner)
        # Which text an action has is set by the system.
        reminder_sudo = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": self.env.company.id,
                "channel": "email",
                "level_id": level.id,
                "scenario_id": level.scenario_id.id,
            }
        )
        if not reminder_sudo.amount:
            raise UserError(self._get_nothing_message(partner))
        reminder_sudo._reserve_money()
        return reminder_sudo.sudo(self.env.su)

    @api.model
    def _get_reminder_level(self, partner):
        """Return the level whose text says what the customer has come to.

        :raise UserError: no e-mail is as firm as what the customer has received
        """
        items = partner._dunning_get_items()
        reached = items.level_id.sorted("delay_days")[-1:]
        # What waits in an open action has no next level.
        scenario = (
            (reached or items.next_level_id[:1]).scenario_id
            or partner.dunning_scenario_id
            or self.env.company._dunning_get_default_scenario()
        )
        # A formal notice is a step of its own, and is not repeated.
        late = scenario.level_ids.filtered(
            lambda level: (
                level.channel == "email"
                and level.mail_template_id
                and level.delay_days >= 0
            )
        ).sorted("delay_days")
        if not late:
            raise UserError(
                self.env._(
                    "No level of the customer's scenario has an e-mail: plan a call "
                    "instead."
                )
            )
        heard = self._get_heard_tone(items)
        levels = late.filtered(
            lambda level: heard <= level._get_rank() < TONE_RANKS["formal"]
        )
        said = levels.filtered(lambda level: level.delay_days <= reached.delay_days)
        level = said[-1:] or levels[:1]
        if not level:
            raise UserError(self._get_too_mild_message(partner, reached))
        return level

    @api.model
    def _get_heard_tone(self, items):
        """Return how strong the text must be: as strong as what items have received
        that it lists. Those that have had a formal notice it only refers to.

        :param items: ``dunning.item`` of the customer
        """
        # Kept by the system for itself.
        states_sudo = self.env["dunning.item.state"].sudo()
        states_sudo = states_sudo.search(
            [("move_line_id", "in", items.filtered("days_late").ids)]
        )
        tones = {state.move_line_id.id: state.tone for state in states_sudo}
        heard = [tones.get(item.id, 0) for item in items if item.days_late]
        formal = TONE_RANKS["formal"]
        return max((tone for tone in heard if tone < formal), default=max(heard + [0]))

    @api.model
    def _get_too_mild_message(self, partner, reached):
        if not reached:
            return self.env._(
                "%s can only be reminded by a formal notice: plan a call instead.",
                partner.display_name,
            )
        return self.env._(
            "%(customer)s has received “%(level)s”: an e-mail would speak more "
            "softly than that. Plan a call, or decide what follows.",
            customer=partner.display_name,
            level=reached.name,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_remind(self):
        """Prepare an e-mail about what the customer owes, to be looked at and sent.

        :return: action that opens it
        :raise UserError: it owes nothing, or an e-mail would be too mild
        """
        self.ensure_one()
        actions = self.env["dunning.action"]
        actions.check_access("create")
        reminder = actions._prepare_reminder(self.commercial_partner_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remind Now"),
            "res_model": "dunning.action",
            "res_id": reminder.id,
            "views": [(False, "form")],
        }
