"""What answers browsers, floor by floor: see ``models/__init__.py``."""

from . import base
from . import litigation
from . import portal
from . import answer
