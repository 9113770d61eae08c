from odoo import models


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "dunning.needed"]


class ResCountryGroup(models.Model):
    _name = "res.country.group"
    _inherit = ["res.country.group", "dunning.needed"]


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "dunning.needed"]


class AccountAccount(models.Model):
    _name = "account.account"
    _inherit = ["account.account", "dunning.needed"]


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal", "dunning.needed"]
