from collections import defaultdict
from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ...tools.words import CHANNELS


class DunningAction(models.Model):
    """Choice of the channel, just before the action is carried out.

    How it works: an action begins on the channel of its level, or on the one its
    customer prefers where both are light (e-mail, letter, SMS). If that is not
    possible (no address, no number, no text), the fallbacks of the level are tried
    in order; with none left the action fails and says what is missing. A channel
    that has been given up is not tried again: after a letter that took the place of
    an e-mail come only the fallbacks that follow. What a person has to do then
    waits in the agenda.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    replaced_channel = fields.Selection(
        CHANNELS,
        string="Instead of",
        readonly=True,
        copy=False,
        help="The channel that was planned, and turned out not to be possible.",
    )
    proposed_channel = fields.Selection(
        CHANNELS,
        string="Fallback",
        compute="_compute_proposed_channel",
        help="How to reach the customer instead, when the action has failed.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("state", "channel", "level_id", "contact_id")
    def _compute_proposed_channel(self):
        for action in chain(*self._by_rights_on_customer()):
            failed = action.state == "failed" and action._has_texts()
            action.proposed_channel = failed and action._get_fallback()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_use_fallback(self):
        """Reach the customers in the way proposed instead of what has failed: what
        the system sends goes out at once, the rest waits in the agenda.

        :return: notification for the user
        :raise UserError: an action has not failed, or there is no other way
        """
        self.check_access("write")
        # Users may not write the channel of a step themselves.
        actions_sudo = self.sudo().with_context(clean_context(self.env.context))
        actions_sudo._lock_or_refuse()
        for action in actions_sudo:
            if not action.proposed_channel:
                raise UserError(
                    self.env._(
                        "“%s” has not failed, or there is no other way to reach this "
                        "customer: refresh the list.",
                        action.display_name,
                    )
                )
        actions_sudo._change_channels(
            {a: (a.proposed_channel, a.failure) for a in actions_sudo}
        )
        sendable_sudo = actions_sudo.filtered(lambda action: action._is_sendable())
        sendable_sudo._execute()
        return actions_sudo._get_execution_notification()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _choose_channels(self):
        """Give each action the first channel on which it is possible.

        :return: the actions to carry out now. Those for which no channel is possible
            have failed; those that a person has to do from now on wait
        """
        kept = self.filtered(lambda action: not action._has_texts())
        changes, failures = {}, defaultdict(self.browse)
        for action in self - kept:
            channel, missing = action._find_way()
            if channel == action.channel:
                kept += action
            elif channel:
                changes[action] = (channel, missing)
            else:
                failures[missing] += action
        for message, actions in failures.items():
            actions._fail(message)
        changed = self._change_channels(changes)
        return kept + changed.filtered(lambda action: action._is_sendable())

    def _find_way(self) -> tuple:
        """Return the first possible channel of the action, and what was missing for
        those before it: see :meth:`_find_channel`."""
        return self._find_channel(self._get_kind()._get_channels(self))

    def _find_channel(self, channels):
        """Return the first possible channel, or None, and what was missing for those
        before it, as text."""
        self.ensure_one()
        missing = {}
        for channel in channels:
            missing[channel] = self._get_missing(channel)
            if not missing[channel]:
                break
        else:
            channel = None
        causes = dict.fromkeys(filter(None, missing.values()))
        return channel, "\n".join(causes)

    def _get_fallback(self) -> str | bool:
        """Return the next possible channel after the present one, or False."""
        self.ensure_one()
        kind = self._get_kind()
        channels = kind._get_channels(self)
        if self.channel in channels:
            channels = channels[channels.index(self.channel) + 1 :]
        tried = (self.channel, self.replaced_channel)
        channels = [*channels, *kind._get_last_resorts()]
        others = [name for name in channels if name not in tried]
        return self._find_channel(others)[0] or False

    def _change_channels(self, changes: dict) -> models.BaseModel:
        """Move actions to other channels, and keep it in their history.

        :param changes: dict of action to its new channel and what was missing for
            the former one, empty when the customer just prefers another
        :return: these actions
        """
        if not changes:
            return self.browse()
        labels = dict(self._fields["channel"]._description_selection(self.env))
        actions = self.browse().concat(*changes)
        bodies = {}
        for action, (channel, missing) in changes.items():
            bodies[action.id] = self.env._(
                "%(channel)s instead of %(former)s. %(missing)s",
                channel=labels[channel],
                former=labels[action.channel],
                missing=missing or self.env._("The customer prefers it."),
            )
            replaced = missing and (action.replaced_channel or action.channel)
            vals = {"channel": channel, "state": "todo", "failure": False}
            if channel not in self.env["dunning.channel"]._get_sendable(
                action.company_id
            ):
                vals["execution"] = "manual"
            action.write(vals | {"replaced_channel": replaced})
        actions._drop_former()
        actions._message_log_batch(bodies=bodies)
        actions._drop_reminders()
        actions._schedule_activities()
        return actions

    def _waits_for_person(self):
        """Return whether the action has become something that a person does."""
        self.ensure_one()
        return self.state == "todo" and not self._is_sendable()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MISSING
    # ------------------------------------------------------------------

    def _get_missing(self, channel):
        """Say what is missing to reach the customer on a channel, and what to do.

        :return: text, or None when nothing is
        """
        self.ensure_one()
        return self._get_kind()._get_problem(self, channel)

    def _drop_former(self) -> None:
        """Make sure that what failed is not sent besides what is sent now. Override to
        stop it."""
