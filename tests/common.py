from odoo import Command
from odoo.fields import Domain

from .common_ledger import LedgerCommon

# Levels of the scenario that tests get unless they ask for others.
LEVELS = (("Reminder", 5, {}), ("Second Reminder", 15, {}), ("Formal Notice", 30, {}))


class DunningCommon(LedgerCommon):
    """A company that duns its customers.

    Runs take place on the day of the clock, as in life: see :class:`LedgerCommon`
    for the clock and the ledger. ``self.scenario`` is the company's default; it has
    no gaps and no minimum, so that a test asks for those it is about.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the addon ships has rules of its own, which would apply here too.
        # All companies share it, and whoever tests works in one.
        cls.env["dunning.scenario"].sudo().search([]).active = False
        cls.collector = cls._create_user("collector", "group_dunning_collector")
        cls.company.dunning_user_id = cls.collector
        # Tests post the invoices of the past on one day.
        cls.company.dunning_first_contact_days = 0
        cls.mail_template = cls._create_mail_template()
        cls.scenario = cls._create_scenario(name="Test Scenario")
        cls.company.dunning_scenario_id = cls.scenario

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
            "letter_template_id": cls.env.ref(
                "account_dunning.letter_template_courteous"
            ).id,
            "attach_invoices": False,
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
    def _create_hold(cls, items=None, **values):
        """Hold items or, without them, the whole customer.

        :param items: journal items, or entries
        :param values: fields of the hold; ``date_end`` as in :meth:`_day`
        """
        if items is not None and items._name == "account.move":
            items = cls._items(items)
        if "date_end" in values:
            values["date_end"] = cls._day(values["date_end"])
        partners = items.partner_id.commercial_partner_id if items else cls.customer
        return cls.env["dunning.hold"].create(
            {
                "partner_id": partners[:1].id,
                "company_id": (items.company_id if items else cls.env.company).id,
                "move_line_ids": [Command.set(items.ids if items else [])],
                "note": "On request",
            }
            | values
        )

    @classmethod
    def _create_second_company(cls, name="Second Company", **values):
        """Create a company with its own chart of accounts, scenario left empty."""
        data = cls.setup_other_company(
            name=name, currency_id=cls.env.ref("base.EUR").id, **values
        )
        data["company"].dunning_scenario_id = False
        data["company"].dunning_first_contact_days = 0
        return data["company"]

    @classmethod
    def _create_branch(cls, company=None, name="Branch", **values):
        """Create a branch without scenario of its own."""
        branch = cls.env["res.company"].create(
            {"name": name, "parent_id": (company or cls.company).id, **values}
        )
        # Before the transaction ends the branch gets its parent's accounts.
        cls.cr.precommit.run()
        branch.dunning_scenario_id = False
        branch.dunning_first_contact_days = 0
        cls.env.user.company_ids |= branch
        return branch

    # ------------------------------------------------------------------
    # DUNNING
    # ------------------------------------------------------------------

    def _plan(self, day=None, company=None):
        """Return the plan as a dict of journal item to row; the clock stays."""
        # Whoever made the company's records: the plan is that of the engine.
        company = (company or self.env.company).with_env(self.env)
        rows = company._dunning_plan(self._day(day))
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

    def _shown(self, action):
        """Return what the screen of an action shows of what goes out by it."""
        return action.get_preview()

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
