from odoo import fields, models


class DunningAction(models.Model):
    """What an action is planned for is not what the customer says in it, although both
    are noted in one place: the beginning of the note is what was planned."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # Noted once: what is added to the note later does not belong to it.
    planned_note = fields.Text(
        string="Planned For",
        compute="_compute_planned_note",
        store=True,
        precompute=True,
        # What is planned anew may be told what it was planned for.
        readonly=False,
        copy=False,
        help="The note with which the action was planned.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_planned_note(self):
        for action in self:
            action.planned_note = action.note

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_said(self) -> str:
        """Return what was noted since the action was planned."""
        self.ensure_one()
        note = self.note or ""
        if self._keeps_planned_note():
            note = note.removeprefix(self.planned_note)
        return note.strip()

    def _get_note_with(self, said: str | bool | None) -> str | bool:
        """Return the note with what was said in the place of what was said before.

        :param said: text, if anything was said
        """
        self.ensure_one()
        planned = self._keeps_planned_note() and self.planned_note
        return "\n".join(text for text in (planned, said) if text) or False

    def _keeps_planned_note(self):
        """Return whether what was planned still stands in the note."""
        return bool(self.planned_note) and (self.note or "").startswith(
            self.planned_note
        )

    def _take_note(self, planned) -> None:
        """Plan the action for what another one, or a person, has been planned for too.

        :param planned: text
        """
        self.ensure_one()
        # What two windows have sent is noted once.
        if not planned or f"\n{planned}\n" in f"\n{self.note}\n":
            return
        self.note = f"{self.note}\n{planned}" if self.note else planned
        # Users change notes, not what was planned.
        action_sudo = self.sudo()
        action_sudo.planned_note = self.note
