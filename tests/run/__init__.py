from . import test_waiting
from . import test_handover
from . import test_start_levels
from . import test_deadlines
from . import test_reports
from . import test_run
from . import test_kills
from . import test_preview
