"""Pure Python helpers: no ORM, no database; their doctests run with the suite."""

from . import allocation
from . import bounces
from . import claims
from . import closing
from . import dates
from . import entered
from . import following
from . import gsm
from . import instalments
from . import letter_body
from . import letter_pdf
from . import mail_styles
from . import marks
from . import merge_fields
from . import plan
from . import promises
from . import qr_code
from . import rule
from . import settlement
from . import text_preview
from . import workbook
from . import workbook_cells
from . import workbook_styles
from . import workbook_summary
from . import working_days
