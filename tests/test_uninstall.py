from odoo.tests import tagged

from odoo.addons.account_dunning.hooks import uninstall_hook

from .send.test_sendings import SendingCommon

RESTRICTING = """
SELECT owner.relname, field.attname
  FROM pg_constraint key
  JOIN pg_class owner ON owner.oid = key.conrelid
  JOIN pg_attribute field
    ON field.attrelid = key.conrelid AND field.attnum = key.conkey[1]
 WHERE key.contype = 'f'
   AND key.confdeltype IN ('a', 'r')
   AND (owner.relname LIKE 'dunning%' OR field.attname LIKE 'dunning%')
"""


@tagged("post_install", "-at_install")
class TestUninstall(SendingCommon):
    """What stands in the way when Odoo deletes the addon is out of it."""

    def test_nothing_that_was_done_keeps_anything(self):
        self._plan_sent()
        self._process_queue()
        self.cr.execute(RESTRICTING)
        self.assertTrue(self.cr.fetchall())
        # What is in the cache is written before tables change.
        self.env.flush_all()
        uninstall_hook(self.env(su=True))
        self.cr.execute(RESTRICTING)
        self.assertFalse(self.cr.fetchall())

    def test_what_the_demo_made_for_the_ledger_stays_with_it(self):
        self._create_invoice()
        data = self.env["ir.model.data"].sudo()
        data.create(
            [
                {
                    "module": "account_dunning",
                    "name": f"demo_{record._table}",
                    "model": record._name,
                    "res_id": record.id,
                }
                for record in (self.customer, self.company, self.scenario)
            ]
        )
        self.env.flush_all()
        uninstall_hook(self.env(su=True))
        names = ("demo_res_partner", "demo_res_company", "demo_dunning_scenario")
        left = data.search([("module", "=", "account_dunning"), ("name", "in", names)])
        self.assertEqual(left.mapped("name"), ["demo_dunning_scenario"])
        self.assertTrue(self.customer.exists())
