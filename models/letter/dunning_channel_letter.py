# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models


class DunningChannelLetter(models.AbstractModel):
    """Letters: printed by a person, or posted by Odoo's service for companies that have
    chosen so."""

    _name = "dunning.channel.letter"
    _inherit = "dunning.channel"
    _description = "Dunning Channel: Letter"

    _icon = "fa-file-text-o"
    _text = ("letter_template_id", "body_html")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_automatic(self, company):
        # OVERRIDES 'dunning.channel': whoever works in the company need not read its
        # settings
        return company.sudo().dunning_post_letters

    def _get_problem(self, action):
        # OVERRIDES 'dunning.channel'
        return action._get_letter_problem()

    def _send(self, actions):
        # OVERRIDES 'dunning.channel'
        return actions._post_letters()

    def _make(self, actions):
        # OVERRIDES 'dunning.channel'
        made = actions._make_letters()
        # Whoever prints them puts them into the post.
        made._record_sendings(
            {action: action._prepare_letter_content(state="sent") for action in made}
        )
        return made


class DunningChannelRegistered(models.AbstractModel):
    """Registered letters, which a person always posts."""

    _name = "dunning.channel.registered"
    _inherit = "dunning.channel.letter"
    _description = "Dunning Channel: Registered Letter"

    _icon = "fa-certificate"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_automatic(self, company):
        # OVERRIDES 'dunning.channel.letter'
        return False
