"""The customer's own page."""

from . import frame
from . import entry
from . import statement
from . import payment
from . import confirm
