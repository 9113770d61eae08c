"""What of the database changes what is kept of which customers."""

from typing import NamedTuple

# Of so many actions or lines changed by one statement, items are looked up that others
# may owe. Runs create more, and of items of the customers alone.
FEW_ROWS = 10_000


class Watch(NamedTuple):
    """What of a table changes the plan of which customers.

    :param table: its name
    :param columns: which the plan reads
    :param partners: SQL selecting contacts, from ``OLD`` and ``NEW``; either is empty
        for a row that is added or deleted. Of a statement, from the table ``changed``
    :param events: by which something changes
    :param at_once: look at all the rows of a statement together
    :param condition: on ``{row}``, without which nothing of it is read
    :param name: of the function, where a table is watched in several ways
    """

    table: str
    columns: tuple[str, ...]
    partners: str
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
    at_once: bool = False
    condition: str = "TRUE"
    name: str = ""


OF_ITEMS = """
    SELECT COALESCE(line.partner_id, 0)
      FROM account_move_line line
     WHERE {} AND line.amount_residual_currency != 0
"""

WATCHED = (
    Watch(
        "account_move_line",
        (
            "account_id",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "discount_amount_currency",
            "discount_date",
            "invoice_date",
            "journal_id",
            "move_id",
            "move_name",
            "name",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
        ),
        """
        SELECT COALESCE(item.partner_id, 0)
          FROM (
                   VALUES (OLD.partner_id, OLD.account_id),
                          (NEW.partner_id, NEW.account_id)
               ) item(partner_id, account_id)
          JOIN account_account account ON account.id = item.account_id
         WHERE account.account_type = 'asset_receivable'
        """,
        condition="{row}.parent_state = 'posted' AND ("
        "{row}.amount_residual_currency != 0 OR {row}.amount_residual != 0)",
    ),
    # What is reconciled counts from the date of both sides, if both are posted.
    Watch(
        "account_move_line",
        ("date", "parent_state"),
        """
        SELECT COALESCE(line.partner_id, 0)
          FROM (
                   SELECT credit_move_id AS line_id
                     FROM account_partial_reconcile
                    WHERE debit_move_id = NEW.id
                UNION ALL
                   SELECT debit_move_id
                     FROM account_partial_reconcile
                    WHERE credit_move_id = NEW.id
               ) other
          JOIN account_move_line line ON line.id IN (other.line_id, NEW.id)
        """,
        events=("UPDATE",),
        # Else there is no other side.
        condition="{row}.reconciled"
        " OR {row}.amount_residual NOT IN (0, {row}.balance)"
        " OR {row}.amount_residual_currency NOT IN (0, {row}.amount_currency)",
        name="reconciled",
    ),
    Watch(
        "account_move",
        (
            "amount_total",
            "company_id",
            "currency_id",
            "dunning_scenario_id",
            "payment_state",
        ),
        OF_ITEMS.format("line.move_id IN (OLD.id, NEW.id)"),
        condition="{row}.state = 'posted'",
    ),
    Watch(
        "account_partial_reconcile",
        (
            "amount",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ),
        """
        SELECT DISTINCT COALESCE(line.partner_id, 0)
          FROM account_move_line line
         WHERE line.id IN (
                   OLD.debit_move_id, OLD.credit_move_id,
                   NEW.debit_move_id, NEW.credit_move_id
               )
        """,
    ),
    Watch(
        "account_payment",
        (
            "amount",
            "company_id",
            "currency_id",
            "date",
            "move_id",
            "partner_id",
            "partner_type",
            "payment_type",
            "state",
        ),
        """
        SELECT COALESCE(payer.id, 0)
          FROM UNNEST(ARRAY[OLD.partner_id, NEW.partner_id]) payer(id)
         UNION
        SELECT COALESCE(line.partner_id, 0)
          FROM account_move__account_payment rel
          JOIN account_move_line line ON line.move_id = rel.invoice_id
         WHERE rel.payment_id IN (OLD.id, NEW.id)
           AND line.amount_residual_currency != 0
        """,
        condition="{row}.payment_type = 'inbound' AND {row}.move_id IS NULL",
    ),
    Watch(
        "account_move__account_payment",
        (),
        OF_ITEMS.format("line.move_id IN (OLD.invoice_id, NEW.invoice_id)")
        + """
         UNION
        SELECT COALESCE(partner_id, 0)
          FROM account_payment
         WHERE id IN (OLD.payment_id, NEW.payment_id)
        """,
        events=("INSERT", "DELETE"),
    ),
    Watch(
        "res_partner",
        ("active", "commercial_partner_id", "dunning_scenario_id", "dunning_user_id"),
        """
        SELECT DISTINCT contact.id
          FROM UNNEST(ARRAY[
                   NEW.id, OLD.commercial_partner_id, NEW.commercial_partner_id
               ]) contact(id)
         WHERE contact.id IS NOT NULL
        """,
        # Who is new owes nothing yet.
        events=("UPDATE",),
    ),
    Watch(
        "dunning_action",
        (),
        f"""
        SELECT DISTINCT partner_id FROM changed
         UNION
        SELECT COALESCE(line.partner_id, 0)
          FROM (SELECT COUNT(*) FROM changed) size(rows)
          JOIN changed ON size.rows < {FEW_ROWS}
          JOIN dunning_action_line own
            ON own.action_id = changed.id AND own.state = 'open'
          JOIN account_move_line line ON line.id = own.move_line_id
        """,
        events=("INSERT", "DELETE"),
        at_once=True,
    ),
    # Row by row: payments change amounts, of which a trigger of all rows is told too.
    Watch(
        "dunning_action",
        (
            "company_id",
            "date",
            "date_done",
            "execution",
            "kind",
            "partner_id",
            "state",
        ),
        """
        SELECT UNNEST(ARRAY[OLD.partner_id, NEW.partner_id])
         UNION
        SELECT COALESCE(line.partner_id, 0)
          FROM dunning_action_line own
          JOIN account_move_line line ON line.id = own.move_line_id
         WHERE own.action_id = NEW.id AND own.state = 'open'
        """,
        events=("UPDATE",),
        name="dunning_action_changed",
    ),
    Watch(
        "dunning_action_line",
        (),
        f"""
        SELECT DISTINCT action.partner_id
          FROM (SELECT DISTINCT action_id FROM changed) own
          JOIN dunning_action action ON action.id = own.action_id
         UNION
        SELECT COALESCE(line.partner_id, 0)
          FROM (SELECT COUNT(*) FROM changed) size(rows)
          JOIN changed ON size.rows < {FEW_ROWS}
          JOIN account_move_line line ON line.id = changed.move_line_id
        """,
        events=("INSERT", "DELETE"),
        at_once=True,
    ),
    Watch(
        "dunning_action_line",
        ("action_id", "level_id", "move_line_id", "state"),
        """
        SELECT partner_id
          FROM dunning_action
         WHERE id IN (OLD.action_id, NEW.action_id)
         UNION
        SELECT COALESCE(partner_id, 0)
          FROM account_move_line
         WHERE id IN (OLD.move_line_id, NEW.move_line_id)
        """,
        events=("UPDATE",),
        name="dunning_action_line_changed",
    ),
    Watch(
        "dunning_item_state",
        (),
        """
        SELECT DISTINCT COALESCE(line.partner_id, 0)
          FROM changed
          JOIN account_move_line line ON line.id = changed.move_line_id
         WHERE line.reconciled IS NOT TRUE
        """,
        at_once=True,
    ),
    Watch(
        "dunning_invoice_arrival",
        ("date", "move_id"),
        OF_ITEMS.format("line.move_id IN (OLD.move_id, NEW.move_id)"),
    ),
    Watch(
        "dunning_hold",
        (
            "amount",
            "company_id",
            "currency_id",
            "date_end",
            "date_released",
            "date_resume",
            "partner_id",
            "resume",
            "scope",
        ),
        """
        SELECT UNNEST(ARRAY[OLD.partner_id, NEW.partner_id])
         UNION
        SELECT COALESCE(line.partner_id, 0)
          FROM dunning_hold_move_line_rel rel
          JOIN account_move_line line ON line.id = rel.line_id
         WHERE rel.hold_id IN (OLD.id, NEW.id)
        """,
    ),
    Watch(
        "dunning_hold_move_line_rel",
        (),
        """
        SELECT COALESCE(line.partner_id, 0)
          FROM account_move_line line
         WHERE line.id IN (OLD.line_id, NEW.line_id)
        """,
        events=("INSERT", "DELETE"),
    ),
)
