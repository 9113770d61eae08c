"""What goes out is seen, edited and approved before."""

from . import dunning_action_text
from . import dunning_action_preview
from . import dunning_action_approve
from . import dunning_action_route
from . import dunning_channel
from . import dunning_batch
from . import dunning_batch_work
