from . import account_peppol_response
