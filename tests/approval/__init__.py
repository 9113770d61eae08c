from . import test_approval
from . import test_edited_text
from . import test_approval_many
from . import test_approval_route
from . import test_batch
from . import test_concurrent_approval
from . import test_tours_decisions
