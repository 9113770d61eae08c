from . import dunning_action_edit
from . import dunning_action_edit_route
from . import dunning_action_validate
