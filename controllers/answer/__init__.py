"""What customers do on their page: forms, and what has become of them."""

from . import forms
from . import statement
from . import paid
from . import promise
from . import dispute
from . import details
from . import invoice
from . import comparison
