from . import dunning_profile
from . import sale_order
