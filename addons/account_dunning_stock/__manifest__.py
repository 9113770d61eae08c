{
    "name": "Dunning & Credit Management: Inventory",
    "summary": "Credit stop on deliveries",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account_dunning", "stock"],
    "auto_install": True,
}
