"""Figures as of a day: aged balance, indicators, forecast, dashboard, workbook."""

from . import dunning_balance
from . import res_company
from . import res_company_visible
from . import dunning_indicator
from . import dunning_indicator_segment
from . import res_company_indicators
from . import dunning_defect
from . import res_partner_defects
