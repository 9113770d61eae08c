"""Words and arithmetic of litigations."""

KINDS = [
    ("lawyer", "Lawyer"),
    ("agency", "Collection Agency"),
    ("insurer", "Credit Insurer"),
    ("insolvency", "Insolvency Proceedings"),
]

# Who can be an agent, and for which kinds of litigation.
AGENTS = [
    ("lawyer", "Lawyer"),
    ("bailiff", "Bailiff"),
    ("agency", "Collection Agency"),
    ("insurer", "Credit Insurer"),
    ("administrator", "Insolvency Administrator"),
]
AGENT_KINDS = {
    "lawyer": ("lawyer", "bailiff"),
    "agency": ("agency",),
    "insurer": ("insurer",),
    "insolvency": ("administrator",),
}

# The reason that goes without saying; an agency or an insurer is none.
USUAL_REASONS = {"lawyer": "reason_legal", "insolvency": "reason_insolvency"}

LITIGATION_STAGES = [
    ("new", "To Hand Over"),
    ("amicable", "Amicable"),
    ("court", "In Court"),
    ("enforcement", "Enforcement"),
    ("recovered", "Recovered"),
    ("partial", "Partly Recovered"),
    ("irrecoverable", "Irrecoverable"),
    ("cancelled", "Taken Back"),
]
OPEN_LITIGATION = ("new", "amicable", "court", "enforcement")
# Those after which dunning does not go on: what is left waits for its write-off.
GIVEN_UP = ("partial", "irrecoverable")


def get_end(causes: set, amount: float, recovered: float, digits: int) -> str:
    """Return how a litigation has ended of which nothing is left to pay.

    :param causes: by what its items were closed, see ``tools/closing.py``
    :param amount: what was handed over
    :param recovered: what was received since
    :param digits: decimal places of the currency

    >>> get_end({"paid"}, 100, 100, 2)
    'recovered'
    >>> get_end({"paid", "written_off"}, 100, 60, 2)
    'partial'
    >>> get_end({"written_off"}, 100, 0, 2)
    'irrecoverable'
    >>> get_end({"credited"}, 100, 0, 2), get_end(set(), 0, 0, 2)
    ('cancelled', 'cancelled')

    What was credited was not owed: the rest was recovered.

    >>> get_end({"credited", "paid"}, 100, 70, 2)
    'recovered'
    """
    if round(recovered, digits) <= 0:
        return "irrecoverable" if "written_off" in causes else "cancelled"
    if round(recovered - amount, digits) >= 0 or "written_off" not in causes:
        return "recovered"
    return "partial"
