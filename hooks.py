from odoo.tools import SQL

ADDON = "account_dunning"
# Of the demo, what its invoices stand on.
OF_THE_LEDGER = ("res.company", "res.partner")


def uninstall_hook(env):
    """Let Odoo delete what the addon has brought, in an order of its own, without
    being refused.

    :param env: environment of the superuser, before anything is deleted
    """
    env["dunning.plan.mark"]._unwatch()
    drop_foreign_keys(env)
    keep_demo_ledger(env)


def drop_foreign_keys(env):
    """Let go of what the addon's records keep from being deleted: done contacts keep
    their customer, level, texts, e-mail and files while the addon is there."""
    columns = {
        (model._table, field.name)
        for model in env.values()
        if model._auto and not model._abstract
        for field in model._fields.values()
        if field.type == "many2one" and field.store and field._modules[:1] == (ADDON,)
    }
    env.cr.execute(
        SQL(
            """
            SELECT owner.relname, key.conname
              FROM pg_constraint key
              JOIN pg_class owner ON owner.oid = key.conrelid
              JOIN pg_attribute field
                ON field.attrelid = key.conrelid AND field.attnum = key.conkey[1]
             WHERE key.contype = 'f'
               AND key.confdeltype IN ('a', 'r')
               AND owner.relnamespace = current_schema::regnamespace
               AND (owner.relname, field.attname) IN %s
            """,
            tuple(columns),
        )
    )
    for table, key in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(key),
            )
        )


def keep_demo_ledger(env):
    """Leave the demo's companies and customers to the ledger, which cannot be without
    them: they are nobody's then."""
    domain = [("module", "=", ADDON), ("model", "in", OF_THE_LEDGER)]
    env["ir.model.data"].search(domain).unlink()
