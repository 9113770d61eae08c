"""Dialogs about promises and disputes, and workbooks, as somebody has opened them."""


def create_agreement_dialogs(env, promise, dispute):
    """Return one record for each dialog about promises and disputes.

    :param env: environment of whoever opens them
    :param promise: one to withdraw; its customer owes something
    :param dispute: one to decide about
    """
    values = {"partner_id": promise.partner_id.id}
    reason = {"reason_id": dispute.reason_id.id}
    asked = {"user_id": dispute.user_id.id, "question": "Was it delivered?"}
    new_promise = env["dunning.promise.dialog"].create(values)
    return [
        new_promise,
        new_promise.line_ids[:1],
        env["dunning.promise.reason"].create(
            {"promise_ids": [(6, 0, promise.ids)], "reason": "On request"}
        ),
        env["dunning.dispute.dialog"].create(values | reason),
        env["dunning.dispute.decision"].create(
            {"dispute_ids": [(6, 0, dispute.ids)], "decision": "cancel"}
        ),
        env["dunning.dispute.ask"].create({"dispute_id": dispute.id} | asked),
        env["dunning.dispute.answer.dialog"].create(
            {"dispute_id": dispute.id, "text": "Please send us the order"}
        ),
    ]


def create_litigation_dialogs(env, litigation):
    """Return one record for each dialog about litigations.

    :param env: environment of whoever opens them
    :param litigation: one to close; its customer owes something else
    """
    other = env["dunning.litigation.dialog"].create(
        {
            "partner_id": litigation.partner_id.id,
            "agent_id": litigation.agent_id.id,
            "kind": litigation.kind,
        }
    )
    closing = env["dunning.litigation.close"].create(
        {"litigation_ids": [(6, 0, litigation.ids)], "end": "irrecoverable"}
    )
    entry = env["dunning.litigation.entry"].create({"litigation_id": litigation.id})
    return [other, closing, entry]


def create_workbooks(env):
    """Return a finished workbook, the dialog that asks for one, and a bulk job.

    :param env: environment of whoever asks
    """
    workbook = env["dunning.workbook"].create({"name": "Aged Balance"})
    workbook._keep(b"A file", 0)
    batch = env["dunning.batch"].create({"kind": "print", "state": "cancelled"})
    return [workbook, env["dunning.workbook.export"].create({}), batch]


def create_forecast(env, items):
    """Return a forecast as if its user had made it, with one of each of its parts."""
    sheet = env["dunning.forecast.sheet"].create({})
    sheet._fill()
    item = env["dunning.forecast.item"].create(
        {"sheet_id": sheet.id, "move_line_id": items[:1].id}
    )
    parts = (sheet.week_ids, sheet.amount_ids, sheet.score_ids, item)
    return [sheet, *(part[:1] for part in parts)]
