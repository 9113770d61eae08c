from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.dates import shift
from ...tools.reach import Contact, Proposal, propose
from ...tools.words import READERS, WRITTEN_CHANNELS

# How far back contacts are looked at.
REACH_MONTHS = 12
# Actions that are no contacts.
OTHER_KINDS = ("start", "notice")


class ResPartner(models.Model):
    """By which channel and when a customer is best reached: told to who plans the next
    contact, and nothing more. A contact has reached the customer when a call was
    answered, an e-mail replied to, or something of what it was about paid in time."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_reach = fields.Char(
        string="Best Reached",
        compute="_compute_dunning_reach",
        groups=READERS,
        help="From calls that were answered, e-mails that were replied to and payments "
        "after a contact, over the last twelve months.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("company", "lang")
    def _compute_dunning_reach(self):
        contacts = self._dunning_get_past_contacts()
        for partner in self:
            proposal = propose(contacts.get(partner._origin.id, ()))
            partner.dunning_reach = partner._dunning_describe_reach(proposal)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_describe_reach(self, proposal: Proposal) -> str | bool:
        """Return a proposal in words, with the day before which the customer is to be
        left alone; False where too little is known."""
        if not proposal.channel:
            return False
        env = self.env
        channels = dict(
            env["dunning.action"]._fields["channel"]._description_selection(env)
        )
        parts = [channels[proposal.channel]]
        if proposal.weekday is not None:
            # Any Monday, and so on.
            day = shift(fields.Date.to_date("2024-01-01"), proposal.weekday)
            parts.append(format_date(env, day, date_format="EEEE"))
        if proposal.hours:
            parts.append(
                env._(
                    "%(start)s:00–%(end)s:00",
                    **dict(zip(("start", "end"), proposal.hours, strict=True)),
                )
            )
        text = env._(
            "%(how)s (%(reached)s of %(contacts)s)",
            how=", ".join(parts),
            reached=proposal.reached,
            contacts=proposal.contacts,
        )
        if free := self._dunning_get_free_day():
            return env._(
                "%(how)s, not before %(date)s", how=text, date=format_date(env, free)
            )
        return text

    def _dunning_get_free_day(self):
        """Return the day before which the gap between two contacts leaves the customer
        alone, False if it is over."""
        company = self.env.company
        scenarios = self._dunning_get_items().scenario_id
        gap = max(scenarios.mapped("contact_gap_days"), default=0)
        last = self.env["dunning.action"].search(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("kind", "not in", OTHER_KINDS),
            ],
            order="date_done desc",
            limit=1,
        )
        if not last or not gap:
            return False
        free = shift(max(last.date_done, last.date), gap)
        return free if free > company._dunning_today() else False

    def _dunning_get_past_contacts(self) -> dict[int, list[Contact]]:
        """Return how contacts with these customers ended, in the current company: dict
        of partner id to list."""
        for name in ("dunning.action", "dunning.action.line", "dunning.sending"):
            self.env[name].flush_model()
        self.env["mail.message"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        contacts = defaultdict(list)
        for partner_id, channel, reached, weekday, hour in self.env.execute_query(
            self._dunning_get_past_contacts_query()
        ):
            contacts[partner_id].append(Contact(channel, reached, weekday, hour))
        return contacts

    def _dunning_get_past_contacts_query(self) -> SQL:
        company = self.env.company
        # Settings and calendars are read for whoever asks.
        company_sudo = company.sudo()
        zone = (
            company._dunning_get_timezone(company_sudo.resource_calendar_id)
            or company_sudo.partner_id.tz
            or "UTC"
        )
        moment = SQL("(contact.moment AT TIME ZONE 'UTC' AT TIME ZONE %s)", zone)
        return SQL(
            """
            SELECT contact.partner_id,
                   contact.channel,
                   contact.reached,
                   EXTRACT(ISODOW FROM %(moment)s)::integer - 1,
                   EXTRACT(HOUR FROM %(moment)s)::integer
              FROM (%(calls)s UNION ALL %(vain)s UNION ALL %(written)s) contact
            """,
            moment=moment,
            calls=self._dunning_get_calls_sql(),
            vain=self._dunning_get_vain_calls_sql(),
            written=self._dunning_get_written_sql(company_sudo.dunning_success_days),
        )

    def _dunning_get_contact_scope_sql(self) -> SQL:
        company = self.env.company
        since = company._dunning_today() - relativedelta(months=REACH_MONTHS)
        return SQL(
            """
            action.company_id = %s
            AND action.partner_id = ANY(%s)
            AND action.date > %s
            """,
            company.id,
            self._origin.ids,
            since,
        )

    def _dunning_get_calls_sql(self) -> SQL:
        """Calls that ended; the moment is when that was recorded."""
        return SQL(
            """
            SELECT action.partner_id,
                   'call' AS channel,
                   action.outcome != 'no_answer' AS reached,
                   (
                       SELECT MAX(message.date)
                         FROM mail_message message
                        WHERE message.model = 'dunning.action'
                          AND message.res_id = action.id
                   ) AS moment
              FROM dunning_action action
             WHERE %s
               AND action.channel = 'call'
               AND action.state = 'done'
               AND action.outcome IS NOT NULL
            """,
            self._dunning_get_contact_scope_sql(),
        )

    def _dunning_get_vain_calls_sql(self) -> SQL:
        """Attempts that nobody answered before a call ended, or until now."""
        return SQL(
            """
            SELECT action.partner_id, 'call', FALSE, NULL::timestamp
              FROM dunning_action action
        CROSS JOIN GENERATE_SERIES(
                       1, action.attempts - (
                           action.state = 'done' AND action.outcome = 'no_answer'
                       )::integer
                   ) attempt
             WHERE %s
               AND action.channel = 'call'
            """,
            self._dunning_get_contact_scope_sql(),
        )

    def _dunning_get_written_sql(self, days) -> SQL:
        """What was written, and replied to or paid within some days."""
        return SQL(
            """
            SELECT action.partner_id,
                   action.channel,
                   answer.date IS NOT NULL OR EXISTS (
                       SELECT
                         FROM dunning_action_line line
                         JOIN account_partial_reconcile partial
                           ON partial.debit_move_id = line.move_line_id
                        WHERE line.action_id = action.id
                          AND line.state = 'done'
                          AND partial.max_date >= action.date_done
                          AND partial.max_date <= action.date_done + %(days)s
                   ),
                   answer.date
              FROM dunning_action action
         LEFT JOIN LATERAL (
                       SELECT MIN(message.date) AS date
                         FROM dunning_sending sending
                         JOIN mail_message message
                           ON message.parent_id = sending.message_sent_id
                        WHERE sending.action_id = action.id
                          AND message.message_type = 'email'
                   ) answer ON TRUE
             WHERE %(scope)s
               AND action.state = 'done'
               AND action.kind NOT IN %(other_kinds)s
               AND action.channel IN %(written)s
            """,
            days=days,
            scope=self._dunning_get_contact_scope_sql(),
            other_kinds=OTHER_KINDS,
            written=WRITTEN_CHANNELS,
        )
