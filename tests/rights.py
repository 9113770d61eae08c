"""Who may do what: the tables that the tests of rights compare the addon with.

A model or a public method of the addon that is missing here fails the suite.
"""

# Users without any dunning group, with each of them, of the portal, and a credit
# manager of another company.
KINDS = ("internal", "auditor", "collector", "manager", "portal", "outsider")

INSIDE = ("auditor", "collector", "manager")
WORKERS = ("collector", "manager")
MANAGERS = ("manager",)
EMPLOYEES = ("internal", *INSIDE, "outsider")
ANYBODY = KINDS

# Rights on a record of our company (a dialog: on one's own), as letters of create,
# read, write, unlink; kinds that are not named have none.
READ_ONLY = {"auditor": "r", "collector": "r", "manager": "r"}
CONFIGURATION = {"auditor": "r", "collector": "r", "manager": "crwu"}
WORK = {"auditor": "r", "collector": "crw", "manager": "crw"}
PART_OF_WORK = {"auditor": "r", "collector": "crwu", "manager": "crwu"}
AGREED = {"auditor": "r", "collector": "cr", "manager": "cr"}
# Each company's collectors have these; the actions they hold are those one may see.
DIALOG = {"collector": "crwu", "manager": "crwu", "outsider": "crwu"}
# A dialog about a company is for those who work in it.
COMPANY_DIALOG = {"collector": "crwu", "manager": "crwu"}
DRY_RUN = {"auditor": "crwu", "collector": "crwu", "manager": "crwu"}
DRY_RUN_LINE = {"auditor": "rw", "collector": "rw", "manager": "rw"}
# Whoever sees figures may choose of which day.
FIGURES_DIALOG = {kind: "crwu" for kind in (*INSIDE, "outsider")}
MANAGER_DIALOG = {"manager": "crwu"}

MODELS = {
    "dunning.aged.balance": READ_ONLY,
    "dunning.aged.balance.day": FIGURES_DIALOG,
    "dunning.action": WORK,
    "dunning.action.edit": DIALOG,
    "dunning.action.line": READ_ONLY,
    "dunning.action.postpone": DIALOG,
    "dunning.action.send": DIALOG,
    "dunning.action.skip": DIALOG,
    "dunning.call.outcome": DIALOG,
    "dunning.action.validate": DIALOG,
    "dunning.coverage": READ_ONLY,
    "dunning.department": CONFIGURATION,
    "dunning.dispute": WORK,
    "dunning.dispute.credit": READ_ONLY,
    "dunning.dispute.document": PART_OF_WORK,
    "dunning.dispute.question": READ_ONLY,
    "dunning.dispute.stage": READ_ONLY,
    "dunning.dispute.ask": DIALOG,
    "dunning.dispute.decision": DIALOG,
    "dunning.dispute.dialog": COMPANY_DIALOG,
    # Nobody's: the engine's own.
    "dunning.handover": {},
    "dunning.follow.up": DIALOG,
    "dunning.call.outcome.line": DIALOG,
    "dunning.hold": WORK,
    "dunning.invoice.arrival": READ_ONLY,
    "dunning.item": READ_ONLY,
    "dunning.item.state": READ_ONLY,
    "dunning.level": CONFIGURATION,
    "dunning.age.alert": READ_ONLY,
    "dunning.dispute.time": READ_ONLY,
    "dunning.late.customer": READ_ONLY,
    "dunning.payer": READ_ONLY,
    "dunning.promise.rate": READ_ONLY,
    "dunning.reason.trend": READ_ONLY,
    "dunning.success": READ_ONLY,
    "dunning.preview": DRY_RUN,
    "dunning.preview.line": DRY_RUN_LINE,
    "dunning.procedure": READ_ONLY,
    "dunning.promise": WORK,
    "dunning.promise.dialog": COMPANY_DIALOG,
    "dunning.promise.dialog.line": COMPANY_DIALOG,
    "dunning.promise.reason": DIALOG,
    "dunning.promise.line": AGREED,
    "dunning.reason": CONFIGURATION,
    "dunning.reason.document": CONFIGURATION,
    "dunning.run": READ_ONLY,
    "dunning.scenario": CONFIGURATION,
    "dunning.sending": READ_ONLY,
    "dunning.sending.file": READ_ONLY,
    "dunning.sending.recipient": READ_ONLY,
    "dunning.settings": MANAGER_DIALOG,
    "dunning.start.levels": MANAGER_DIALOG,
    "dunning.start.levels.line": MANAGER_DIALOG,
    # One's own, whatever it is about.
    "dunning.workbook": dict.fromkeys((*INSIDE, "outsider"), "ru"),
    "dunning.workbook.export": dict.fromkeys((*INSIDE, "outsider"), "crwu"),
    "dunning.workbook.schedule": MANAGER_DIALOG,
}

# What employees may look for because they may be asked about some of it.
ASKED_ABOUT = (
    "dunning.dispute",
    "dunning.dispute.document",
    "dunning.dispute.question",
)

# Who may call each public method on a record of our company. Where anybody may, the
# method only says which screen to open: what it shows is subject to the rights.
METHODS = {
    ("dunning.aged.balance", "action_open_items"): INSIDE,
    ("dunning.aged.balance", "action_open_move"): INSIDE,
    ("dunning.aged.balance.day", "action_open"): (*INSIDE, "outsider"),
    ("account.move", "action_dunning_history"): ANYBODY,
    ("account.move", "action_dunning_open_disputes"): EMPLOYEES,
    ("account.move", "action_dunning_open_holds"): ANYBODY,
    ("account.move", "action_dunning_open_promises"): (*INSIDE, "outsider"),
    ("dunning.action", "action_edit_text"): WORKERS,
    ("dunning.action", "action_execute"): WORKERS,
    ("dunning.action", "action_approve"): WORKERS,
    ("dunning.action", "action_finish"): WORKERS,
    ("dunning.action", "action_plan_call"): INSIDE,
    ("dunning.action", "action_withdraw_approval"): WORKERS,
    ("dunning.action", "action_open_call"): ANYBODY,
    ("dunning.action", "action_open_calls"): (*INSIDE, "outsider"),
    ("dunning.action", "action_open_outcome"): WORKERS,
    ("dunning.action", "action_postpone"): WORKERS,
    ("dunning.action", "action_preview_letter"): INSIDE,
    ("dunning.action", "action_print"): WORKERS,
    ("dunning.action", "action_print_again"): INSIDE,
    ("dunning.action", "action_refresh"): WORKERS,
    ("dunning.action", "action_restore_text"): WORKERS,
    ("dunning.action", "action_skip"): WORKERS,
    ("dunning.action", "action_take_back"): WORKERS,
    ("dunning.action", "action_use_fallback"): WORKERS,
    ("dunning.action", "action_undo_call"): WORKERS,
    ("dunning.action", "action_validate"): WORKERS,
    ("dunning.action", "get_preview"): INSIDE,
    ("dunning.action", "refresh_waiting"): (*INSIDE, "outsider"),
    ("dunning.action", "get_call_queue"): (*INSIDE, "outsider"),
    ("dunning.action", "mail_allowed_qweb_expressions"): ANYBODY,
    ("dunning.action.edit", "action_apply"): WORKERS,
    ("dunning.action.edit", "action_restore"): WORKERS,
    ("dunning.action.line", "action_open_move"): INSIDE,
    ("dunning.action.postpone", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.action.send", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.action.skip", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.call.outcome", "action_apply"): WORKERS,
    ("dunning.call.outcome", "get_confirmation"): WORKERS,
    ("dunning.action.validate", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.coverage", "action_open_cover"): INSIDE,
    ("dunning.dispute", "action_accept"): WORKERS,
    ("dunning.dispute", "action_ask"): WORKERS,
    ("dunning.dispute", "action_cancel"): WORKERS,
    ("dunning.dispute", "action_correct"): WORKERS,
    ("dunning.dispute", "action_open_credit_notes"): INSIDE,
    ("dunning.dispute", "action_prepare_credit_notes"): WORKERS,
    ("dunning.dispute", "action_process"): WORKERS,
    ("dunning.dispute", "action_reject"): WORKERS,
    ("dunning.dispute", "action_reopen"): WORKERS,
    ("dunning.dispute", "action_wait_customer"): WORKERS,
    ("dunning.hold", "action_open_source"): INSIDE,
    ("dunning.hold", "action_release"): WORKERS,
    ("dunning.item", "action_hold"): INSIDE,
    ("dunning.item", "action_open_holds"): INSIDE,
    ("dunning.item", "action_open_move"): INSIDE,
    ("dunning.preview", "action_apply"): MANAGERS,
    ("dunning.preview", "action_confirm"): MANAGERS,
    ("dunning.preview", "action_preview"): INSIDE,
    ("dunning.preview", "get_summary"): INSIDE,
    ("dunning.preview.line", "action_confirm"): MANAGERS,
    ("dunning.preview.line", "action_leave_out"): INSIDE,
    ("dunning.preview.line", "action_leave_out_customer"): INSIDE,
    ("dunning.preview.line", "action_put_back"): INSIDE,
    ("dunning.dispute.time", "action_open_dispute"): INSIDE,
    ("dunning.late.customer", "action_open_items"): INSIDE,
    ("dunning.payer", "action_open_customer"): INSIDE,
    ("dunning.promise.rate", "action_open_promise"): INSIDE,
    ("dunning.reason.trend", "action_open_source"): INSIDE,
    ("dunning.success", "action_open_action"): INSIDE,
    ("dunning.procedure", "action_open_action"): INSIDE,
    ("dunning.promise", "action_accept"): WORKERS,
    ("dunning.promise", "action_approve"): MANAGERS,
    ("dunning.promise", "action_refuse"): MANAGERS,
    ("dunning.promise", "action_reopen"): WORKERS,
    ("dunning.promise", "action_withdraw"): WORKERS,
    ("dunning.run", "action_open_actions"): ANYBODY,
    ("dunning.sending.file", "action_download"): INSIDE,
    ("dunning.follow.up", "action_apply"): WORKERS,
    ("res.partner", "action_dunning_remind"): (*WORKERS, "outsider"),
    ("dunning.settings", "cancel"): ANYBODY,
    ("dunning.settings", "execute"): ANYBODY,
    ("dunning.start.levels", "action_apply"): MANAGERS,
    ("dunning.dispute.ask", "action_apply"): WORKERS,
    ("dunning.dispute.decision", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.dispute.dialog", "action_apply"): WORKERS,
    ("dunning.dispute", "action_open_items"): INSIDE,
    ("dunning.dispute", "action_open_notices"): INSIDE,
    ("dunning.promise", "action_open_items"): INSIDE,
    ("dunning.promise", "action_open_notices"): INSIDE,
    ("dunning.promise", "action_renegotiate"): INSIDE,
    ("dunning.promise", "action_send_confirmation"): WORKERS,
    ("dunning.promise.dialog", "action_apply"): WORKERS,
    ("dunning.promise.reason", "action_apply"): (*WORKERS, "outsider"),
    ("dunning.promise.line", "action_open_promise"): INSIDE,
    ("dunning.workbook", "action_again"): (*INSIDE, "outsider"),
    ("dunning.workbook", "action_cancel"): (*INSIDE, "outsider"),
    ("dunning.workbook", "action_download"): (*INSIDE, "outsider"),
    ("dunning.workbook.export", "action_export"): INSIDE,
    ("dunning.workbook.schedule", "action_send_now"): MANAGERS,
    ("mail.template", "dunning_get_merge_fields"): (*INSIDE, "outsider"),
    ("mail.template", "dunning_get_preview"): (*INSIDE, "outsider"),
    ("sms.template", "dunning_get_merge_fields"): (*INSIDE, "outsider"),
    ("sms.template", "dunning_get_preview"): (*INSIDE, "outsider"),
    ("res.partner", "action_dunning_hold"): EMPLOYEES,
    ("res.partner", "action_dunning_open_actions"): (*INSIDE, "outsider"),
    ("res.partner", "action_dunning_open_disputes"): EMPLOYEES,
    ("res.partner", "action_dunning_open_promises"): EMPLOYEES,
    ("res.partner", "action_dunning_open_holds"): EMPLOYEES,
    ("res.partner", "action_dunning_open_items"): EMPLOYEES,
    ("res.partner", "action_dunning_plan_call"): EMPLOYEES,
    ("res.partner", "dunning_get_defects"): (*INSIDE, "outsider"),
    ("res.partner", "dunning_get_timeline"): (*INSIDE, "outsider"),
}
