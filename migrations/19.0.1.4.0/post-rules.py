import logging

from odoo import SUPERUSER_ID, api
from odoo.tools.safe_eval import safe_eval

from odoo.addons.account_dunning.tools import rule

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Write down the values of rules that were calculated: they are only read now."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    scenarios = env["dunning.scenario"].search([("partner_domain", "!=", False)])
    for scenario in scenarios:
        try:
            rule.read(scenario.partner_domain)
        except rule.RuleError:
            text = scenario.partner_domain
            _logger.info("Rule of scenario %s calculated: %s", scenario.id, text)
            scenario.partner_domain = repr(list(safe_eval(text)))
