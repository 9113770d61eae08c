"""Rankings and trends."""

from . import dunning_ranking
from . import dunning_dispute_time
from . import dunning_late_customer
from . import dunning_success
from . import dunning_payer
from . import dunning_promise_rate
from . import dunning_reason_trend
