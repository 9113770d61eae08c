from . import test_peppol_response
