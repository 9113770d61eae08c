from . import action
from . import run
from . import indicator
from . import einvoice
