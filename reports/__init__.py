from . import action
from . import run
