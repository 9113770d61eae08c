from . import test_balance
from . import test_aged_balance
from . import test_indicators
from . import test_data_quality
from . import test_workbook_tools
