"""Capabilities on floors, the ground first: each knows only those imported before it.

A file of the same name on a later floor extends that model.
"""

from . import base
from . import ledger
from . import scenario
from . import plan
from . import action
from . import run
from . import text
from . import send
from . import letter
from . import email
from . import sms
from . import approval
from . import customer
from . import call
from . import notice
from . import agreement
from . import promise
from . import dispute
from . import legal
from . import indicator
from . import risk
from . import litigation
from . import statement
from . import portal
from . import answer
from . import einvoice
