"""Dialogs of figures: a day, a workbook, the items of a forecast."""

from . import dunning_aged_balance_day
from . import dunning_workbook_export
from . import dunning_forecast_sheet
from . import dunning_forecast_lines
from . import dunning_forecast_items
