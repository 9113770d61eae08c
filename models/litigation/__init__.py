"""Litigation: items handed over to others, insolvency, recorded acts, proof."""

from . import res_partner_agent
from . import dunning_litigation
from . import dunning_litigation_act
from . import dunning_deadline_rule
from . import dunning_litigation_deadline
from . import dunning_litigation_sheet
from . import dunning_litigation_settle
from . import dunning_litigation_transfer
from . import dunning_litigation_decision
from . import dunning_litigation_following
from . import dunning_hold
from . import dunning_action
from . import account_move
from . import res_partner
from . import res_partner_timeline
from . import ir_attachment
from . import res_company_doubtful
from . import dunning_litigation_entry
from . import dunning_seal
from . import dunning_seal_content
from . import dunning_proof
from . import dunning_proof_documents
from . import dunning_proof_extract
from . import dunning_proof_index
