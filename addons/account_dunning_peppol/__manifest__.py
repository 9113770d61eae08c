{
    "name": "Dunning & Credit Management: Peppol and French Platforms",
    "summary": "What buyers answer through Odoo's own access point steers dunning",
    # Of Odoo's modules it knows documented fields alone: it is tested against doubles
    # of account_peppol_response and l10n_fr_pdp (dev/doubles), which Debian's build of
    # Odoo 19 does not have yet.
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account_dunning", "account_peppol_response"],
    "auto_install": True,
}
