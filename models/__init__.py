"""Capabilities, from the ground up: each knows only those above it in this list."""

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
from . import portal
from . import einvoice
