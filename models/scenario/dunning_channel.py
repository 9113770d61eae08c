# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models
from odoo.tools import is_html_empty

from ...tools.registry import get_family

PREFIX = "dunning.channel."


class DunningChannel(models.AbstractModel):
    """A way to reach customers.

    Each has an heir on the floor where it lives, ``dunning.channel.<code>``, found by
    its code. A new one is a new heir, and its code where channels are chosen.
    """

    _name = "dunning.channel"
    _description = "Dunning Channel"

    _icon = "fa-check-square-o"
    # Names of the field of a level with its text, and of that with the words in it.
    _text = ()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ALL CHANNELS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, code: str | bool) -> models.BaseModel:
        """Return the channel of a code, and what is true of any without one."""
        return self.env[f"{PREFIX}{code}"] if code else self

    @api.model
    def _get_sendable(self, company: models.BaseModel) -> list[str]:
        """Return the codes of the channels that the system sends on by itself for a
        company; on the others a person acts and records it."""
        return [
            channel._get_code()
            for channel in get_family(self.env, "dunning.channel")
            if channel._is_automatic(company)
        ]

    @api.model
    def _get_icons(self) -> dict[str, str]:
        """Return the icon of each channel, by its code."""
        return {
            channel._get_code(): channel._icon
            for channel in get_family(self.env, "dunning.channel")
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - ONE CHANNEL
    # ------------------------------------------------------------------

    @api.model
    def _get_code(self) -> str:
        return self._name.removeprefix(PREFIX)

    @api.model
    def _is_silent(self, level: models.BaseModel) -> bool:
        """Return whether a level has no text where the channel needs one."""
        if not self._text:
            return False
        template, words = self._text
        return is_html_empty(level[template][words])

    @api.model
    def _is_automatic(self, company: models.BaseModel) -> bool:
        """Return whether the system sends on it by itself for a company."""
        return False

    @api.model
    def _get_problem(self, action: models.BaseModel) -> str | None:
        """Say what is missing to reach the customer, and what to do.

        :return: text, or None when nothing is
        """
        return None

    @api.model
    def _send(self, actions: models.BaseModel) -> models.BaseModel:
        """Send what the system sends by itself.

        :return: the actions that went out; the others have failed
        """
        raise NotImplementedError

    @api.model
    def _make(self, actions: models.BaseModel) -> models.BaseModel:
        """Make what a person hands over.

        :return: the actions for which it is there; the others have failed
        """
        return actions

    @api.model
    def _get_preview(self, action: models.BaseModel) -> dict:
        """Return what goes out, as it is shown before: see ``get_preview``."""
        return {}


class DunningChannelTask(models.AbstractModel):
    """Whatever else a person does."""

    _name = "dunning.channel.task"
    _inherit = "dunning.channel"
    _description = "Dunning Channel: Task"
