# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models
from odoo.fields import Domain


class DunningPortalAct(models.AbstractModel):
    """What a customer can do on its own page. Each act is an heir
    ``dunning.portal.act.<kind>``, found by its name in the registry.

    How it works: what the customer sends becomes a ``dunning.portal.request`` with a
    *payload* (what JSON can hold: ids, amounts, dates as text, words). Of somebody who
    is logged in it is carried out at once; of whoever came by a link it waits until it
    is confirmed from an e-mail that goes to the address that is known of the customer,
    for a link may have come into other hands. Both ways call the same methods, all of
    them elevated, with the customer's company as the current one::

        class DunningPortalActCallMe(models.AbstractModel):
            _name = "dunning.portal.act.call_me"
            _description = "Ask for a Call"
            _inherit = "dunning.portal.act"

            def _get_title(self):
                return self.env._("Call me")

            def _check_asked(self, request):
                if not request.payload.get("phone"):
                    raise UserError(self.env._("Please give a phone number."))

            def _describe(self, request):
                return [(self.env._("Phone"), request.payload["phone"])]

            def _carry_out(self, request):
                customer = request.partner_id  # in the company: env.company
                ...
                return self.env._("We will call you.")

    Records that a payload names are never believed: look them up among those of
    ``request.partner_id``, with ``_get_items``.
    """

    _name = "dunning.portal.act"
    _description = "What Customers Do on Their Page"

    # Whether all that follows is an e-mail to the address that is known: whoever asks
    # by a link need not confirm it, and it counts as an e-mail for everybody.
    _is_mailed = False

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    @api.model
    def _get_title(self) -> str:
        """Return what the act is called, in the language of the environment."""
        return self.env._("Your request")

    @api.model
    def _check_asked(self, request: models.BaseModel) -> None:
        """Refuse what cannot be done, when it is sent and again when it is confirmed.

        :param request: ``dunning.portal.request``
        :raise UserError: in the customer's words, saying what to do
        """

    @api.model
    def _describe(self, request: models.BaseModel) -> list[tuple[str, str]]:
        """Return what is asked for, to be shown before it is confirmed and in the
        timeline: pairs of a label and a text, in the language of the environment.

        :param request: ``dunning.portal.request``
        """
        return []

    @api.model
    def _carry_out(self, request: models.BaseModel) -> str:
        """Do what is asked for.

        :param request: ``dunning.portal.request``
        :return: what the customer is told, in the language of the environment
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_items(self, request: models.BaseModel) -> models.BaseModel:
        """Return the journal items that the payload names as ``item_ids``, those that
        are still open and the customer's, the oldest first.

        :param request: ``dunning.portal.request``
        """
        ids = request.payload.get("item_ids") or []
        return self.env["dunning.portal.statement"]._find_items(
            request.partner_id, Domain("id", "in", ids)
        )

    @api.model
    def _get_act(self, kind: str) -> models.BaseModel:
        """Return the act of a kind.

        :raise KeyError: there is no such act
        """
        return self.env[f"dunning.portal.act.{kind}"]
