"""Figures as of a day: aged balance, indicators, forecast, dashboard, workbook."""

from . import dunning_defect
from . import res_partner_defects
