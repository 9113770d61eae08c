"""Run in Odoo's shell: a small ledger, some of it paid, on a database without the
addon."""

from datetime import timedelta

from odoo import Command, fields

CUSTOMERS, SILENT = 12, 3
env.company.email = "us@example.com"
today = fields.Date.today()
partners = env["res.partner"].create(
    [
        {
            "name": f"Customer {number}",
            # One of them cannot be written to.
            "email": number != SILENT and f"customer{number}@example.com",
            "street": f"{number} Main Street",
            "zip": "75001",
            "city": "Paris",
            "country_id": env.ref("base.fr").id,
        }
        for number in range(CUSTOMERS)
    ]
)
moves = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": today - timedelta(days=days + 30),
            "invoice_date_due": today - timedelta(days=days),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": 120, "tax_ids": []})
            ],
        }
        for partner in partners
        for days in (-20, 12, 70)
    ]
)
moves.action_post()
for move, amount in ((moves[1], 120), (moves[4], 50)):
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"amount": amount}).action_create_payments()
env.cr.commit()
