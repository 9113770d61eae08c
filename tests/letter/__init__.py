from . import test_registered
from . import test_post
from . import test_letter
from . import test_letter_printing
from . import test_letter_safety
from . import test_signature
