"""Words that several floors use: groups, states, channels, answers."""

from .closing import CREDITED, PAID, WRITTEN_OFF

OPEN_STATES = ("to_validate", "todo", "failed")

READERS = "account_dunning.group_dunning_readonly"

COLLECTORS = "account_dunning.group_dunning_collector"

MANAGERS = "account_dunning.group_dunning_manager"

# Who sees how a customer is rated, in words: salespeople, too.
RATING_READERS = "account_dunning.group_dunning_rating"

# Who may let a customer buy although a credit stop holds.
RELEASERS = "account_dunning.group_dunning_release"

STAGES = [
    ("new", "New"),
    ("in_process", "In Process"),
    ("waiting_department", "Waiting for Department"),
    ("waiting_customer", "Waiting for Customer"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("corrected", "Corrected"),
    ("cancelled", "Called Off"),
]

OPEN_STAGES = ("new", "in_process", "waiting_department", "waiting_customer")

CHANNELS = [
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("registered", "Registered Letter"),
    ("sms", "SMS"),
    ("call", "Phone Call"),
    ("task", "Task"),
]

EXECUTIONS = [
    ("automatic", "Automatic"),
    ("validate", "To Validate"),
    ("manual", "Manual"),
]


# Those on which something is written to the customer.
WRITTEN_CHANNELS = ("email", "letter", "registered", "sms")

# Tones by how strong they are; 0 stands for none.
TONE_RANKS = {"courteous": 1, "firm": 2, "formal": 3}

# Those of which a customer may prefer one to another.
LIGHT_CHANNELS = ("email", "letter", "sms")

LETTER_CHANNELS = ("letter", "registered")

# What a call may end with.
OUTCOMES = [
    ("promise", "Will Pay"),
    ("dispute", "Contests"),
    ("not_received", "Did Not Get It"),
    ("not_approved", "Not Validated"),
    ("cash", "Cash Trouble"),
    ("no_answer", "No Answer"),
    ("wrong_contact", "Wrong Contact"),
    ("other", "Other"),
]

MEANS = [
    ("transfer", "Bank Transfer"),
    ("check", "Cheque"),
    ("debit", "Direct Debit"),
    ("card", "Card"),
    ("bill", "Bill of Exchange"),
]

# Where dunning goes on after a broken one.
RESUMES = [("same", "Same Level"), ("next", "Next Level"), ("call", "Call")]

# States in which a call can be made; one to validate waits for its approval.
CALLABLE_STATES = ("todo", "failed")

# How the ledger closes a dispute; it opens it again by itself. What is moved to
# another account, as a doubtful debt, is contested there as before.
LEDGER_ENDS = (PAID, CREDITED, WRITTEN_OFF, "void")

ACTIVITY_REPLY = "account_dunning.activity_type_reply"

# What is offered where something of one company, or of all, is chosen.
SAME_COMPANY = (
    "['|', ('company_id', '=', False), ('company_id', 'parent_of', company_id)]"
)
