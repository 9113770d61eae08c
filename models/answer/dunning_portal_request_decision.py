from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ...tools.words import COLLECTORS
from ..base.dunning_entered import accepts


class DunningPortalRequest(models.Model):
    """What collectors decide about the answers of customers."""

    _inherit = "dunning.portal.request"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_accept(self) -> bool:
        """Accept what customers ask for: it is done.

        :return: True
        :raise AccessError: only collectors do that
        :raise UserError: it was decided already
        """
        self._decide("accepted")
        return True

    @accepts(note="string")
    def action_refuse(self, note: str | None = None) -> bool:
        """Refuse what customers ask for.

        :param note: what the customer reads on its page and in an e-mail
        :return: True
        :raise UserError: it was decided already
        """
        self._decide("refused", note)
        return True

    def action_open_result(self) -> dict:
        """Open what the answer has led to, the customer where that is nothing."""
        self.ensure_one()
        self.check_access("read")
        found = self.promise_id or self.dispute_id or self.action_id or self.partner_id
        return {
            "type": "ir.actions.act_window",
            "name": found.display_name,
            "res_model": found._name,
            "res_id": found.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _decide(self, decision, note=None):
        """Decide, once.

        :raise UserError: it was decided already, or somebody is deciding it
        """
        self.check_access("read")
        if not self.env.user.has_group(COLLECTORS):
            raise AccessError(
                self.env._("Only collectors decide about the answers of customers.")
            )
        # Users may not write what was decided themselves.
        requests_sudo = self.sudo()
        self.env["dunning.guard"]._lock_or_refuse(requests_sudo)
        for request_sudo in requests_sudo:
            if request_sudo.decision != "open":
                raise UserError(
                    self.env._(
                        "“%s” was decided already, or needs no decision: refresh the "
                        "list.",
                        request_sudo.title,
                    )
                )
            company = request_sudo.company_id
            request_sudo = request_sudo.with_company(company)  # noqa: PLW2901
            request_sudo.write(
                {
                    "decision": decision,
                    "decision_note": (note or "").strip(),
                    "decision_date": company._dunning_today(),
                    "decision_user_id": self.env.user._dunning_get_staff().id,
                }
            )
            act = request_sudo._get_act()
            if decision == "accepted":
                act._accept(request_sudo)
            else:
                act._refuse(request_sudo)
                if request_sudo.decision_note:
                    request_sudo._write_refusal()
            request_sudo._log_decision()

    def _get_refusal_words(self) -> str:
        """Return the usual words by which the customer is told of a refusal, in its
        language."""
        self.ensure_one()
        told = self.with_context(lang=self.partner_id._dunning_portal_lang())
        # What was asked for in the past may be no act any longer.
        name = f"dunning.portal.act.{self.kind}"
        known = name if name in self.env else "dunning.portal.act"
        return told.env[known]._get_refusal_words()

    def _write_refusal(self):
        """Tell the customer by e-mail what was refused and why, in its language, if an
        address is known."""
        self.ensure_one()
        address = self._find_address(self.partner_id)
        if not address:
            return
        told = self.with_context(lang=self.partner_id._dunning_portal_lang())
        company = told.company_id
        company._dunning_portal_write(
            address,
            told.env._(
                "About your answer: %(title)s – %(company)s",
                title=told._get_own_title(),
                company=company.name,
            ),
            "account_dunning.portal_refusal_mail",
            {
                "asked": told,
                "title": told._get_own_title(),
                "url": self.partner_id._dunning_portal_url(company),
            },
            reply_to=self.decision_user_id.email_formatted or company.email_formatted,
        )

    def _write_promise_refusal(self, user: models.BaseModel) -> None:
        """Tell the customer that the promise it has made was not accepted.

        :param user: who has refused it
        """
        self.ensure_one()
        self.write(
            {
                "decision_note": self._get_refusal_words(),
                "decision_date": self.company_id._dunning_today(),
                "decision_user_id": user.id,
            }
        )
        self._write_refusal()

    def _get_decision_text(self):
        if self.decision == "accepted":
            return self.env._(
                "Accepted what the customer has asked for: %s", self._get_own_title()
            )
        return self.env._(
            "Refused what the customer has asked for: %s", self._get_own_title()
        )

    def _log_decision(self):
        """Keep the decision in the history of the customer, and the activity no
        longer."""
        self.ensure_one()
        self.activity_id.unlink()
        parts = [self._get_decision_text(), self.text, self.decision_note]
        body = plaintext2html("\n".join(filter(None, parts)))
        customer = self.partner_id._dunning_discreetly(self.company_id)
        customer._message_log(
            body=body,
            author_id=self.decision_user_id.partner_id.id,
            # What people say stands in the timeline, what systems note does not.
            message_type="comment",
        )
