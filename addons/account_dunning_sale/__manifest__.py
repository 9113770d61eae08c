{
    "name": "Dunning & Credit Management: Sales",
    "summary": "Payment rating and credit stop on quotations",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account_dunning", "sale"],
    "data": [
        "security/account_dunning_sale_groups.xml",
        "views/sale_order_views.xml",
    ],
    "auto_install": True,
}
