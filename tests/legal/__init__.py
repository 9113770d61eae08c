from . import test_interest_tools
