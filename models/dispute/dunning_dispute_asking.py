from datetime import date as Date

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..base.dunning_entered import accepts

QUESTION = "account_dunning.activity_type_question"


class DunningDispute(models.Model):
    """Asking departments about disputes."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    question_ids = fields.One2many(
        "dunning.dispute.question", "dispute_id", string="Questions", readonly=True
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @accepts(
        department_id="many2one",
        question="string",
        user_id="many2one",
        date_deadline="date",
    )
    def action_ask(
        self,
        department_id: int | bool,
        question: str,
        user_id: int | None = None,
        date_deadline: Date | str | None = None,
    ):
        """Ask a department about the dispute: it waits for the answer.

        :param department_id: id of the department, or False
        :param question: what is asked
        :param user_id: id of who answers, for the department by default
        :param date_deadline: day by which to answer, after the company's delay by
            default
        :return: id of the question
        :raise UserError: the dispute is closed, or nobody can answer
        """
        question = self._ask(
            self.env["dunning.department"].browse(department_id or []),
            question,
            self.env["res.users"].browse(user_id or []),
            fields.Date.to_date(date_deadline),
        )
        return question.id

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _ask(self, department, question, user=None, date_deadline=None):
        """Ask somebody of the house, see :meth:`action_ask`.

        :return: the question
        """
        self.ensure_one()
        self._check_decidable()
        company = self.company_id
        user = user or department.user_id
        deadline = date_deadline or company._dunning_add_working_days(
            company.dunning_question_days
        )
        self._check_question(department, question, user, deadline)
        # Questions are recorded by the system alone.
        questions_sudo = self.env["dunning.dispute.question"].sudo()
        question_sudo = questions_sudo.create(
            {
                "dispute_id": self.id,
                "department_id": department.id,
                "user_id": user.id,
                "question": question,
                "date": company._dunning_today(),
                "date_deadline": deadline,
            }
        )
        # Who is asked may read the dispute from here on.
        question_sudo.flush_recordset()
        asked = self.with_context(lang=user.lang)
        question_sudo.activity_id = asked.activity_schedule(
            QUESTION,
            deadline,
            note=plaintext2html(question),
            user_id=user.id,
        )
        self.state = "waiting_department"
        return question_sudo.sudo(self.env.su)

    def _check_question(self, department, question, user, deadline):
        """Refuse a question that nobody could answer.

        :raise UserError: saying what is missing
        """
        if not (question or "").strip():
            raise UserError(self.env._("Write what you want to know."))
        self._check_asked(user, department)
        if deadline < self.company_id._dunning_today():
            raise UserError(
                self.env._("Leave them time to answer: choose a later day.")
            )

    def _check_asked(
        self, user: models.BaseModel, department: models.BaseModel | None = None
    ) -> None:
        """Refuse to ask somebody who could not answer.

        :raise UserError: saying who is missing
        """
        if not user:
            raise UserError(
                self.env._(
                    "Choose who answers: nobody is named for “%s”.", department.name
                )
                if department
                else self.env._("Choose who answers.")
            )
        # What is asked is whether they can, whatever one may see of colleagues.
        user_sudo = user.sudo()
        if not (
            user_sudo.active
            and user_sudo._is_internal()
            and self.company_id in user_sudo.company_ids
        ):
            raise UserError(
                self.env._(
                    "%(user)s is no user of “%(company)s”: ask somebody else.",
                    user=user_sudo.name,
                    company=self.company_id.name,
                )
            )

    def _go_on(self):
        """Take up again disputes that wait for no department any more."""
        asked = self.question_ids.filtered(lambda question: question.state == "open")
        waiting = self.filtered(lambda d: d.state == "waiting_department")
        (waiting - asked.dispute_id).write({"state": "in_process"})

    def _close(self, state, **values):
        # EXTENDS 'account_dunning': nobody need answer any more
        result = super()._close(state, **values)
        asked = self.question_ids.filtered(lambda question: question.state == "open")
        asked.write({"state": "cancelled"})
        asked.activity_id.unlink()
        return result
