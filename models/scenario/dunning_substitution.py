import logging
from collections.abc import Collection

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from ...tools.collectors import Workers
from ...tools.quiet import expecting_sql_errors
from ...tools.registry import get_heirs

ACTIVITY = "mail.activity"

_logger = logging.getLogger(__name__)


class DunningSubstitution(models.Model):
    """Somebody does the work of a collector who is away, who gets it back afterwards.

    How it works: absences are Odoo's, out of office and leaves. What is open when one
    begins goes to the substitute and is written down here, and so does what people give
    to who is away; what is new is told by its number, which is above those of the
    beginning, and by whose customer it is about. When the absence is over, what is
    still open, and still with the substitute, goes back.
    """

    _name = "dunning.substitution"
    _description = "Substitution of a Collector"
    _inherit = ["dunning.protected"]
    _order = "date_start desc, id desc"
    _rec_name = "user_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collector Away",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date_start = fields.Date(string="Since", required=True, readonly=True)
    date_end = fields.Date(
        string="Until", readonly=True, help="Empty as long as it lasts."
    )
    given_count = fields.Integer(
        string="Handed Over",
        readonly=True,
        help="Actions, promises, disputes, litigations and activities.",
    )
    back_count = fields.Integer(
        string="Given Back", readonly=True, help="What was still open afterwards."
    )
    work = fields.Json(readonly=True, help="Ids of what was handed over, by model.")
    marks = fields.Json(readonly=True, help="By model, the last id at the beginning.")

    _running_uniq = models.UniqueIndex("(user_id, company_id) WHERE date_end IS NULL")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def get_own_absence(self) -> str | bool:
        """Say to who is away who does the work meanwhile, and until when; False to
        everybody else."""
        self.browse().check_access("read")
        company, user = self.env.company, self.env.user
        workers = company._dunning_get_workers()
        if user.id not in workers.replaced:
            return False
        # Collectors need not see each other's data: a name is told.
        substitute_sudo = self.env["res.users"].sudo().browse(workers.find(user.id))
        end = user.out_of_office_to
        if not end:
            return self.env._(
                "You are away: %s does your work meanwhile.", substitute_sudo.name
            )
        return self.env._(
            "You are away: %(substitute)s does your work until %(day)s.",
            substitute=substitute_sudo.name,
            day=format_date(self.env, company._dunning_get_local(end).date()),
        )

    @api.model
    def _cron_bring_in_line(self):
        """Begin and end what the day asks for, company by company."""
        self.env["dunning.guard"]._check_scheduled()
        # Whose work it is does not depend on who starts it.
        users_sudo = self.env["res.users"].sudo()
        users_sudo = users_sudo.search([("dunning_substitute_id", "!=", False)])
        # Whoever came back has to get it, also without a substitute from now on.
        running_sudo = self.sudo().search([("date_end", "=", False)])
        companies_sudo = users_sudo.company_ids | running_sudo.company_id
        for company_sudo in self.env["dunning.guard"]._take_turns(companies_sudo):
            company_sudo = company_sudo._dunning_as_itself()
            work_sudo = company_sudo.env["dunning.collector.work"]
            try:
                with self.env.cr.savepoint():
                    work_sudo._hand_over_all(company_sudo)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # The daily run is doing the same.
                self.env.cr.rollback()
            except Exception:
                # The others have their turn.
                _logger.exception("Substitutions of company %s failed", company_sudo.id)

    @api.model
    def _bring_in_line(
        self, company: models.BaseModel, leaving: Collection[int] = ()
    ) -> None:
        """End the substitutions of a company that are over, and begin those of who is
        away now. To be called elevated.

        :param leaving: ids of users who are about to leave
        """
        workers = company._dunning_get_workers(leaving)
        running = self.search(
            [("company_id", "=", company.id), ("date_end", "=", False)]
        )
        over = running.filtered(
            lambda one: (
                one.user_id.id not in workers.replaced
                or workers.find(one.user_id.id) != one.substitute_id.id
            )
        )
        for substitution in over:
            substitution._end(workers)
        # Before others begin: of each user one runs.
        over.flush_recordset()
        beginning = set(workers.replaced) - set((running - over).user_id.ids)
        if beginning:
            self._begin(company, workers, sorted(beginning))

    @api.model
    def _begin(self, company, workers: Workers, user_ids):
        values = {
            "company_id": company.id,
            "date_start": company._dunning_today(),
            "marks": self._get_marks(),
            "work": {},
        }
        begun = []
        for user_id in user_ids:
            own = {"user_id": user_id, "substitute_id": workers.find(user_id)}
            try:
                with expecting_sql_errors(), self.env.cr.savepoint():
                    self.create(values | own)
            except UniqueViolation:
                # Another job has begun it in the meantime, and gives the work.
                continue
            begun.append(user_id)
        company._dunning_hand_over(Domain("user_id", "in", begun), workers)

    @api.model
    def _get_marks(self):
        """Return the last id of each model of work: what is new is above it."""
        marks = {}
        for model in self._get_models():
            model.flush_model()
            last = model.with_context(active_test=False).search(
                [], order="id desc", limit=1
            )
            marks[model._name] = last.id or 0
        return marks

    @api.model
    def _get_models(self):
        return [*get_heirs(self.env, "dunning.collector.work"), self.env[ACTIVITY]]

    @api.model
    def _remember(
        self, user: models.BaseModel, worker: models.BaseModel, records
    ) -> None:
        """Write down what somebody who is away has given to a substitute: it comes
        back. What people leave for good is not written down.

        :param user: ``res.users``, who is away
        :param worker: ``res.users``, the substitute
        :param records: work, or activities
        """
        # Whoever gives work away need not know who is away.
        running_sudo = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("substitute_id", "=", worker.id),
                ("date_end", "=", False),
            ]
        )
        for substitution_sudo in running_sudo:
            company_sudo = substitution_sudo.company_id
            own = records.filtered(
                lambda record, company_sudo=company_sudo: (
                    self._get_company(record) in (company_sudo, False)
                )
            )
            if own:
                work = dict(substitution_sudo.work or {})
                known = set(work.get(records._name, []))
                work[records._name] = sorted(known | set(own.ids))
                substitution_sudo.write(
                    {
                        "work": work,
                        "given_count": sum(len(ids) for ids in work.values()),
                    }
                )

    @api.model
    def _forget(self, records) -> None:
        """Leave with whom it is what is given to somebody for good.

        :param records: work, or activities
        """
        # Whoever gives work away need not know who is away.
        running_sudo = self.sudo().search([("date_end", "=", False)])
        for substitution_sudo in running_sudo if records else ():
            work = dict(substitution_sudo.work or {})
            known = set(work.get(records._name, []))
            if known & set(records.ids):
                work[records._name] = sorted(known - set(records.ids))
                substitution_sudo.work = work

    @api.model
    def _get_company(self, record):
        if record._name == ACTIVITY:
            return record.dunning_company_id or False
        return record.company_id

    def _end(self, workers: Workers) -> None:
        """Give back what is still open, and still with the substitute."""
        self.ensure_one()
        back = self._get_back() if self.user_id.id in workers.able else []
        for records in back:
            if records._name == ACTIVITY:
                records._dunning_give(self.user_id)
            elif records:
                records._give(
                    self.user_id,
                    self.env._(
                        "Given back from %(worker)s to %(owner)s.",
                        worker=self.substitute_id.name,
                        owner=self.user_id.name,
                    ),
                )
        self.write(
            {
                "date_end": self.company_id._dunning_today(),
                "back_count": sum(len(records) for records in back),
            }
        )

    def _get_back(self):
        """Return what goes back: list of work and activities."""
        with_substitute = Domain("user_id", "=", self.substitute_id.id)
        own = Domain("company_id", "=", self.company_id.id)
        back = []
        for work in get_heirs(self.env, "dunning.collector.work"):
            found = with_substitute & own & work._get_work_domain()
            back.append(work.search(found & self._get_owned_domain(work, "partner_id")))
        activities = self.env[ACTIVITY]
        found = with_substitute & activities._dunning_get_work_domain(self.company_id)
        back.append(
            activities.search(found & self._get_owned_domain(activities, "res_id"))
        )
        return back

    def _get_owned_domain(self, records, partner_field) -> Domain:
        """Return which records are the collector's: handed over, or new and about a
        customer of theirs."""
        ids = (self.work or {}).get(records._name, [])
        last = (self.marks or {}).get(records._name, 0)
        customers = self.company_id._dunning_get_customer_domain_of(self.user_id)
        partners = self.env["res.partner"].with_company(self.company_id)
        query = partners.with_context(active_test=False)._search(customers)
        new = Domain("id", ">", last) & Domain(partner_field, "in", query)
        return Domain("id", "in", ids) | new
