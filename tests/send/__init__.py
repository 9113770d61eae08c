from . import test_recheck
from . import test_channels
from . import test_recheck_channels
from . import test_execution
from . import test_senders
from . import test_sendings
from . import test_sendings_past
from . import test_forgery
