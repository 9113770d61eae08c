"""Tests of what platforms say of e-invoices."""

from . import test_einvoice_reading
from . import test_einvoice_event
from . import test_einvoice_find
from . import test_einvoice_sources
from . import test_einvoice_folder
from . import test_einvoice_screen
from . import test_einvoice_concurrency
from . import test_tours_einvoice
from . import test_tours_einvoice_effects
from . import test_einvoice_effects
from . import test_einvoice_order
from . import test_einvoice_people
from . import test_einvoice_state
from . import test_einvoice_told
from . import test_einvoice_taken_back
from . import test_einvoice_batch
