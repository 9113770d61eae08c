"""Former versions left dunning behind when a customer became a contact of another one,
or an invoice was given to somebody else: it follows now, as it does from here on."""

from odoo import SUPERUSER_ID, api

CUSTOMER_MODELS = (
    "dunning.action",
    "dunning.hold",
    "dunning.promise",
    "dunning.dispute",
)
FOLLOWERS = ("dunning.dispute", "dunning.promise", "dunning.hold")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    partners = env["res.partner"]
    for name in CUSTOMER_MODELS:
        groups = env[name]._read_group([], ["partner_id"])
        partners = partners.union(*(partner for [partner] in groups))
    with env["dunning.ledger"]._followed_once():
        partners._dunning_join_commercial()
        for name in FOLLOWERS:
            follow(env[name])


def follow(records):
    """Have what runs go on under the customers who owe the items."""
    if records._name == "dunning.hold":
        domain = [("origin", "not in", ("promise", "dispute"))]
        running = records.search([("date_released", "=", False), *domain])
    else:
        running = records.search(records._get_running_domain())
    running._follow_customers()
