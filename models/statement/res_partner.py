from odoo import api, fields, models

from ...tools.words import OPEN_STATES, READERS
from ..scenario.res_partner import OWN_PREFETCH
from .res_company import FREQUENCIES

NEVER = "never"


class ResPartner(models.Model):
    """Whether a customer wants statements of account."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_statement = fields.Selection(
        [*FREQUENCIES, (NEVER, "Never")],
        string="Statement of Account",
        company_dependent=True,
        prefetch=OWN_PREFETCH,
        index=False,
        help="How often the customer gets a statement by itself; empty, as the company "
        "does with all of its customers.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_setting_names(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_setting_names() | {"dunning_statement"}

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_send_statement(self) -> dict:
        """Prepare a statement of account, to be looked at and sent; open the one that
        waits, if there is one.

        :raise UserError: nothing is open
        """
        self.ensure_one()
        actions = self.env["dunning.action"]
        actions.check_access("create")
        customer = self.commercial_partner_id
        statement = actions._prepare_statement(customer, self.env.company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Account"),
            "res_model": "dunning.action",
            "res_id": statement.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_statement_frequency(self) -> str | bool:
        """Return how often the customer gets a statement from the current company:
        ``monthly``, ``quarterly`` or False for never."""
        self.ensure_one()
        # Settings are read by the system, whoever asks.
        company_sudo = self.env.company.sudo()
        own = self.sudo().dunning_statement
        match company_sudo.dunning_statement_scope:
            case "all":
                wanted = own or company_sudo.dunning_statement_frequency
            case "chosen":
                wanted = own
            case _:
                wanted = False
        return wanted if wanted != NEVER else False

    def _dunning_become_one(self):
        # EXTENDS 'account_dunning': of one month a customer has one statement, and one
        # that waits
        # Whoever merges contacts need not have rights on dunning.
        statements_sudo = self.env["dunning.action"].sudo()
        waiting_sudo = statements_sudo.search(
            [
                ("partner_id", "in", self.ids),
                ("notice", "=", "statement"),
                ("state", "in", OPEN_STATES),
            ],
            order="id",
        )
        for own_sudo in waiting_sudo.grouped("company_id").values():
            own_sudo[1:]._cancel("merged")
        statements_sudo._forget_period_twice(self)
        return super()._dunning_become_one()
