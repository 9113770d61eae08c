"""Tests on real connections, whose transactions see each other and are committed."""

import os
from contextlib import contextmanager
from threading import Barrier, Thread
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL

from ..models.send import dunning_action_execute

# How long a transaction waits for another's lock before it gives up, so that a test
# that has tied a knot fails instead of waiting for ever.
LOCK_TIMEOUT = "20s"

# `make stress` asks for more.
ROUNDS = int(os.environ.get("DUNNING_ROUNDS", 1))


class ConcurrencyCommon(BaseCase):
    """Customers with an overdue invoice each, committed to the database.

    The test data are records of the main company, made by Odoo itself. Afterwards
    every row that did not exist before is deleted, whatever its table, so that other
    tests of the same database see nothing of it.
    """

    customer_count = 6
    rounds = ROUNDS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.startClassPatcher(
            # Tests are run on Sundays too.
            patch.object(
                cls.registry["res.company"],
                "_dunning_get_days_off",
                lambda company, start, end: set(),
            )
        )
        # The thread that runs the tests holds the lock as long as they last.
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        # Several batches, even with a few customers.
        cls.startClassPatcher(patch.object(dunning_action_execute, "BATCH_SIZE", 2))

    def run(self, result):
        """Run the test as often as asked for, or until something fails."""
        for _round in range(self.rounds):
            outcome = super().run(result)
            if not result.wasSuccessful():
                break
        return outcome

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            before = self._read_last_ids(cr)
        self.addCleanup(self.registry.clear_all_caches)
        self.addCleanup(self._delete_new_rows, before)
        with self._env() as env:
            self._create_data(env)

    # ------------------------------------------------------------------
    # CONNECTIONS
    # ------------------------------------------------------------------

    @contextmanager
    def _env(self, commit=True):
        """Open a connection of its own; its transaction is committed at the end."""
        with self.registry.cursor() as cr:
            yield self._open(cr)
            if not commit:
                cr.rollback()

    def _open(self, cr):
        cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        return api.Environment(cr, SUPERUSER_ID, {})

    def _in_threads(self, *functions):
        """Call each function at the same time, as the server does: in a thread of its
        own, with a connection of its own, and again after a conflict.

        :return: what each of them returned, or raised
        """
        barrier = Barrier(len(functions))
        results = [None] * len(functions)

        def work(number, function):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    barrier.wait(timeout=30)
                    results[number] = retrying(lambda: function(env), env)
            except Exception as error:
                results[number] = error

        threads = [
            Thread(target=work, args=item, name=f"{self._testMethodName}-{item[0]}")
            for item in enumerate(functions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
            self.assertFalse(thread.is_alive(), "the threads wait for each other")
        return results

    # ------------------------------------------------------------------
    # DATA
    # ------------------------------------------------------------------

    def _create_data(self, env):
        """Create customers with an overdue invoice each; return them."""
        template = env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": env["ir.model"]._get_id("dunning.action"),
                "subject": "Reminder",
                "body_html": "<p>Please pay.</p>",
            }
        )
        scenario = env["dunning.scenario"].create(
            {
                "name": "Concurrency",
                "company_id": env.company.id,
                "level_ids": [
                    Command.create(
                        {
                            "name": f"Level {delay}",
                            "delay_days": delay,
                            "mail_template_id": template.id,
                        }
                    )
                    for delay in (5, 15)
                ],
            }
        )
        # The invoices of the past are posted now.
        env.company.dunning_first_contact_days = 0
        partners = env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "email": f"customer{number}@example.com",
                    "dunning_scenario_id": scenario.id,
                }
                for number in range(self.customer_count)
            ]
        )
        self.partner_ids = partners.ids
        self.invoice_ids = self._create_invoices(env, partners).ids
        return partners

    def _create_invoices(self, env, partners, days_late=10):
        """Create an overdue invoice for each customer."""
        today = env.company._dunning_today()
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": fields.Date.subtract(today, days=40),
                    "invoice_date_due": fields.Date.subtract(today, days=days_late),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": 100, "tax_ids": []}
                        )
                    ],
                }
                for partner in partners
            ]
        )
        invoices.action_post()
        return invoices

    def _get_actions(self, env):
        return env["dunning.action"].search([("partner_id", "in", self.partner_ids)])

    def _pay(self, env, invoice_ids):
        """Pay invoices as the "Register Payment" button does."""
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=list(invoice_ids)
        )
        return wizard.create({"group_payment": False})._create_payments().ids

    def assertEachContactedOnce(self, customers=None):
        """Check that customers got one mail each, for a level that is recorded."""
        count = self.customer_count if customers is None else customers
        with self._env() as env:
            actions = self._get_actions(env)
            done = actions.filtered(lambda action: action.state == "done")
            self.assertEqual(len(done), count)
            self.assertEqual(len(done.partner_id), count)
            mails = env["mail.mail"].search(
                [("model", "=", "res.partner"), ("res_id", "in", self.partner_ids)]
            )
            self.assertEqual(len(mails), count)
            self.assertEqual(done.mail_id, mails)
            steps = done.line_ids.filtered("level_id")
            self.assertEqual(len(steps), count)
            states = env["dunning.item.state"].search(
                [("move_line_id", "in", steps.move_line_id.ids)]
            )
            self.assertEqual(len(states), count)

    # ------------------------------------------------------------------
    # CLEANING UP
    # ------------------------------------------------------------------

    def _read_last_ids(self, cr):
        """Return the highest id of each table."""
        cr.execute(
            """
            SELECT cls.relname
              FROM pg_class cls
              JOIN pg_attribute att ON att.attrelid = cls.oid AND att.attname = 'id'
             WHERE cls.relkind = 'r'
               AND cls.relnamespace = current_schema::regnamespace
               -- Whoever has seen a signal must not see it taken back.
               AND cls.relname NOT LIKE 'orm_signaling%'
            """
        )
        counts = [
            SQL("SELECT %s, MAX(id) FROM %s", table, SQL.identifier(table))
            for (table,) in cr.fetchall()
        ]
        cr.execute(SQL(" UNION ALL ").join(counts))
        return {table: last or 0 for table, last in cr.fetchall()}

    def _delete_new_rows(self, before):
        """Delete the rows that were added, those that others refer to at last."""
        with self.registry.cursor() as cr:
            after = self._read_last_ids(cr)
            tables = [table for table in after if after[table] > before.get(table, 0)]
            while tables:
                remaining = [t for t in tables if not self._try_delete(cr, t, before)]
                self.assertLess(len(remaining), len(tables), remaining)
                tables = remaining

    def _try_delete(self, cr, table, before):
        try:
            with cr.savepoint(flush=False):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id > %s",
                        SQL.identifier(table),
                        before.get(table, 0),
                    ),
                    log_exceptions=False,
                )
        except IntegrityError:
            return False
        return True
