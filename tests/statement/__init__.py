from . import test_statement
from . import test_thanks
from . import test_statement_sent
