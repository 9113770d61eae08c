"""Errors that callers tell apart: each is told by its class, never by its text.

What only says to people what to do is an error of Odoo's (``UserError`` and its heirs),
raised where it is known.
"""

from datetime import date as Date
from typing import Literal

from odoo.exceptions import UserError

Problem = Literal["syntax", "calculated", "size"]


class RuleError(ValueError):
    """A rule that cannot be used.

    :param problem: ``syntax`` (no list of conditions), ``calculated`` (more than
        values) or ``size`` (too many conditions)
    """

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem


class InterestError(ValueError):
    """Figures of which no interest can be worked out.

    :param problem: ``negative`` (an amount below zero), ``overpaid`` (more was paid
        than was due), ``overlap`` (two rates from one day), ``pause`` (it ends before
        it begins) or ``basis`` (no way to count the days of a year)
    """

    def __init__(self, problem: str):
        super().__init__(problem)
        self.problem = problem


class MissingRate(UserError):
    """A day bears interest, and its rate is not known.

    :param day: the first such day
    :param message: what to enter and where, for people
    :param lines: the journal items concerned
    :param whose: of whom the rate is, for people
    """

    def __init__(self, day: Date, message: str = "", lines=(), whose: str = ""):
        super().__init__(message or f"{day}")
        self.day = day
        self.lines = lines
        self.whose = whose


class InstalmentError(ValueError):
    """An amount that cannot be paid in so many instalments, or not from that day on."""


class TooLong(ValueError):
    """The text, or what it gives, is too long to be shown."""


class NotShown(ValueError):
    """The text has something else than fields: what, is its message."""


class TextProblem(Exception):
    """Why a text cannot be shown, in the words of who writes it."""


class PrinterError(UserError):
    """Letters cannot be printed, whatever they say: trying one by one is no use."""


class MessageError(ValueError):
    """A message of a platform that cannot be read.

    :param problem: ``size`` (too large), ``syntax`` (no well-formed XML), ``doctype``
        (it defines entities, as no message needs), ``depth`` or ``nodes`` (more than
        any message has), ``kind`` (something else than a status message), ``empty``
        (it says nothing of any invoice), ``zip`` (the archive is broken or too large)
    """

    def __init__(self, problem: str):
        super().__init__(problem)
        self.problem = problem
