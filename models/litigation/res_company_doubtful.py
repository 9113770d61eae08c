from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.words import READERS

# Settings, and the type that their account must have.
ACCOUNTS = {
    "dunning_doubtful_account_id": ("asset_receivable",),
    "dunning_provision_account_id": ("asset_current", "asset_receivable"),
    "dunning_provision_expense_id": ("expense", "expense_other"),
    "dunning_loss_account_id": ("expense", "expense_other"),
}


class ResCompany(models.Model):
    """On which accounts doubtful and lost receivables are prepared."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_doubtful_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Doubtful Debts",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        groups=READERS,
    )
    dunning_doubtful_account_id = fields.Many2one(
        "account.account",
        string="Doubtful Receivables",
        domain="[('account_type', '=', 'asset_receivable')]",
        help="416 in France: takes over what is doubtful, tax included. Give it the "
        "type Receivable first: what is owed is followed on such accounts alone.",
        groups=READERS,
    )
    dunning_provision_account_id = fields.Many2one(
        "account.account",
        string="Provision",
        domain="[('account_type', 'in', ('asset_current', 'asset_receivable'))]",
        help="491 in France.",
        groups=READERS,
    )
    dunning_provision_expense_id = fields.Many2one(
        "account.account",
        string="Expense of the Provision",
        domain="[('account_type', 'in', ('expense', 'expense_other'))]",
        help="6817 in France.",
        groups=READERS,
    )
    dunning_loss_account_id = fields.Many2one(
        "account.account",
        string="Irrecoverable Receivables",
        domain="[('account_type', 'in', ('expense', 'expense_other'))]",
        help="654 in France.",
        groups=READERS,
    )
    dunning_vat_recovery = fields.Boolean(
        string="Recover Taxes",
        help="A write-off takes the taxes of the invoice back, on their own accounts.",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains(*ACCOUNTS, "dunning_doubtful_journal_id")
    def _check_dunning_accounts(self):
        # Settings of a company are few to read.
        for company_sudo in self.sudo():
            for name, types in ACCOUNTS.items():
                account_sudo = company_sudo[name]
                if account_sudo and (
                    account_sudo.account_type not in types
                    or not account_sudo.company_ids
                    & (company_sudo | company_sudo.parent_ids)
                ):
                    raise ValidationError(
                        self.env._(
                            "“%s” is no account for this: choose one of the kind that "
                            "is proposed.",
                            account_sudo.display_name,
                        )
                    )
            journal_sudo = company_sudo.dunning_doubtful_journal_id
            if journal_sudo and (
                journal_sudo.type != "general"
                or journal_sudo.company_id not in company_sudo | company_sudo.parent_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Choose a journal for miscellaneous entries of the company."
                    )
                )


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_doubtful_journal_id = fields.Many2one(
        related="company_id.dunning_doubtful_journal_id", readonly=False
    )
    dunning_doubtful_account_id = fields.Many2one(
        related="company_id.dunning_doubtful_account_id", readonly=False
    )
    dunning_provision_account_id = fields.Many2one(
        related="company_id.dunning_provision_account_id", readonly=False
    )
    dunning_provision_expense_id = fields.Many2one(
        related="company_id.dunning_provision_expense_id", readonly=False
    )
    dunning_loss_account_id = fields.Many2one(
        related="company_id.dunning_loss_account_id", readonly=False
    )
    dunning_vat_recovery = fields.Boolean(
        related="company_id.dunning_vat_recovery", readonly=False
    )
