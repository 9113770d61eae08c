import logging
from collections import defaultdict
from typing import NamedTuple

from psycopg2 import IntegrityError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...tools.closing import TRANSFERRED, WRITTEN_OFF
from ...tools.einvoice_state import (
    RECEIVED,
    SUSPENSION,
    TASK,
    Matter,
    Said,
    State,
    get_state,
)
from ...tools.following import FOLLOWING_CONTEXT
from ...tools.quiet import expecting_sql_errors
from .dunning_einvoice_effect import UNKNOWN
from .dunning_einvoice_receive import QUIETLY

_logger = logging.getLogger(__name__)


class Known(NamedTuple):
    """What is known of one invoice.

    :param events: by id
    :param rules: rule of each event, none where no rule knows it
    :param state: what holds
    :param is_given_up: written off or moved to doubtful debts, and nothing is left
    """

    events: dict
    rules: dict
    state: State
    is_given_up: bool


class DunningEinvoiceMatter(models.Model):
    """Bringing matters in line with what was said and with the ledger: the same step
    whatever has happened, which can be taken at any time, twice, or late."""

    _inherit = "dunning.einvoice.matter"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _bring_in_line(self, moves) -> None:
        """Bring what dunning makes of invoices in line with what their buyers have
        said, and with the ledger.

        :param moves: ``account.move``, of any companies
        """
        # Whoever receives a status, or works on the ledger, need not have rights on
        # dunning; nothing of it may refuse what they do.
        moves_sudo = moves.sudo().exists().with_context(**FOLLOWING_CONTEXT)
        matters_sudo = self.sudo().with_context(**QUIETLY, **FOLLOWING_CONTEXT)
        # Nor is anybody mailed about each: it is among their activities.
        matters_sudo = matters_sudo.with_context(mail_activity_quick_update=True)
        if moves_sudo:
            with matters_sudo.env["dunning.ledger"]._followed_once():
                matters_sudo._sync(moves_sudo)

    def _sync(self, moves):
        self.env["dunning.einvoice.status"]._reserve(moves)
        known = self._read_known(moves)
        groups = self.search([("move_id", "in", moves.ids)], order="id")
        groups = groups.grouped("move_id")
        found_ids, new = [], []
        for move in moves:
            own = groups.get(move, self.browse())
            found, missing = self._match(move, known[move], own)
            found_ids += found.ids
            new += missing
        found = self.browse(found_ids)
        ended = self.concat(*groups.values()) - found
        ended._forget_strangers()
        ended = ended.filtered(lambda matter: matter.state != "ended")
        holding = found + self.create(new)
        ended._run("_withdraw")
        ended._write_state("ended")
        holding._bring_each()
        self._restart_all(known)
        self.env["dunning.einvoice.status"]._write_all(known)
        self._tell_events(known, holding)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT HOLDS
    # ------------------------------------------------------------------

    def _read_known(self, moves):
        """Return what was said of invoices, and what holds.

        :return: dict of invoice to :class:`Known`
        """
        events = self.env["dunning.einvoice.event"].search(
            [("move_id", "in", moves.ids), ("state", "=", "assigned")], order="id"
        )
        by_move = events.grouped("move_id")
        rules = {
            company: self.env["dunning.einvoice.rule"]._get_rules(company)
            for company in moves.company_id
        }
        given_up = set(self._find_given_up(moves)._ids)
        # Many say the same, and few rules are looked through for each.
        rules = {company: own.grouped("code") for company, own in rules.items()}
        unknown = self.rule_id.browse()
        known, choices = {}, {}
        for move in moves:
            own = by_move.get(move, events.browse())
            chosen, said = {}, []
            for event in own:
                reasons = tuple(event._get_reasons())
                choice = (move.company_id, event.code, reasons)
                if choice not in choices:
                    of_code = rules[move.company_id].get(event.code, unknown)
                    choices[choice] = of_code._choose(event.code, reasons)
                rule, statuses = self._read_event(event, *choices[choice])
                chosen[event.id] = rule
                said += statuses
            known[move] = Known(
                {event.id: event for event in own},
                chosen,
                get_state(said),
                move.id in given_up,
            )
        return known

    def _read_event(self, event, rule, all_known):
        """Return what a status says by its rule: of what none knows, a task.

        :param all_known: whether there are rules for each of its reasons
        :return: the rule, none where nothing is there to do what it says, and a list of
            :class:`Said`
        """
        effects = self.env["dunning.einvoice.effect"]
        effect = rule and effects._of(rule.effect)
        if effect is None or not rule:
            return rule.browse(), [effects._of(UNKNOWN)._read(event)]
        statuses = [effect._read(event)]
        if not all_known and statuses[0].opens != TASK:
            unknown = effects._of(UNKNOWN)._read(event)
            statuses.append(unknown._replace(proves=False))
        return rule, statuses

    def _match(self, move, known, own):
        """Find the records of what holds of an invoice by the statuses that say so.

        :param known: :class:`Known`
        :param own: the records that there are
        :return: those of what holds, and the values of those that are missing
        """
        found, new, left = self.browse(), [], own
        for matter in self._get_holding(known):
            record = left.filtered(
                lambda one, matter=matter: (
                    one.topic == matter.topic
                    and (
                        # What the ledger tells is of no status.
                        matter.topic == RECEIVED
                        or set(matter.keys) & set(one.event_ids.ids)
                    )
                )
            )
            # Of several that have become one, that which people have decided.
            record = record.sorted(lambda one: (one.state != "decided", one.id))[:1]
            values = self._prepare_matter(move, known, matter)
            if record:
                record._update_said(values)
                left -= record
                found += record
            else:
                new.append(values)
        return found, new

    @api.model
    def _get_holding(self, known):
        """Return what holds of an invoice: what was said, and that the ledger has
        closed it without a payment, which must not be reported as one."""
        holding = list(known.state.matters)
        topics = {matter.topic for matter in holding}
        if known.is_given_up and known.state.headline and RECEIVED not in topics:
            # Told by the ledger: since when is no matter.
            when = fields.Datetime.now()
            said = Said(0, when, "212", ("212", "", 0.0, ""), RECEIVED)
            holding.append(Matter(RECEIVED, when, said, ()))
        return holding

    @api.model
    def _find_given_up(self, moves):
        """Return the invoices that were written off or moved to doubtful debts, and of
        which nothing is left: read at once for all."""
        closed = moves.filtered(lambda move: move.state == "posted")
        closed -= closed._dunning_get_items()._dunning_get_open().move_id
        items = closed._dunning_get_items()
        given_up = {WRITTEN_OFF, TRANSFERRED}
        closings = items._dunning_get_closings()
        return items.filtered(
            lambda item: any(
                kind in given_up and amount for kind, amount in closings[item.id]
            )
        ).move_id

    def _prepare_matter(self, move, known, matter):
        """Return the values of the record of what holds."""
        last = matter.last
        event = known.events.get(last.key, self.event_ids.browse())
        rule = known.rules.get(last.key, self.rule_id.browse())
        effect = rule.effect or UNKNOWN
        if matter.topic in (TASK, RECEIVED):
            effect = UNKNOWN if matter.topic == TASK else "received"
        return {
            "move_id": move.id,
            "topic": matter.topic,
            "effect": effect,
            "rule_id": rule.id,
            "code": last.code,
            "reason_codes": event.reason_codes,
            "reason_text": event.reason_text,
            "amount": last.amount,
            "date": matter.since,
            "date_said": last.when,
            "date_payment": bool(event) and (event.date_payment or event._get_day()),
            "signature": repr(last.content),
            "event_ids": [Command.set([key for key in matter.keys if key])],
        }

    def _update_said(self, values):
        """Write what is said now where it is something else. When it is only said again
        although it was decided, somebody is told."""
        self.ensure_one()
        before = set(self.event_ids.ids)
        [(_command, _id, keys)] = values.pop("event_ids")
        if self.topic == RECEIVED and not keys:
            del values["date"], values["date_said"]
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_cache(self[name], self)
            != self._fields[name].convert_to_cache(value, self)
        }
        if before != set(keys):
            changed["event_ids"] = [Command.set(keys)]
        again = self.state == "decided" and set(keys) - before
        if changed:
            self.write(changed)
        if again and not self.is_fresh:
            self._ask_collectors()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MADE OF IT
    # ------------------------------------------------------------------

    def _is_owed(self):
        """Return whether something is left to pay on the invoice."""
        self.ensure_one()
        return bool(self.move_id._dunning_get_items()._dunning_get_open())

    def _bring_each(self):
        """Bring what was made of matters that hold in line with them."""
        settled = self.filtered(
            lambda one: one._get_effect()._needs_debt and not one._is_owed()
        )
        running = self - settled
        # Read at once for all, for each is asked about its own.
        running.move_id._dunning_get_items().partner_id.fetch(["commercial_partner_id"])
        settled._run("_settle")
        settled._write_state("settled")
        # Payments are shared out after it is known what is contested.
        late = running.filtered(lambda one: one.topic == "payment")
        for matters in (running - late, late):
            matters._run("_apply")
            matters._note_applied()

    def _note_applied(self):
        """Note what was done, and how the matters stand."""
        states, marks = defaultdict(self.browse), defaultdict(self.browse)
        for matter in self.filtered(lambda one: not one.problem):
            effect = matter._get_effect()
            states[effect._get_state(matter)] += matter
            mark = effect._get_mark(matter)
            if matter.applied != mark:
                marks[mark] += matter
        for mark, matters in marks.items():
            matters.applied = mark
        for state, matters in states.items():
            matters._write_state(state)

    def _run(self, step):
        """Have the effects do something of these matters: all of a kind together, each
        alone when that fails. What cannot be done is noted and told to somebody."""
        kinds = self.grouped(lambda one: one._get_effect()._doing or one.effect)
        for matters in kinds.values():
            if matters._try(step) or len(matters) == 1:
                continue
            for matter in matters:
                matter._try(step)

    def _try(self, step):
        """Have the effect of these matters do something.

        :return: whether it could
        """
        effect = self[:1]._get_effect()
        # A savepoint that flushes by itself would forget what is to be followed.
        self.env.flush_all()
        try:
            with expecting_sql_errors(), self.env.cr.savepoint(flush=False):
                getattr(effect, step)(self)
                self.env.flush_all()
        except (UserError, IntegrityError) as error:
            # What it had written is not in the database any more.
            self.env.clear()
            _logger.info("E-invoice matters %s: %s", self.ids, error)
            if len(self) == 1:
                self._note_problem(str(error))
            return False
        if solved := self.filtered("problem"):
            solved.problem = False
        return True

    def _note_problem(self, text):
        """Tell somebody that nothing could be made of a matter."""
        if self.problem != text:
            self.write({"problem": text, "state": "open"})
            self._ask_collectors()

    def _restart_all(self, known):
        """Let the delays of invoices count from the day on which what was missing was
        sent, and no more where it was not.

        :param known: dict of invoice to :class:`Known`
        """
        moves = self.env["account.move"].concat(*known)
        marked = self.env["dunning.hold"].search(
            [
                ("move_ids", "in", moves.ids),
                ("origin", "=", "einvoice"),
                ("resume", "=", "restart"),
            ]
        )
        by_move = marked.grouped("move_ids")
        for move, found in known.items():
            own = by_move.get(move, marked.browse())
            if found.state.restart:
                self._restart(move, found.state.restart, own)
            elif own:
                own._mark(False)

    def _restart(self, move, moment, marked):
        """Let the delays of an invoice count from a day.

        :param moment: when what was missing was sent
        :param marked: holds that say from when delays count
        """
        day = self.event_ids.browse()._get_day_of(move.company_id, moment)
        right = marked.filtered(
            lambda hold: hold.date_resume == hold._get_resume_date("restart", day)
        )
        if wrong := marked - right:
            wrong._mark(False)
        items = move._dunning_get_items()._dunning_get_open()
        if right or not items:
            return
        holds = self.env["dunning.hold"].search(
            [
                ("move_ids", "in", move.ids),
                ("einvoice_matter_id.topic", "=", SUSPENSION),
                ("date_released", "!=", False),
            ],
            limit=1,
        )
        hold = holds or self._make_hold(move, items)
        if not hold.date_released:
            hold._end()
        resume = hold._get_resume_date("restart", day)
        hold.write({"resume": "restart", "date_resume": resume})

    def _make_hold(self, move, items):
        """Make a hold on an invoice that was suspended before anybody knew."""
        partner = items.partner_id.commercial_partner_id[:1]
        reason = self.new({"move_id": move.id})._get_reason()
        holds = self.env["dunning.hold"].with_context(tracking_disable=True)
        return holds.create(
            {
                "partner_id": partner.id,
                "company_id": move.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "reason_id": reason.id,
                "origin": "einvoice",
            }
        )
