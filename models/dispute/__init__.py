"""Disputes, questions, documents, credit notes."""

from . import dunning_department
from . import dunning_reason
from . import dunning_dispute
from . import dunning_dispute_stage
from . import dunning_dispute_settle
from . import dunning_dispute_decision
from . import dunning_dispute_activity
from . import dunning_dispute_document
from . import dunning_dispute_question
from . import dunning_dispute_asking
from . import dunning_dispute_reminder
from . import dunning_dispute_credit
from . import dunning_dispute_outcome
from . import dunning_dispute_credit_note
from . import dunning_dispute_screen
from . import mail_activity
from . import res_company
from . import res_partner
