"""Statuses by which the buyer contests an invoice, or a part of it."""

# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import Command, models

from ...tools.einvoice_state import APPROVAL, CONTEST, DELIVERY, SUSPENSION
from ...tools.following import FOLLOWING_CONTEXT
from ...tools.words import OPEN_STAGES


class DunningEffectDispute(models.AbstractModel):
    """A dispute of the amount that the buyer gives, else of all that is open. As long
    as the buyer goes on contesting it is one dispute, whatever the buyer says of it;
    what people decide stands until the buyer says something else."""

    _name = "dunning.einvoice.effect.dispute"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: in Dispute"

    _topic = CONTEST
    _closes = frozenset({APPROVAL, DELIVERY})
    _proves = True
    _doing = "dispute"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - IN LINE WITH WHAT WAS SAID
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        missing = matters.browse()
        for matter in matters:
            dispute = matter.dispute_id
            if dispute.closed_by == "buyer":
                dispute._open_again()
                dispute._settle()
            if dispute.state in OPEN_STAGES:
                self._update(matter, dispute)
            elif not dispute or (dispute.closed_by == "user" and matter.is_fresh):
                missing += matter
        self._create_disputes(missing)

    def _create_disputes(self, matters):
        """Make the disputes of matters that have none. Where all is in dispute already,
        as somebody has said on the phone, that dispute is what the buyer means."""
        disputes = self.env["dunning.dispute"].with_context(**FOLLOWING_CONTEXT)
        items = {
            matter: matter.move_id._dunning_get_items()._dunning_get_open()
            for matter in matters
        }
        every = disputes.move_line_ids.concat(*items.values())
        free = disputes._get_available(every, names=[disputes._name]) if every else {}
        workers, deadlines = matters._get_workers(), self._get_deadlines(matters)
        contacts = self._get_contacts(matters)
        values, made = [], matters.browse()
        for matter, own in items.items():
            room = sum(max(free[item], 0) for item in own)
            amount = matter.currency_id.round(min(matter.amount or room, room))
            if amount > 0:
                user = matter.company_id.dunning_dispute_user_id or workers[matter]
                values.append(
                    self._prepare_dispute(matter, own, amount)
                    | self._prepare_said(matter, deadlines[matter])
                    | {"user_id": user.id, "contact_id": contacts[matter]}
                )
                made += matter
            else:
                self._adopt(matter)
        for matter, dispute in zip(made, disputes.create(values), strict=True):
            matter.write(
                {
                    "dispute_id": dispute.id,
                    "amount_made": dispute.amount,
                    "is_adopted": False,
                }
            )

    def _get_deadlines(self, matters):
        """Return until when disputes should be settled: dict of matter to day."""
        return matters._get_deadlines(
            {m: m.rule_id.days or m._get_reason().delay_days for m in matters}
        )

    def _get_contacts(self, matters):
        """Return whom to contact about each matter: dict of matter to id."""
        found = {}
        for company, own in matters.grouped("company_id").items():
            partners = own.move_id.commercial_partner_id.with_company(company)
            contacts = partners._dunning_get_contacts()
            for matter in own:
                found[matter] = contacts[matter.move_id.commercial_partner_id.id].id
        return found

    def _prepare_dispute(self, matter, items, amount):
        """Return the values of the dispute of a matter."""
        company = matter.company_id
        partner = items.partner_id.commercial_partner_id[:1]
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "move_line_ids": [Command.set(items.ids)],
            "amount": amount,
            "date": matter._get_day(),
            "einvoice_matter_id": matter.id,
        }

    def _prepare_said(self, matter, deadline):
        """Return the values of the dispute that the buyer's last words decide."""
        return {
            "reason_id": matter._get_reason().id,
            "description": matter._in_company_words()._get_description(),
            "date_deadline": deadline,
        }

    def _adopt(self, matter):
        """Let a matter be that of the dispute that somebody has recorded."""
        found = self.env["dunning.dispute"].search(
            [
                ("move_line_ids", "in", matter.move_id.line_ids.ids),
                ("state", "in", OPEN_STAGES),
            ],
            limit=1,
        )
        if found and found != matter.dispute_id:
            matter.write({"dispute_id": found.id, "is_adopted": True})
            found._message_log(body=matter._in_company_words()._get_description())

    def _update(self, matter, dispute):
        """Let a dispute say what the buyer says now."""
        if matter.is_adopted:
            if matter.is_fresh:
                dispute._message_log(body=matter._in_company_words()._get_description())
            return
        if dispute.date != matter._get_day():
            dispute.date = matter._get_day()
        # What people have changed stays so until something else is said.
        changed = matter.currency_id.compare_amounts(dispute.amount, matter.amount_made)
        if not matter.is_fresh and (changed or matter.amount):
            return
        items = matter.move_id._dunning_get_items()._dunning_get_open()
        values = {}
        if matter.applied != matter.signature:
            [deadline] = self._get_deadlines(matter).values()
            values = self._prepare_said(matter, deadline)
        if missing := items - dispute.move_line_ids:
            values["move_line_ids"] = [Command.link(item.id) for item in missing]
        free = dispute._get_available(items, without=[dispute], names=[dispute._name])
        room = sum(max(amount, 0) for amount in free.values())
        amount = matter.currency_id.round(min(matter.amount or room, room))
        if amount > 0 and matter.currency_id.compare_amounts(amount, dispute.amount):
            values["amount"] = amount
        if values:
            dispute.with_context(**FOLLOWING_CONTEXT).write(values)
            matter.amount_made = dispute.amount

    def _withdraw(self, matters):
        # EXTENDS 'dunning.einvoice.effect': the buyer contests it no more
        result = super()._withdraw(matters)
        running = matters.filtered(lambda m: m.dispute_id.state in OPEN_STAGES)
        for matter in running.filtered("is_adopted"):
            # People decide on what people have recorded.
            matter.dispute_id._message_log(body=matter._get_end_text())
        own = running.filtered(lambda matter: not matter.is_adopted)
        for text, ended in own.grouped(lambda m: m._get_end_text()).items():
            ended.dispute_id._close(
                "cancelled", closed_by="buyer", closed_user_id=False, decision=text
            )
        own.dispute_id._settle()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS SAID OF IT
    # ------------------------------------------------------------------

    def _get_state(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        dispute = matter.dispute_id
        if dispute.state in OPEN_STAGES:
            return "open"
        return "decided" if dispute.closed_by == "user" else "settled"

    def _get_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return matter.dispute_id

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        dispute = matter.dispute_id
        if not dispute:
            return self.env._("Nothing is left open that could be in dispute.")
        values = {
            "reason": dispute.reason_id.name,
            "amount": matter._format(dispute.amount),
            "department": dispute.department_id.name or self.env._("no department"),
        }
        return self.env._(
            "Dispute of %(amount)s: %(reason)s (%(department)s).", **values
        )

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("The buyer says it again although it was decided")

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "On %(day)s you reported a dispute about %(number)s%(words)s: we are "
            "looking into it and do not claim what is in dispute.",
            **matter._get_told_values(),
        )


class DunningEffectPart(models.AbstractModel):
    """A part is approved: the rest is in dispute, and what is approved is dunned."""

    _name = "dunning.einvoice.effect.part"
    _inherit = "dunning.einvoice.effect.dispute"
    _description = "Effect of an E-Invoice Status: Approved in Part"

    _closes = frozenset({APPROVAL, DELIVERY, SUSPENSION})

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "On %(day)s you approved a part of %(number)s%(words)s: we claim that part "
            "only, and are looking into the rest.",
            **matter._get_told_values(),
        )


class DunningEffectRefuse(models.AbstractModel):
    """All of it is refused: the dispute is to be decided at once. Who accepts it
    cancels the invoice among ourselves, for the buyer has none any more."""

    _name = "dunning.einvoice.effect.refuse"
    _inherit = "dunning.einvoice.effect.dispute"
    _description = "Effect of an E-Invoice Status: Refused"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_amount(self, event):
        # OVERRIDES 'dunning.einvoice.effect': nobody refuses a part
        return 0.0

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "On %(day)s you refused %(number)s%(words)s: we are looking into it and "
            "do not claim it.",
            **matter._get_told_values(),
        )
