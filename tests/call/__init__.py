from . import test_call_outcome
from . import test_call_attempts
from . import test_call_closing
from . import test_call_confirmation
from . import test_call_screen
from . import test_concurrent_undo
from . import test_follow_up
from . import test_tours_calls
