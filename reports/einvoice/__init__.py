"""Figures on what buyers say."""

from . import dunning_einvoice_answer
