"""The dry run, the settings of a run, starting levels."""

from . import dunning_preview
from . import dunning_preview_contact
from . import dunning_preview_summary
from . import dunning_settings
from . import dunning_start_levels
