{
    "name": "Dunning & Credit Management",
    "summary": "Collect receivables: scenarios, agenda, holds, dry run and proof",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["account", "resource", "sms"],
    "data": [
        "security/account_dunning_groups.xml",
        "security/ir.model.access.csv",
        "security/account_dunning_rules.xml",
        "data/ir_cron.xml",
    ],
    "demo": [],
    "application": True,
    "installable": True,
}
