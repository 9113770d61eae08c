from collections.abc import Iterator
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import LockError, UserError


class DunningGuard(models.AbstractModel):
    """Whether somebody else is dealing with what a person wants to deal with."""

    _inherit = "dunning.guard"

    @api.model
    def _lock_or_refuse(self, records: models.BaseModel) -> None:
        """Lock records at the request of a person, who does not wait for others.

        :param records: with the rights by which they are written
        :raise UserError: somebody else is dealing with one of them, in words that say
            what to do
        """
        try:
            records.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "A colleague, or the system, is dealing with this right now: wait "
                    "a moment, then refresh the page to see what has become of it."
                )
            ) from error

    @contextmanager
    def _once(self, dialog: models.BaseModel) -> Iterator[None]:
        """Do once what a dialog is for, though its button is pressed twice, or a
        browser asks again what it has lost the answer to: it is gone afterwards.

        :raise UserError: it is being done
        """
        self._lock_or_refuse(dialog)
        yield
        dialog.unlink()
