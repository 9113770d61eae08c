from odoo import models
from odoo.orm.utils import READ_GROUP_TIME_GRANULARITY
from odoo.tools import format_date

# Earlier years are not written with four digits everywhere.
FIRST_YEAR = 1000


class Base(models.AbstractModel):
    _inherit = "base"

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        # EXTENDS 'web': a group ends where the next one begins, and there is none after
        # the last day that is known
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        path, _colon, part = groupby_spec.partition(":")
        interval = READ_GROUP_TIME_GRANULARITY.get(part)
        if not interval or not self.env["dunning.guard"]._is_ours(self):
            return formatter

        def format_group(value):
            try:
                if not value or value.year >= FIRST_YEAR:
                    return formatter(value)
            except (OverflowError, ValueError):
                domain = [(path, ">=", str(value))]
            else:
                end = str(value + interval)
                domain = [(path, ">=", str(value)), (path, "<", end)]
            return (str(value), format_date(self.env, value)), domain

        return format_group
