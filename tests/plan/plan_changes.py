from datetime import timedelta

from odoo.tools import SQL

from ..plan_ledger import Action, Hold


class PlanChanges:
    """All that can change the plan of a ledger that :class:`LedgerWriter` has written:
    by the ORM where people do it, by SQL where Odoo does, or might.

    Each change is called with two numbers, which choose what is changed and how.
    """

    def __init__(self, writer):
        self.writer, self.case, self.env = writer, writer.case, writer.env
        self.company = self.case.company.with_env(self.env)
        self.partners = self.case.partners.with_env(self.env)
        self.lines = list(writer.lines.values())
        self.scenarios = list(writer.scenarios.values())
        self.levels = list(writer.levels.values())
        self.holds = self.env["dunning.hold"]
        self.actions = self.env["dunning.action"]
        self.payments = self.env["account.payment"]

    @classmethod
    def get_names(cls):
        return sorted(name for name in vars(cls) if name.startswith("change_"))

    def make(self, name, one, two):
        getattr(self, name)(one, two)
        self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # WHAT IS CHOSEN
    # ------------------------------------------------------------------

    def _line(self, number):
        return self.lines[number % len(self.lines)]

    def _move(self, number):
        return self.env["account.move.line"].browse(self._line(number)).move_id

    def _partner(self, number):
        return self.partners[number % len(self.partners)]

    def _scenario(self, number):
        return self.scenarios[number % len(self.scenarios)]

    def _item(self, number):
        return self.writer.items[self._line(number)]

    def _day(self, number):
        return self.company._dunning_today() + timedelta(days=number % 30 - 10)

    def _sql(self, text, *values):
        self.env.flush_all()
        self.env.cr.execute(SQL(text, *values))
        self.env.invalidate_all()

    def _write_line(self, number, column, value):
        self._sql(
            "UPDATE account_move_line SET %s = %s WHERE id = %s",
            SQL.identifier(column),
            value,
            self._line(number),
        )

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def change_payment(self, one, two):
        self._sql(
            """
            UPDATE account_move_line
               SET amount_residual = %s, amount_residual_currency = %s
             WHERE id = %s
            """,
            two * 10,
            two * 10,
            self._line(one),
        )

    def change_reconciled(self, one, two):
        self._write_line(one, "reconciled", two % 2 == 0)

    def change_due_date(self, one, two):
        self._write_line(one, "date_maturity", self._day(two))

    def change_customer_of_item(self, one, two):
        number = two % (len(self.partners) + 1)
        partner = self.partners[number - 1].id if number else None
        self._write_line(one, "partner_id", partner)

    def change_exclusion(self, one, two):
        self._write_line(one, "no_followup", two % 2 == 0)

    def change_posted(self, one, two):
        self._write_line(one, "parent_state", ("draft", "posted")[two % 2])

    def change_number(self, one, two):
        self._write_line(one, "move_name", f"INV/{two}")

    def change_account(self, one, two):
        account = self.case.accounts[("main", "other")[two % 2]]
        self._write_line(one, "account_id", account.id)

    def change_discount(self, one, _two):
        item = self._item(one)
        if item.residual > 0:
            self.writer._write_discount(item, self._line(one))

    def change_discount_date(self, one, two):
        self._sql(
            "UPDATE account_partial_reconcile SET max_date = %s"
            " WHERE debit_move_id = %s",
            self._day(two),
            self._line(one),
        )

    def change_blocked(self, one, two):
        state = ("blocked", "not_paid", "in_payment")[two % 3]
        self._sql(
            "UPDATE account_move SET payment_state = %s WHERE id = %s",
            state,
            self._move(one).id,
        )

    def change_scenario_of_invoice(self, one, two):
        chosen = two % 3 and self._scenario(two)
        if chosen and chosen.company_id not in self._move(one).company_id.parent_ids:
            return
        self._move(one).dunning_scenario_id = chosen or False

    def change_payment_without_entry(self, one, two):
        item = self._item(one)
        if item.customer is None:
            return
        before = self.payments.search([])
        item.paying = 10 + two
        self.writer._write_payment(item, self._line(one))
        self.payments |= self.payments.search([]) - before

    def change_state_of_payment(self, one, two):
        if self.payments:
            self._sql(
                "UPDATE account_payment SET state = %s, amount = amount + 5"
                " WHERE id = %s",
                ("in_process", "paid", "draft", "canceled")[two % 4],
                self.payments[one % len(self.payments)].id,
            )

    def change_invoices_of_payment(self, one, _two):
        if self.payments:
            self._sql(
                "DELETE FROM account_move__account_payment WHERE payment_id = %s",
                self.payments[one % len(self.payments)].id,
            )

    def change_journal(self, _one, two):
        self._sql(
            "UPDATE account_journal SET type = %s WHERE id = %s",
            ("general", "sale")[two % 2],
            self._move(0).journal_id.id,
        )

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def change_archived(self, one, _two):
        partner = self._partner(one)
        partner.active = not partner.active

    def change_parent(self, one, two):
        partner, parent = self._partner(one), self._partner(two)
        if partner != parent and not parent.parent_id and not partner.child_ids:
            partner.write({"parent_id": parent.id, "is_company": False})

    def change_scenario_of_customer(self, one, two):
        partner = self._partner(one).with_company(self.company)
        partner.dunning_scenario_id = two % 3 and self._scenario(two)

    def change_collector(self, one, two):
        user = self.env.ref("base.user_admin") if two % 2 else self.env["res.users"]
        self._partner(one).with_company(self.company).dunning_user_id = user

    def change_what_a_rule_reads(self, one, two):
        self._partner(one).ref = ("DUN", "NOT")[two % 2]

    # ------------------------------------------------------------------
    # WHAT DUNNING KNOWS
    # ------------------------------------------------------------------

    def change_hold(self, one, two):
        item = self._item(one)
        if item.customer is None:
            return
        before = self.holds.search([])
        own = item.residual > 0 and item.company == "own" and two % 3
        owner = self.env["account.move.line"].browse(self._line(one)).partner_id
        if own and owner != self._partner(item.customer):
            return
        end = two % 2 and self.company._dunning_today() + timedelta(days=two)
        self.writer._write_hold(
            Hold(
                item.customer,
                [item] if own else [],
                amount=(two % 4) * 20,
                currency=item.currency,
                end=end or None,
            )
        )
        self.holds |= self.holds.search([]) - before

    def change_end_of_hold(self, one, two):
        if self.holds:
            hold = self.holds[one % len(self.holds)]
            values = ("date_end", self._day(two)), ("date_released", self._day(0))
            column, value = values[two % 2]
            self._sql(
                "UPDATE dunning_hold SET %s = %s, resume = %s, date_resume = %s"
                " WHERE id = %s",
                SQL.identifier(column),
                value,
                ("next", "restart")[one % 2],
                self._day(two),
                hold.id,
            )

    def change_items_of_hold(self, one, _two):
        self._sql(
            "DELETE FROM dunning_hold_move_line_rel WHERE line_id = %s", self._line(one)
        )

    def change_action(self, one, two):
        item = self._item(one)
        taken = self.env["dunning.action.line"].search(
            [("move_line_id", "=", self._line(one))]
        )
        if item.customer is None or not self.levels or taken:
            return
        before = self.actions.search([])
        level = list(self.writer.levels)[two % len(self.levels)]
        self.writer._write_action(
            Action(
                item.customer,
                self._day(two),
                {item: level} if item.residual > 0 else {},
                state=("done", "todo", "to_validate", "failed")[two % 4],
                level=level,
            )
        )
        self.actions |= self.actions.search([]) - before

    def change_state_of_action(self, one, two):
        if self.actions:
            self._sql(
                "UPDATE dunning_action SET state = %s, date = %s WHERE id = %s",
                ("todo", "cancelled", "failed")[two % 3],
                self._day(two),
                self.actions[one % len(self.actions)].id,
            )

    def change_lines_of_action(self, one, _two):
        self._sql(
            "UPDATE dunning_action_line SET state = 'dropped'"
            " WHERE move_line_id = %s AND state = 'open'",
            self._line(one),
        )

    def change_level_reached(self, one, two):
        if self.levels:
            self._sql(
                """
                INSERT INTO dunning_item_state (move_line_id, level_id, date, tone)
                VALUES (%s, %s, %s, %s)
           ON CONFLICT (move_line_id)
             DO UPDATE SET level_id = EXCLUDED.level_id, tone = EXCLUDED.tone
                """,
                self._line(one),
                self.levels[two % len(self.levels)].id,
                self._day(two),
                two % 4,
            )

    def change_level_forgotten(self, one, _two):
        self._sql(
            "DELETE FROM dunning_item_state WHERE move_line_id=%s", self._line(one)
        )

    def change_arrival(self, one, two):
        self.env["dunning.invoice.arrival"]._write_arrivals(
            self._move(one), self._day(two)
        )

    # ------------------------------------------------------------------
    # RULES AND SETTINGS
    # ------------------------------------------------------------------

    def change_minimum(self, one, two):
        self._scenario(one).minimum_amount = two * 10

    def change_contact_gap(self, one, two):
        self._scenario(one).contact_gap_days = two % 12

    def change_rule(self, one, two):
        rules = (False, "[('ref', '=', 'DUN')]", "[]")
        self._scenario(one).partner_domain = rules[two % 3]

    def change_active_scenario(self, one, _two):
        scenario = self._scenario(one)
        scenario.active = not scenario.active

    def change_level(self, one, two):
        if self.levels:
            level = self.levels[one % len(self.levels)]
            others = level.scenario_id.with_context(active_test=False).level_ids
            if two not in others.mapped("delay_days"):
                level.write({"delay_days": two, "gap_days": two % 5})

    def change_active_level(self, one, _two):
        if self.levels:
            level = self.levels[one % len(self.levels)]
            level.active = not level.active

    def change_default_scenario(self, one, two):
        self.company.dunning_scenario_id = two % 3 and self._scenario(one)

    def change_settings(self, _one, two):
        self.company.dunning_include_misc = two % 2 == 0
        self.company.dunning_first_contact_days = two % 9

    def change_calendar(self, one, _two):
        self.writer.ledger.days_off ^= {self._day(one)}
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # TIME, AND WHO KEEPS
    # ------------------------------------------------------------------

    def change_day(self, one, _two):
        self.case._go_to(self.company._dunning_today() + timedelta(days=one % 4))

    def change_what_is_kept(self, _one, _two):
        self.case._keep()
