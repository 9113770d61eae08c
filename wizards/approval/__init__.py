"""Dialogs before something goes out: edit its text and recipients, validate many."""

from . import dunning_action_edit
from . import dunning_action_edit_route
from . import dunning_action_validate
