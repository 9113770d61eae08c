from . import test_interest_tools
from . import test_rates
from . import test_interest
from . import test_interest_mass
from . import test_penalties
from . import test_limitation
from . import test_letters
from . import test_tours_legal
