from odoo import models
from odoo.tools.i18n import format_list

# What is told in the history of a customer when people change it.
TRACED = ("dunning_scenario_id", "dunning_contact_id", "dunning_channel")


class ResPartner(models.Model):
    """How a customer is dunned is somebody's choice: who chose what, and when, stands
    in the history of the customer, for readers of dunning."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what the system brings along has been told where it came from
        names = [name for name in TRACED if name in vals]
        if not names or self.env.su:
            return super().write(vals)
        before = self._dunning_tell_settings(names)
        result = super().write(vals)
        after = self._dunning_tell_settings(names)
        changed = self.filtered(lambda partner: before[partner] != after[partner])
        changed._dunning_discreetly(self.env.company)._message_log_batch(
            bodies={
                partner.id: self._dunning_tell_changes(before[partner], after[partner])
                for partner in changed
            },
            # The history shows it; nobody has spoken with the customer by it.
            message_type="auto_comment",
        )
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell_settings(self, names):
        """Return what these settings say of each customer, in words by name."""
        return {
            partner: {
                name: self._fields[name].convert_to_export(partner[name], partner)
                for name in names
            }
            for partner in self
        }

    def _dunning_tell_changes(self, before, after):
        """Return what became of some settings, see :meth:`_dunning_tell_settings`."""
        return format_list(
            self.env,
            [
                self.env._(
                    "%(what)s: %(details)s",
                    what=self._fields[name]._description_string(self.env),
                    details=f"{old or '–'} → {after[name] or '–'}",
                )
                for name, old in before.items()
                if old != after[name]
            ],
        )
