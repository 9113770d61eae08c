"""Figures as of a day: aged balance, indicators, forecast, dashboard, workbook."""
