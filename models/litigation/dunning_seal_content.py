import hashlib

from odoo import api, models

ACTION_FIELDS = (
    "amount",
    "channel",
    "date",
    "date_acknowledged",
    "date_done",
    "done_user_id",
    "kind",
    "level_id",
    "note",
    "outcome",
    "reason_id",
    "returned",
    "state",
    "tracking_number",
)
LINE_FIELDS = (
    "amount_residual",
    "amount_withheld",
    "currency_id",
    "date_due",
    "name",
    "state",
)
SENDING_FIELDS = (
    "action_id",
    "author_name",
    "channel",
    "date",
    "email_cc",
    "email_from",
    "header_id",
    "is_beside",
    "reply_to",
    "subject",
    "text",
)
RECIPIENT_FIELDS = ("address", "kind", "name")
FILE_FIELDS = ("name", "sha256")
ACT_FIELDS = ("cost", "date", "is_cancelled", "kind", "litigation_id", "note")
PENDING = "dunning_seal_pending"


class Pending(frozenset):
    """Ids of actions that are sealed when all of them is written. From outside come
    lists, never one of these."""


class DunningAction(models.Model):
    """What was done is sealed when it is done, and when anything comes after it."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.sealed"]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account_dunning'
        actions = super().create(vals_list)
        self.env["dunning.seal"]._seal(actions.filtered(lambda a: a.state == "done"))
        return actions

    def write(self, vals):
        # EXTENDS 'account_dunning'
        if not vals.keys() & {*ACTION_FIELDS}:
            return super().write(vals)
        done = self.filtered(lambda action: action.state == "done")
        result = super().write(vals)
        done |= self.filtered(lambda action: action.state == "done")
        pending = self.env.context.get(PENDING)
        if isinstance(pending, Pending):
            done = done.filtered(lambda action: action.id not in pending)
        self.env["dunning.seal"]._seal(done)
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _mark_done(self, date):
        # EXTENDS 'account_dunning': with all that is written on the way, once
        pending = {PENDING: Pending(self.ids)}
        result = super(DunningAction, self.with_context(**pending))._mark_done(date)
        self.env["dunning.seal"]._seal(self)
        return result

    def _take_back(self, state, message):
        # EXTENDS 'account_dunning': what is taken back is no longer as it was done
        result = super()._take_back(state, message)
        self.env["dunning.seal"]._seal(self)
        return result

    def _is_final(self):
        # OVERRIDES 'dunning.sealed'
        return self.state == "done"

    def _get_sealed_contents(self):
        # OVERRIDES 'dunning.sealed'
        # Read at once for all.
        self.line_ids.fetch(LINE_FIELDS)
        return {
            action: action._get_sealed_values(ACTION_FIELDS)
            | {
                "id": action.id,
                "lines": [
                    line._get_sealed_values(LINE_FIELDS)
                    for line in action.line_ids.sorted("id")
                ],
            }
            for action in self
        }


class DunningActionLine(models.Model):
    _name = "dunning.action.line"
    _inherit = ["dunning.action.line", "dunning.sealed"]


class DunningSendingRecipient(models.Model):
    _name = "dunning.sending.recipient"
    _inherit = ["dunning.sending.recipient", "dunning.sealed"]


class DunningSendingFile(models.Model):
    _name = "dunning.sending.file"
    _inherit = ["dunning.sending.file", "dunning.sealed"]


class DunningSending(models.Model):
    _name = "dunning.sending"
    _inherit = ["dunning.sending", "dunning.sealed"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_sealed_contents(self):
        # OVERRIDES 'dunning.sealed'
        return {
            sending: sending._get_sealed_values(SENDING_FIELDS)
            | {
                "id": sending.id,
                "body": _hash(sending.body),
                "recipients": [
                    line._get_sealed_values(RECIPIENT_FIELDS)
                    for line in sending.recipient_ids.sorted("id")
                ],
                "files": [
                    file._get_sealed_values(FILE_FIELDS)
                    for file in sending.file_ids.sorted("id")
                ],
            }
            for sending in self
        }


class DunningActionSending(models.Model):
    """What is sent is sealed with its recipients and files."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _record_sendings(self, contents):
        # EXTENDS 'account_dunning'
        recorded = super()._record_sendings(contents)
        sendings = self.env["dunning.sending"].union(*recorded.values())
        sendings.invalidate_recordset(["recipient_ids", "file_ids"])
        self.env["dunning.seal"]._seal(sendings)
        return recorded


class DunningLitigationAct(models.Model):
    """What was done in a litigation is sealed when it is recorded, and cancelled."""

    _name = "dunning.litigation.act"
    _inherit = ["dunning.litigation.act", "dunning.sealed"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_new(self):
        # EXTENDS 'account_dunning'
        self.env["dunning.seal"]._seal(self)
        return super()._follow_new()

    def _follow_cancelled(self):
        # EXTENDS 'account_dunning'
        self.env["dunning.seal"]._seal(self)
        return super()._follow_cancelled()

    def _get_sealed_contents(self):
        # OVERRIDES 'dunning.sealed'
        return {
            act: act._get_sealed_values(ACT_FIELDS)
            | {
                "id": act.id,
                "files": [
                    {"name": file.name, "sha256": file._dunning_get_sha256() or None}
                    for file in act.attachment_ids.sorted("id")
                ],
            }
            for act in self
        }


def _hash(text):
    return hashlib.sha256(str(text or "").encode()).hexdigest()
