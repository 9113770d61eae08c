from . import test_content
from . import test_text_lines
from . import test_text_attack
from . import test_text_template
from . import test_mail_frame
from . import test_text_shown
from . import test_composers
from . import test_company_identity
