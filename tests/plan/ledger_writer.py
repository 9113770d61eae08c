from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from ...models.plan import dunning_plan_due
from .. import plan_model
from ..plan_strategies import FOREIGN_CURRENCY


class LedgerWriter:
    """Writes a ledger of the model into the database.

    Invoices are posted once, for all examples; each example then gives their items
    other customers, dates and amounts in SQL: posting new ones would take most of
    the time, and here only what the plan reads matters. All else is made by the ORM.
    """

    def __init__(self, case, ledger):
        self.case = case
        context = {**case.env.context, "tracking_disable": True}
        self.env = case.env(su=True, context=context)
        self.ledger = ledger
        self.scenarios = {}
        self.levels = {}
        self.lines = dict(zip(ledger.items, case.pool.ids, strict=False))

    def write_ledger(self):
        self._write_scenarios()
        self._write_customers()
        self._write_items()
        for hold in self.ledger.holds:
            self._write_hold(hold)
        for action in self.ledger.actions:
            self._write_action(action)

    def _write_scenarios(self):
        ledger, company = self.ledger, self.case.company
        for sequence, scenario in enumerate(ledger.scenarios):
            record = self.scenarios[scenario] = self.env["dunning.scenario"].create(
                {
                    "name": f"Scenario {sequence}",
                    "sequence": sequence,
                    "company_id": company.id,
                    "minimum_amount": scenario.minimum,
                    "contact_gap_days": scenario.contact_gap,
                    "amount_from": scenario.amount_from,
                    "amount_to": scenario.amount_to,
                    "partner_domain": self._get_rule(scenario),
                    "active": scenario.active,
                    "level_ids": [
                        Command.create(
                            {
                                "name": f"Level {level.delay}",
                                "delay_days": level.delay,
                                "gap_days": level.gap,
                                "active": level.active,
                                "tone": level.tone,
                                "channel": level.channel,
                            }
                        )
                        for level in scenario.levels
                    ],
                }
            )
            records = record.with_context(active_test=False).level_ids
            by_delay = {level.delay_days: level for level in records}
            for level in scenario.levels:
                self.levels[level] = by_delay[level.delay]
        company.dunning_scenario_id = self.scenarios.get(ledger.default)

    def _get_rule(self, scenario):
        if scenario.customers is None:
            return False
        return repr([("id", "in", [self._get_partner(c) for c in scenario.customers])])

    def _get_partner(self, customer):
        return None if customer is None else self.case.partners[customer].id

    def _write_customers(self):
        partners = self.case.partners.with_env(self.env)
        for customer, scenario in self.ledger.chosen.items():
            partners[customer].dunning_scenario_id = self.scenarios[scenario]
        for customer in self.ledger.archived:
            partners[customer].active = False

    def _write_items(self):
        self.env.flush_all()
        self.case.company.dunning_first_contact_days = self.ledger.first_contact_days
        for item, line_id in self.lines.items():
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move_line
                       SET reconciled = FALSE,
                           partner_id = %(partner)s,
                           date_maturity = %(due)s,
                           amount_residual_currency = %(residual)s,
                           amount_residual = %(company)s,
                           currency_id = %(currency)s,
                           no_followup = %(excluded)s,
                           company_id = %(of)s,
                           account_id = %(account)s
                     WHERE id = %(line)s;
                    UPDATE account_move move
                       SET company_id = %(of)s,
                           dunning_scenario_id = %(scenario)s,
                           payment_state = %(payment_state)s,
                           currency_id = %(currency)s
                      FROM account_move_line line
                     WHERE line.id = %(line)s AND move.id = line.move_id
                    """,
                    partner=self._get_partner(item.customer),
                    due=item.due,
                    residual=float(item.residual),
                    company=float(item.residual_company),
                    currency=self._get_currency(item.currency),
                    excluded=item.excluded,
                    of=self.case.companies[item.company].id,
                    account=self.case.accounts[item.account].id,
                    scenario=item.scenario and self.scenarios[item.scenario].id,
                    payment_state="blocked" if item.blocked else "not_paid",
                    line=line_id,
                )
            )
            if item.discounted:
                self._write_discount(item, line_id)
            if item.arrived:
                move = self.env["account.move.line"].browse(line_id).move_id
                self.env["dunning.invoice.arrival"]._write_arrivals(move, item.arrived)
        self.env.invalidate_all()
        for item, line_id in self.lines.items():
            if item.paying:
                self._write_payment(item, line_id)

    def _write_discount(self, item, line_id):
        """A payment in time for the discount, which is what is left to pay."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line
                   SET amount_currency = %(residual)s + 70,
                       discount_amount_currency = 70,
                       discount_date = %(day)s
                 WHERE id = %(line)s;
                INSERT INTO account_partial_reconcile (
                    debit_move_id, credit_move_id, debit_amount_currency, max_date,
                    company_id
                )
                SELECT id, id, 70, %(day)s, company_id
                  FROM account_move_line
                 WHERE id = %(line)s
                """,
                residual=float(item.residual),
                day=item.due - timedelta(days=20),
                line=line_id,
            )
        )

    def _write_payment(self, item, line_id):
        """A payment that has no journal entry until the bank confirms it."""
        move = self.env["account.move.line"].browse(line_id).move_id
        company = self.case.companies[item.paid_in]
        payment = self.env["account.payment"].create(
            {
                "journal_id": self.case.company_data["default_journal_bank"].id,
                "company_id": company.id,
                "partner_id": self.case.partners[item.customer].id,
                "amount": float(item.paying),
                "currency_id": move.currency_id.id,
                "invoice_ids": [Command.link(move.id)],
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_payment SET state = 'in_process' WHERE id = %s;
                UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s
                """,
                payment.id,
                move.id,
            )
        )
        self.env.invalidate_all()

    def _get_currency(self, currency):
        if currency == FOREIGN_CURRENCY:
            return self.env.ref("base.USD").id
        return self.case.company.currency_id.id

    def _write_hold(self, hold):
        record = self.env["dunning.hold"].create(
            {
                "partner_id": self._get_partner(hold.customer),
                "move_line_ids": [Command.set([self.lines[i] for i in hold.items])],
                "amount": float(hold.amount),
                "currency_id": self._get_currency(hold.currency),
                "date_end": hold.end,
                "note": "On request",
            }
        )
        if hold.released:
            record.action_release()
        if hold.resume:
            resume, day = hold.resume
            record.write({"resume": resume, "date_resume": day})

    def _write_action(self, action):
        record = self.env["dunning.action"].create(
            {
                "level_id": action.level and self.levels[action.level].id,
                "channel": action.channel,
                "partner_id": self._get_partner(action.customer),
                "date": action.date,
                "kind": action.kind,
                "execution": action.execution,
                "state": "todo" if action.state == "done" else action.state,
            }
        )
        self.env["dunning.action.line"].create(
            [
                {
                    "action_id": record.id,
                    "move_line_id": self.lines[item],
                    "item_ref": self.lines[item],
                    "level_id": level and self.levels[level].id,
                    "currency_id": self._get_currency(item.currency),
                }
                for item, level in [
                    *action.levels.items(),
                    *((item, None) for item in action.listed),
                ]
            ]
        )
        if action.state == "done":
            record._mark_done(action.date)

    def read_plan(self):
        """Return the plan of the database in the terms of the model."""
        return {
            self.items[row.move_line_id]: self._get_verdict(row._asdict())
            for row in self.case.company._dunning_plan(self.ledger.date)
        }

    def read_plan_of_customers(self):
        """Return the same by the statement that names the customers."""
        scope = self.case.company._dunning_scope(
            self.ledger.date, partners=self.case.partners.ids
        )
        query = self.env["dunning.plan"]._get_query(scope)
        rows = self.env.execute_query_dict(query)
        return {self.items[row["id"]]: self._get_verdict(row) for row in rows}

    def _get_verdict(self, row):
        # A row that is out has no step: its level means nothing.
        level = self.levels_by_id[row["level_id"]] if row["decision"] != "out" else None
        return plan_model.Verdict(row["decision"], level, row["date"], row["reason"])

    @property
    def items(self):
        return {line_id: item for item, line_id in self.lines.items()}

    @property
    def levels_by_id(self):
        return {record.id: level for level, record in self.levels.items()}

    def read_due_customers(self, few_share):
        """Return the customers, in the terms of the model, that a run looks at.

        :param few_share: share of the customers up to which only theirs are read
        """
        scope = self.case.company._dunning_scope(self.ledger.date)
        with patch.object(dunning_plan_due, "FEW_CUSTOMERS_SHARE", few_share):
            due = self.env["dunning.plan"]._get_due_customers(scope)
        return {
            number
            for number, partner in enumerate(self.case.partners)
            if partner.id in due.ids
        }
