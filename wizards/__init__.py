from . import ledger
from . import action
from . import run
from . import approval
from . import call
from . import agreement
from . import promise
from . import dispute
