{
    "name": "Dunning & Credit Management: Sales and Inventory",
    "summary": "Credit stop on the deliveries of orders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account_dunning_sale", "account_dunning_stock", "sale_stock"],
    "auto_install": True,
}
