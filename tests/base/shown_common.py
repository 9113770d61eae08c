from odoo import Command
from odoo.tests import new_test_user

from ..common import DunningCommon

MARK = "Quokka"


class ShownCommon(DunningCommon):
    """An action that was sent, a dispute and a file that tell a name, and users who
    may read none of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = f"{MARK} Customer"
        cls._create_invoice(due=-10)
        cls.action = cls.company._dunning_run().action_ids
        cls.action.action_execute()
        cls.message = cls.action.sent_message_id
        assert MARK in cls.message.subject
        cls.note = cls.action.message_post(body=MARK, subject=MARK)
        disputed = cls._create_invoice(due=-5)
        cls.dispute = cls.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(cls._items(disputed).ids)],
                "reason_id": cls.env.ref("account_dunning.reason_price").id,
            }
        )
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": MARK,
                "raw": MARK.encode(),
                "res_model": cls.action._name,
                "res_id": cls.action.id,
            }
        )
        # As the mail gateway does.
        customer_sudo = cls.customer.sudo().with_context(mail_notify_force_send=False)
        answer_sudo = customer_sudo.message_post(
            body="See there",
            message_type="email",
            parent_id=cls.message.id,
            author_id=cls.customer.id,
            subtype_xmlid="mail.mt_comment",
            attachments=[(MARK, MARK.encode())],
        )
        cls.answered = answer_sudo.with_env(cls.env)
        cls.outside = cls._create_outsiders()
        cls.env.flush_all()

    @classmethod
    def _create_outsiders(cls):
        env = cls.env(su=True, context={"no_reset_password": True})
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        groups = {
            "shown_employee": "base.group_user,base.group_partner_manager",
            "shown_accountant": "account.group_account_invoice",
            "shown_portal": "base.group_portal",
        }
        users = [
            new_test_user(env, login, group, **company)
            for login, group in groups.items()
        ]
        other = cls._create_second_company()
        return [*users, cls._create_user("neighbour", "group_dunning_manager", other)]
