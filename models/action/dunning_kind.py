# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, models

from ...tools.words import OPEN_STATES

PREFIX = "dunning.kind."


class DunningKind(models.AbstractModel):
    """What an action comes from, and what follows from that.

    Each kind has an heir on the floor where it lives, ``dunning.kind.<kind>``, which
    says what is different with it. Here stands what is true of a step of a scenario.
    Floors above extend the questions.
    """

    _name = "dunning.kind"
    _description = "Kind of Dunning Action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _of(self, kind):
        """Return the kind of that name, and what is true of any without one."""
        return self.env[f"{PREFIX}{kind}"] if kind else self

    # === What it is === #

    @api.model
    def _get_title(self, action: models.BaseModel) -> str:
        """Return what the action is, for whoever knows its customer."""
        kinds = dict(action._fields["kind"]._description_selection(self.env))
        return action.level_id.name or kinds.get(action.kind)

    @api.model
    def _get_name(self, action):
        """Return what the action is, beside the name of its customer."""
        kinds = dict(action._fields["kind"]._description_selection(self.env))
        return action.level_id.name or kinds.get(action.kind)

    @api.model
    def _get_activity_summary(self, action):
        """Return what its activity says, False for no more than its type."""
        return action.level_id.name or False

    @api.model
    def _get_editable_fields(self) -> set[str]:
        """Return what people may change of it besides what they may of any."""
        return set()

    # === Whether it stands === #

    @api.model
    def _is_pointful(self, action, valid, steps):
        """Return whether the action is to be carried out for its lines.

        :param valid: lines that stand
        :param steps: those of them that bring their item to a level
        """
        return bool(steps)

    @api.model
    def _is_listed(self, action, row):
        """Return whether the action speaks of an item that it brings to no level.

        :param row: what the plan says of the item
        """
        return row["listed"]

    @api.model
    def _cancel_for_ledger(self, action, verdict):
        """Cancel an action that has become pointless.

        :param verdict: :class:`~odoo.addons.account_dunning.tools.judgement.Verdict`
        """
        action._cancel_by_verdict(verdict)


class DunningKindStep(models.AbstractModel):
    _name = "dunning.kind.step"
    _inherit = "dunning.kind"
    _description = "Step of a Scenario"


class DunningKindStart(models.AbstractModel):
    """Where an item was when dunning began."""

    _name = "dunning.kind.start"
    _inherit = "dunning.kind"
    _description = "Starting Level"


class DunningKindFollowUp(models.AbstractModel):
    """What comes after the last level."""

    _name = "dunning.kind.follow_up"
    _inherit = "dunning.kind"
    _description = "Follow-up after the Last Level"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_pointful(self, action, valid, steps):
        # OVERRIDES 'dunning.kind'
        return bool(valid) and not self._is_replaced(action)

    def _is_replaced(self, action):
        """Return whether the customer has got another follow-up since this one was
        cancelled."""
        return action.state == "cancelled" and action.search_count(
            [
                ("kind", "=", action.kind),
                ("state", "in", OPEN_STATES),
                ("company_id", "=", action.company_id.id),
                ("partner_id", "=", action.partner_id.id),
            ],
            limit=1,
        )

    def _is_listed(self, action, row):
        # OVERRIDES 'dunning.kind'
        return row["reason"] == "last_level" and row["days_late"] > 0

    def _get_activity_summary(self, action):
        # OVERRIDES 'dunning.kind': it has no level that names it
        return self._get_title(action)


class DunningKindManual(models.AbstractModel):
    """What somebody has planned by hand."""

    _name = "dunning.kind.manual"
    _inherit = "dunning.kind"
    _description = "Planned by Hand"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_name(self, action):
        # EXTENDS 'dunning.kind': by what is done
        channels = dict(action._fields["channel"]._description_selection(self.env))
        return action.level_id.name or channels.get(action.channel)

    def _get_title(self, action):
        # OVERRIDES 'dunning.kind': that it was planned by hand says nothing of what is
        # to be done, the first words of the note do, else the channel
        if lines := (action.note or "").strip().splitlines():
            return action.level_id.name or lines[0].strip()
        return self._get_name(action)

    def _get_activity_summary(self, action):
        # OVERRIDES 'dunning.kind'
        return self._get_title(action)

    def _get_editable_fields(self):
        # EXTENDS 'dunning.kind'
        return super()._get_editable_fields() | {"channel"}

    def _is_pointful(self, action, valid, steps):
        # OVERRIDES 'dunning.kind'
        return True
