from . import test_cleaned_html
from . import test_recipients
from . import test_replies
from . import test_mail_failures
from . import test_mail_kills
from . import test_attachments
