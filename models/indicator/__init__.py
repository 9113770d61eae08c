"""Figures as of a day: aged balance, indicators, forecast, dashboard, workbook."""

from . import dunning_balance
from . import res_company
from . import res_company_visible
from . import dunning_indicator
from . import dunning_indicator_segment
from . import res_company_indicators
from . import dunning_defect
from . import res_partner_defects
from . import dunning_workbook_options
from . import dunning_workbook
from . import dunning_workbook_making
from . import dunning_workbook_data
from . import dunning_workbook_totals
from . import dunning_workbook_customers
from . import dunning_workbook_items
from . import dunning_workbook_agreements
from . import dunning_workbook_content
from . import dunning_workbook_background
from . import dunning_workbook_schedule
