import ast
import logging

from odoo import SUPERUSER_ID, api
from odoo.tools.safe_eval import safe_eval

from odoo.addons.account_dunning.tools import rule

_logger = logging.getLogger(__name__)

# What a few characters of can calculate for ever.
ENDLESS = (ast.Pow, ast.LShift, ast.Mult, ast.comprehension)


def migrate(cr, version):
    """Write down the values of rules that were calculated: they are only read now."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    scenarios = env["dunning.scenario"].search([("partner_domain", "!=", False)])
    for scenario in scenarios:
        try:
            rule.read(scenario.partner_domain)
        except rule.RuleError:
            write_down(scenario)


def write_down(scenario):
    """Write down a rule; one that cannot be calculated stays as it is, and its
    scenario says so."""
    text = scenario.partner_domain
    try:
        if any(isinstance(node, ENDLESS) for node in ast.walk(ast.parse(text.strip()))):
            raise ValueError("it may never end")
        with scenario.env.cr.savepoint():
            scenario.partner_domain = repr(list(safe_eval(text)))
            scenario.env.flush_all()
    except Exception as error:
        scenario.invalidate_recordset()
        _logger.info("Rule of scenario %s stays: %s (%s)", scenario.id, text, error)
    else:
        _logger.info("Rule of scenario %s calculated: %s", scenario.id, text)
