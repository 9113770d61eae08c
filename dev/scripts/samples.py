"""Write a message of a platform of each kind, about open invoices of each company."""

from pathlib import Path

from odoo.addons.account_dunning.demo.einvoice_messages import write_folder
from odoo.addons.account_dunning.tools.registration import get_identifier

MOST = 200

for company in env["res.company"].search([]):  # noqa: F821
    siren = get_identifier(company._dunning_get_registrations())
    numbers = (
        company.env["account.move"]
        .search(
            [
                ("company_id", "=", company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            limit=MOST,
        )
        .mapped("name")
    )
    if not siren or not numbers:
        print(f"{company.name}: no SIREN, or no open invoice")
        continue
    # From where the script is run.
    folder = Path("samples", env.cr.dbname, f"{siren}-{company.id}")  # noqa: F821
    folder.mkdir(parents=True, exist_ok=True)
    count = write_folder(folder, siren, numbers)
    print(f"{company.name}: {count} messages about {len(numbers)} invoices in")
    print(f"  {folder.absolute()}")
