from . import action
from . import run
from . import indicator
