from . import dunning_workbook_export
