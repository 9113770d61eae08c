{
    "name": "Dunning development environment",
    "summary": "Only for this repository's own databases; never shipped",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Account Dunning contributors",
    "website": "https://github.com/account-dunning/account_dunning",
    "license": "LGPL-3",
    "depends": ["mail"],
    "auto_install": True,
    "assets": {
        # Debian's Odoo ships without this file, yet lists it in the bundle.
        "web.assets_backend": [
            (
                "remove",
                "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
            ),
        ],
    },
}
