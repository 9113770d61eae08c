"""Odoo's payment dialog."""

from . import account_payment_register
