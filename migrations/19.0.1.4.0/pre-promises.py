"""Promises are looked up by the day on which time alone may change them; Odoo keeps
indexes that models have no longer. What was there when a promise was made is known by
entry, before anything settles it."""

from odoo.tools.sql import column_exists, drop_index


def migrate(cr, version):
    drop_index(cr, "dunning_promise__next_idx", "dunning_promise")
    if column_exists(cr, "dunning_promise", "baseline"):
        keep_entries(cr)


def keep_entries(cr):
    """Keep the entries alone: amounts by invoice and entry were kept before."""
    cr.execute(
        """
        UPDATE dunning_promise
           SET baseline = (
                   SELECT COALESCE(
                              JSONB_AGG(DISTINCT SPLIT_PART(key, '-', 2)::integer),
                              '[]'
                          )
                     FROM JSONB_OBJECT_KEYS(baseline) key
               )
         WHERE JSONB_TYPEOF(baseline) = 'object'
        """
    )
