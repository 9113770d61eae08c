{
    "name": "Double of Odoo's French approved platform",
    "summary": "Only for tests of this repository; never shipped",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account_peppol_response"],
}
