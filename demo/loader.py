"""Entry point of the demo data: ``dunning.demo``, called by ``demo.xml``."""

import logging
import time

from odoo import SUPERUSER_ID, api, models

from . import (
    answers,
    company,
    einvoices,
    late_payment,
    ledger,
    litigations,
    people,
    portal,
    risk,
    settlement,
)
from .build import MODULE, Build
from .history import History

_logger = logging.getLogger(__name__)

CHART_MODULE = "l10n_fr_account"
# Nobody is to be notified of what the demo does, and nothing is to be tracked.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "mail_activity_quick_update": True,
    # While the addon is being installed, too, texts are made of all of their parts.
    "load_all_views": True,
}


class DunningDemo(models.AbstractModel):
    """Builds a French company whose customers pay more or less on time.

    Everything is relative to today, but for the worked case of the law, and made by
    Odoo's own posting and payment code. Loading again changes nothing.
    """

    _name = "dunning.demo"
    _description = "Dunning demo data"

    @api.model
    def _load(self):
        """Build the demo, unless it is there already.

        When the French chart of accounts is being installed in the same run, its
        module may come after this one: the demo then waits until all is loaded.
        """
        if self._chart_is_coming():
            self.env.registry._dunning_demo_waits = True
            return
        if not self.env.ref("account_dunning.demo_company_main", False):
            self._build()

    def _register_hook(self):
        super()._register_hook()
        if getattr(self.env.registry, "_dunning_demo_waits", False):
            del self.env.registry._dunning_demo_waits
            self._load()

    def _chart_is_coming(self):
        """Whether the module of the French chart is still to be installed."""
        # Whoever loads the demo need not manage modules.
        modules_sudo = self.env["ir.module.module"].sudo()
        domain = [("name", "=", CHART_MODULE), ("state", "=", "to install")]
        return bool(modules_sudo.search_count(domain, limit=1))

    @api.model
    def _build(self, scope="demo", everyday=True):
        """Build companies, customers and ledger.

        :param scope: prefix of the external identifiers, ``demo`` unless in tests
        :param everyday: with the everyday invoices, or the special cases alone
        :return: what was made, by the codes of the catalogue
        :rtype: Build
        """
        began = time.monotonic()
        self._translate()
        build = self._new_build(scope)
        company.create_companies(build)
        company.create_terms(build)
        company.create_users(build)
        people.create_customers(build)
        portal.open_portal(build)
        ledger.create_invoices(build, everyday)
        ledger.create_entries(build)
        self._forget_arrivals(build)
        self._play(build)
        ledger.archive_customers(build)
        risk.create_risk(build)
        if everyday:
            answers.answer(build)
        einvoices.tell(build)
        build.env.flush_all()
        _logger.info("Dunning demo built in %.1f s", time.monotonic() - began)
        return build

    @api.model
    def _translate(self):
        """Load the translations of the addon. Odoo does so after the demo data: the
        French customers would have got the texts in English until then."""
        # Whoever loads the demo need not manage modules.
        modules_sudo = self.env["ir.module.module"].sudo()
        modules_sudo.search([("name", "=", MODULE)])._update_translations()

    def _forget_arrivals(self, build):
        """The invoices are posted today, but have reached their customers in time."""
        arrivals = build.env["dunning.invoice.arrival"]
        companies = [company.id for company in build.companies.values()]
        arrivals.search([("move_id.company_id", "in", companies)]).unlink()

    def _play(self, build):
        """Let the ledger live up to today, with dunning over the last weeks."""
        events = settlement.events(build)
        past = History(build)
        late_payment.play(build, past)
        settlement.happen(build, {d: e for d, e in events.items() if d < past.start})
        past.set_up()
        for days in past.weeks():
            with past.clock(days[0]):
                settlement.happen(build, {d: events[d] for d in days if d in events})
            for day in days:
                past.play(day)
        past.ring_in_vain()
        past.plan_letters()
        past.plan_calls()
        settlement.happen(build, {d: e for d, e in events.items() if d >= build.today})
        litigations.hand_over(build, past)

    def _new_build(self, scope):
        env = self.env(user=SUPERUSER_ID, context=dict(QUIET))
        build = Build(env, company.today(env), scope)
        build.env = env(context={**env.context, "lang": build.lang("fr_FR")})
        return build
