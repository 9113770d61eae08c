from datetime import date as Date
from datetime import datetime, timedelta

from freezegun import configure, freeze_time

from odoo import Command, fields
from odoo.fields import Domain

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

# The log keeps the real time, from which the duration of tests is read.
configure(extend_ignore_list=["logging"])

# Levels of the scenario that tests get unless they ask for others.
LEVELS = (("Reminder", 5, {}), ("Second Reminder", 15, {}), ("Formal Notice", 30, {}))


class DunningCommon(AccountTestInvoicingCommon):
    """A company in Paris that works from Monday to Friday, on a day that tests move.

    How it works: the clock stands still at noon of :attr:`today`, a Monday;
    :meth:`_go_to` moves it, and each test begins at :attr:`today` again. Runs take
    place on the day of the clock, as in life. ``self.scenario`` is the company's
    default; it has no gaps and no minimum, so that a test asks for those it is
    about. Days are given as a date, as text, or as a number of days from
    :attr:`today`: the same number is a due date before it, or a run after it.
    """

    today = Date(2026, 3, 2)

    @classmethod
    def setUpClass(cls):
        cls.clock = cls.startClassPatcher(freeze_time(cls._noon(cls.today)))
        super().setUpClass()
        cls.env.company.write({"name": "Dunning Company", "email": "us@example.com"})
        cls.company.partner_id.tz = "Europe/Paris"
        cls.company.resource_calendar_id.tz = "Europe/Paris"
        # What the addon ships has rules of its own, which would apply here too.
        cls.env["dunning.scenario"].search([]).active = False
        cls.collector = cls._create_user("collector", "group_dunning_collector")
        cls.company.dunning_user_id = cls.collector
        cls.mail_template = cls._create_mail_template()
        cls.scenario = cls._create_scenario(name="Test Scenario")
        cls.company.dunning_scenario_id = cls.scenario
        cls.customer = cls._create_customer("Customer")

    def setUp(self):
        super().setUp()
        self._go_to(self.today)

    # ------------------------------------------------------------------
    # TIME
    # ------------------------------------------------------------------

    @staticmethod
    def _noon(day):
        return datetime(day.year, day.month, day.day, 11)

    @classmethod
    def _day(cls, day):
        """Return a date given as such, as text, or in days from ``today``."""
        if isinstance(day, int) and not isinstance(day, bool):
            return cls.today + timedelta(days=day)
        return fields.Date.to_date(day)

    def _go_to(self, day):
        """Set the clock.

        :param day: a day, at noon; or a ``datetime`` in UTC
        """
        moment = day if isinstance(day, datetime) else self._noon(self._day(day))
        self.clock.move_to(moment)

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    @classmethod
    def _create_user(cls, login, group, company=None, **values):
        company = company or cls.company
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.capitalize(),
                    "login": login,
                    "email": f"{login}@example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set(cls.env.ref(f"account_dunning.{group}").ids)
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _create_customer(cls, name="Customer", **values):
        return cls.env["res.partner"].create(
            {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com"}
            | values
        )

    @classmethod
    def _create_mail_template(cls, **values):
        return cls.env["mail.template"].create(
            {
                "name": "Test Reminder",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "subject": "Reminder for {{ object.partner_id.name }}",
                "body_html": '<p>You owe <t t-out="object.amount"/></p>',
                "lang": "{{ object.contact_id.lang }}",
            }
            | values
        )

    @classmethod
    def _create_scenario(cls, levels=LEVELS, **values):
        """Create a scenario without gaps nor minimum.

        :param levels: list of ``(name, days from due date, other values)``
        """
        return cls.env["dunning.scenario"].create(
            {
                "name": "Scenario",
                "company_id": cls.env.company.id,
                "contact_gap_days": 0,
                "level_ids": [
                    Command.create(cls._prepare_level(*level)) for level in levels
                ],
            }
            | values
        )

    @classmethod
    def _prepare_level(cls, name, delay_days, values=None):
        return {
            "name": name,
            "delay_days": delay_days,
            "gap_days": 0,
            "channel": "email",
            "execution": "automatic",
            "mail_template_id": cls.mail_template.id,
        } | (values or {})

    @classmethod
    def _set_levels(cls, levels, scenario=None):
        """Replace the levels of a scenario that has not been used yet.

        :return: the new levels, in order
        """
        scenario = scenario or cls.scenario
        scenario.level_ids.unlink()
        scenario.level_ids = [
            Command.create(cls._prepare_level(*level)) for level in levels
        ]
        return scenario.level_ids.sorted("delay_days")

    @classmethod
    def _create_invoice(
        cls, partner=None, due=None, amount=100.0, *, post=True, **values
    ):
        """Create an invoice or credit note of one line, without tax.

        :param due: due date, see :meth:`_day`; ignored with ``terms``
        :param amount: in the currency of the invoice
        :param values: ``currency``, ``terms`` (payment term), ``company``, ``date``,
            or fields of the entry
        """
        # OVERRIDES 'account': dunning is about who, when and how much
        due = cls._day(0 if due is None else due)
        company = values.pop("company", cls.env.company)
        terms = values.pop("terms", None)
        day = cls._day(values.pop("date", due - timedelta(days=30)))
        currency = values.pop("currency", company.currency_id)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.customer).id,
                    "invoice_date": day,
                    "date": day,
                    "currency_id": currency.id,
                    "invoice_payment_term_id": terms.id if terms else False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": []}
                        )
                    ],
                }
                | ({} if terms else {"invoice_date_due": due})
                | values
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _create_terms(cls, *parts):
        """Create a payment term.

        :param parts: ``(percent, days after the invoice date)`` of each instalment
        """
        return cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": percent, "nb_days": days}
                    )
                    for percent, days in parts
                ],
            }
        )

    @classmethod
    def _create_entry(cls, partner=None, due=None, amount=100.0, **values):
        """Create a miscellaneous entry with a receivable item.

        :param amount: what the customer owes by it; negative for a credit
        :param values: ``journal``, ``account`` (receivable), or fields of the item
        """
        journal = values.pop("journal", cls.company_data["default_journal_misc"])
        account = values.pop("account", cls.company_data["default_account_receivable"])
        due = cls._day(0 if due is None else due)
        move = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": due,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Balance",
                            "account_id": account.id,
                            "partner_id": (partner or cls.customer).id,
                            "date_maturity": due,
                            "balance": amount,
                        }
                        | values
                    ),
                    Command.create(
                        {
                            "name": "Counterpart",
                            "account_id": cls.company_data[
                                "default_account_revenue"
                            ].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, moves, amount=None, date=None, **values):
        """Pay invoices as the "Register Payment" button does.

        :param amount: in the currency of the invoices; by default all of it
        :return: the payments
        """
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {"payment_date": cls._day(date) or fields.Date.today(), **values}
                | ({} if amount is None else {"amount": amount})
            )
        )
        return wizard._create_payments()

    @classmethod
    def _create_payment(cls, partner=None, amount=100.0, date=None, **values):
        """Post a payment that is not allocated to any invoice."""
        payment = cls.env["account.payment"].create(
            {
                "amount": amount,
                "date": cls._day(date) or fields.Date.today(),
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.customer).id,
                "payment_method_line_id": cls.inbound_payment_method_line.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def _credit_note(cls, invoice, amount=None, reconcile=True, date=None):
        """Credit an invoice, wholly or in part.

        :param reconcile: set the credit off against the invoice
        """
        day = cls._day(date) or fields.Date.today()
        credit_note = cls._create_invoice(
            invoice.partner_id,
            day,
            invoice.amount_residual if amount is None else amount,
            move_type="out_refund",
            date=day,
            currency=invoice.currency_id,
            company=invoice.company_id,
        )
        if reconcile:
            (cls._items(invoice) | cls._items(credit_note)).filtered(
                lambda item: not item.reconciled
            ).reconcile()
        return credit_note

    @classmethod
    def _create_hold(cls, items=None, **values):
        """Hold items or, without them, the whole customer.

        :param items: journal items, or entries
        :param values: fields of the hold; ``date_end`` as in :meth:`_day`
        """
        if items is not None and items._name == "account.move":
            items = cls._items(items)
        if "date_end" in values:
            values["date_end"] = cls._day(values["date_end"])
        partner = items.partner_id.commercial_partner_id if items else cls.customer
        return cls.env["dunning.hold"].create(
            {
                "partner_id": partner.id,
                "company_id": (items.company_id if items else cls.env.company).id,
                "move_line_ids": [Command.set(items.ids if items else [])],
            }
            | values
        )

    @classmethod
    def _add_holiday(cls, day, company=None):
        company = company or cls.env.company
        day = cls._day(day)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Public Holiday",
                "company_id": company.id,
                "calendar_id": company.resource_calendar_id.id,
                "resource_id": False,
                "date_from": datetime(day.year, day.month, day.day),
                "date_to": datetime(day.year, day.month, day.day, 23, 59, 59),
            }
        )

    @classmethod
    def _create_second_company(cls, name="Second Company", **values):
        """Create a company with its own chart of accounts, scenario left empty."""
        data = cls.setup_other_company(
            name=name, currency_id=cls.env.ref("base.EUR").id, **values
        )
        data["company"].dunning_scenario_id = False
        return data["company"]

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account': euros, as the examples of the documentation
        euro = cls._enable_currency("EUR")
        return super().setup_independent_company(currency_id=euro.id, **kwargs)

    # ------------------------------------------------------------------
    # DUNNING
    # ------------------------------------------------------------------

    @classmethod
    def _items(cls, moves):
        """Return the receivable items of entries, the oldest first."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _plan(self, day=None, company=None):
        """Return the plan as a dict of journal item to row; the clock stays."""
        rows = (company or self.env.company)._dunning_plan(self._day(day))
        lines = self.env["account.move.line"]
        return {lines.browse(row.move_line_id): row for row in rows}

    def _run(self, day=None, company=None, **options):
        """Go to a day and run the dunning.

        :return: the ``dunning.run``
        """
        if day is not None:
            self._go_to(day)
        return (company or self.env.company)._dunning_run(**options)

    def _execute(self, source):
        """Execute the open actions of a run, or actions.

        :return: the actions
        """
        actions = source.action_ids if source._name == "dunning.run" else source
        actions.filtered(
            lambda action: action.state in ("to_validate", "todo", "failed")
        ).action_execute()
        return actions

    def _step(self, day=None, company=None):
        """Go to a day, run and execute: what a day of dunning does.

        :return: the actions of the day
        """
        run = self._run(day, company)
        return self._execute(run) if run.action_ids else run.action_ids

    def _cron_execute(self):
        """Let the scheduled action send what is due."""
        self._trigger_cron("account_dunning.cron_execute")

    def _cron_run(self):
        """Let the scheduled action run the dunning of all companies."""
        self._trigger_cron("account_dunning.cron_run")

    def _trigger_cron(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()

    def _actions(self, partner=None, **values):
        """Return the actions of a customer, the oldest first."""
        domain = Domain("partner_id", "=", (partner or self.customer).id)
        for name, value in values.items():
            domain &= Domain(name, "=", value)
        return self.env["dunning.action"].search(domain, order="id")

    def _reached(self, item):
        """Return the level that an item (or entry with one item) has reached."""
        item = self._items(item) if item._name == "account.move" else item
        state = self.env["dunning.item.state"].search([("move_line_id", "=", item.id)])
        return state.level_id

    # ------------------------------------------------------------------
    # ASSERTIONS
    # ------------------------------------------------------------------

    def assertPlanned(self, item, decision, day=None, **expected):
        """Check what the plan of a day says of an item.

        :param item: journal item, or an entry with one item
        :param day: day of the plan, that of the clock by default
        :param expected: ``level``, ``date``, ``reason``; those not given are not
            checked, except that a step has no reason
        """
        item = self._items(item) if item._name == "account.move" else item
        item.ensure_one()
        row = self._plan(day, item.company_id).get(item)
        self.assertTrue(row, f"{item.display_name} is not in the plan")
        if decision == "step":
            expected.setdefault("reason", None)
        found = {"decision": row.decision}
        wanted = {"decision": decision}
        if "level" in expected:
            level = expected.pop("level")
            found["level"] = self.env["dunning.level"].browse(row.level_id).name
            wanted["level"] = level.name if level else False
        if "date" in expected:
            expected["date"] = self._day(expected["date"])
        for name, value in expected.items():
            found[name] = row[name]
            wanted[name] = value
        self.assertEqual(found, wanted)

    def assertNotPlanned(self, item, day=None):
        """Check that dunning does not look at the items at all."""
        item = self._items(item) if item._name == "account.move" else item
        self.assertFalse(self._plan(day, item.company_id).keys() & set(item))

    def assertListed(self, actions, expected):
        """Check the lines of actions that are not left out.

        :param expected: dict of entry (or journal item) to the level it reaches,
            None when it is only listed
        """
        found = {
            line.move_line_id: line.level_id.name or None
            for line in actions.line_ids
            if line.state != "dropped"
        }
        wanted = {
            self._items(item) if item._name == "account.move" else item: (
                level.name if level else None
            )
            for item, level in expected.items()
        }
        self.assertEqual(found, wanted)
