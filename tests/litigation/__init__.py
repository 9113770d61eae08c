"""Tests of litigations: hand-over, insolvency, acts, the ledger's events."""

from . import test_litigation
from . import test_litigation_ledger
from . import test_litigation_dialog
from . import test_proof
from . import test_sealing
from . import test_proof_download
from . import test_proof_language
from . import test_proof_package
from . import test_proof_parallel
from . import test_insolvency
from . import test_insolvency_interest
from . import test_litigation_limitation
from . import test_legal_clock
from . import test_litigation_entry
from . import test_tours_litigation
