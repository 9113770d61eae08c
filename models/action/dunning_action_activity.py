from datetime import date as Date

from odoo import models

# What an action that is planned by hand is called by.
NAMING_FIELDS = {"channel", "note"}


class DunningAction(models.Model):
    """Manual actions among the activities of their collector."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what is planned by hand is called by its note or channel
        result = super().write(vals)
        if NAMING_FIELDS & vals.keys():
            for action in self.filtered(lambda action: action.kind == "manual"):
                reminders_sudo = action._get_reminders()
                reminders_sudo.summary = action._get_activity_summary()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self) -> None:
        """Put the manual actions among the activities of their collector."""
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        model_id = self.env["ir.model"]._get_id(self._name)
        manual = self.filtered(
            lambda a: a.execution == "manual" and a.user_id and a.state == "todo"
        )
        # Activities take their names one by one: read at once for all.
        for lang, actions in manual.grouped(lambda a: a.user_id.lang).items():
            actions.with_context(lang=lang).mapped("display_name")
        # Collectors are not mailed about each action: they have their agenda.
        activities_sudo = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
        )
        activities_sudo.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": action.id,
                    "dunning_reminder": True,
                    "activity_type_id": (
                        call if action.channel == "call" and call else todo
                    ).id,
                    "summary": action._get_activity_summary(),
                    "date_deadline": action.date,
                    "user_id": action.user_id.id,
                }
                for action in manual
            ]
        )

    def _get_activity_summary(self):
        """Return what the activity says, in the language of whose it is; False for no
        more than its type."""
        self.ensure_one()
        told = self.with_context(lang=self.user_id.lang or self.env.lang)
        return told._get_kind()._get_activity_summary(told)

    def _move_activities(self, date: Date) -> None:
        """Have the activities that stand for the actions follow to a day.

        :param date: the new day
        """
        self._get_reminders().write({"date_deadline": date})

    def _drop_reminders(self) -> None:
        """Delete the activities that stand for the actions."""
        self._get_reminders().unlink()

    def _get_reminders(self):
        """Return the activities that stand for the actions, elevated: they follow them,
        whoever carries them out or postpones them. Others on an action are people's
        own."""
        actions_sudo = self.sudo()
        return actions_sudo.activity_ids.filtered("dunning_reminder")
