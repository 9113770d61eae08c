from . import dunning_aged_balance_day
from . import dunning_workbook_export
