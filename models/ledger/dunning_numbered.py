from odoo import api, fields, models
from odoo.fields import Domain


class DunningNumbered(models.AbstractModel):
    """Rows of lists that are of one item each: they say which instalment of its invoice
    it is, or what an opening balance says of it, as letters do. Of these rows, ``name``
    is the number of the entry, and ``move_id`` and ``move_line_id`` are entry and item.
    """

    _name = "dunning.numbered"
    _description = "Row of an Item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    number = fields.Char(
        string="Item Number", compute="_compute_number", search="_search_number"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("name", "move_id", "move_line_id")
    def _compute_number(self):
        # Whoever sees the rows sees the numbers of their items.
        items_sudo = self.move_line_id.sudo()
        places = items_sudo._dunning_get_instalments()
        moves_sudo = items_sudo.move_id
        for row in self:
            place = places.get(row.move_line_id.id)
            move_sudo = moves_sudo.browse(row.move_id.id)
            # Of an item that is gone, its number is left.
            item_sudo = items_sudo.browse(row.move_line_id.id)
            label = item_sudo.name if item_sudo else row.name
            row.number = move_sudo._dunning_name_item(row.name, place, label)

    @api.model
    def _search_number(self, operator: str, value: object) -> Domain:
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        account_ids = list(self.env["dunning.ledger"]._get_account_ids())
        labelled = (
            Domain("account_id", "in", account_ids)
            & Domain("move_id.move_type", "=", "entry")
            & (Domain("name", operator, value) | Domain("move_id.ref", operator, value))
        )
        return Domain("name", operator, value) | Domain("move_line_id", "any", labelled)

    # ------------------------------------------------------------------
    # ORM METHODS
    # ------------------------------------------------------------------

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # EXTENDS 'base': instalments of one invoice have their own order beside it
        return super()._order_field_to_sql(
            alias,
            "name" if field_name == "number" else field_name,
            direction,
            nulls,
            query,
        )
