from odoo import models
from odoo.tools import split_every

from ...tools.errors import PrinterError

# Items of one statement: a longer one takes too long to lay out.
STATEMENT_ITEMS = 100


class DunningProof(models.Model):
    """How the penalties are worked out, period by period, as of the day of the proof
    file."""

    _inherit = "dunning.proof"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _add_penalties(self, package, collection):
        # OVERRIDES 'account_dunning'
        day = self.company_id._dunning_today()
        items = self._get_penalty_items(collection, day)
        statements = self.env["dunning.interest.statement"]
        title = self.env._("Statement of penalties")
        for own in split_every(STATEMENT_ITEMS, items.ids, items.browse):
            statement = statements._prepare_for(own)
            statement.date = day
            try:
                content, ending = statement._print(), "pdf"
            except PrinterError:
                content, ending = str(statement._render("screen")).encode(), "html"
            folder = self.env._("7 penalties")
            path = package.add(f"{folder}/{title}.{ending}", iter([content]))
            count = len(own)
            told = self.env._("%s items", count) if count > 1 else self.env._("1 item")
            collection.rows.append(self._tell(day, title, told, path=path))

    def _get_penalty_items(self, collection, day):
        """Return the items of the file that bear penalties, or on which some were
        claimed or let off."""
        items = collection.moves._dunning_get_items()
        items = items.filtered(lambda item: item.company_id == self.company_id)
        periods = items._dunning_interest(day, skip_missing=True)
        # A rate that is missing is said on the statement.
        unknown = set(items.ids) - set(periods)
        claimed = self.env["dunning.penalty.line"].search(
            [("move_line_id", "in", items.ids), ("counts", "=", True)]
        )
        bearing = {id_ for id_, own in periods.items() if own}
        wanted = bearing | unknown | set(claimed.move_line_id.ids)
        return items.filtered(lambda item: item.id in wanted)
