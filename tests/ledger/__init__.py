from . import test_routine
from . import test_events
