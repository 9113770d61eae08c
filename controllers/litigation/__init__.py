"""Handing over proof files."""

from . import proof
