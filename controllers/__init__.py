from . import proof
