from . import test_notice
from . import test_notice_recheck
from . import test_notice_texts
