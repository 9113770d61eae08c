from . import dunning_preview
