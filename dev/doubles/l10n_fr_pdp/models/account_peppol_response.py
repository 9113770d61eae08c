from odoo import fields, models

STATUSES = [
    ("submitted", "Submitted"),
    ("made_available", "Made Available"),
    ("in_hand", "In Hand"),
    ("contested", "Contested"),
    ("refused", "Refused"),
    ("payment_sent", "Payment Sent"),
    ("cancelled", "Cancelled"),
    ("suspended", "Suspended"),
    ("completed", "Completed"),
]


class AccountPeppolResponse(models.Model):
    _inherit = "account.peppol.response"

    response_code = fields.Selection(
        selection_add=STATUSES,
        ondelete={code: "cascade" for code, _name in STATUSES},
    )
    pdp_flow_number = fields.Selection(
        [
            ("1", "Tax Extract"),
            ("2", "Status"),
            ("6", "Mandatory Status"),
            ("10", "Report"),
        ]
    )
    pdp_issue_date = fields.Datetime()
    pdp_status_info = fields.Text()
