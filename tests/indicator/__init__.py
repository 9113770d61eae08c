from . import test_data_quality
from . import test_workbook_tools
