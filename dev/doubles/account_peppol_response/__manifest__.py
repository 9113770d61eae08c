{
    "name": "Double of Odoo's Peppol business responses",
    "summary": "Only for tests of this repository; never shipped",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account"],
    "data": ["security/ir.model.access.csv"],
}
