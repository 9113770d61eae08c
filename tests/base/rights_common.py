import inspect

from odoo import Command, models
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from ..common import DunningCommon
from ..legal_records import create_claims, create_legal_records
from ..rights import KINDS
from ..rights_answer import create_dispute_answer, create_refusal
from ..rights_dialogs import (
    create_agreement_dialogs,
    create_forecast,
    create_litigation_dialogs,
    create_workbooks,
)
from ..rights_einvoice import create_einvoice_dialogs, create_einvoice_event
from ..rights_einvoice_effects import create_effect_samples
from ..rights_litigation import create_deadline_rule, create_proof
from ..rights_portal import create_portal_samples
from ..rights_risk import create_risk_dialogs, create_risk_samples

ADDON = "account_dunning"


class RightsCommon(DunningCommon):
    """A user of each kind, and a record of each model of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._create_users()
        cls.invoice = cls._create_invoice(due=-10)
        cls.action = cls.company._dunning_run().action_ids
        cls.done_invoice = cls._create_invoice(
            cls._create_customer("Done Customer"), due=-10
        )
        cls.done_action = cls.company._dunning_run().action_ids
        cls.done_action.action_execute()
        assert cls.done_action.state == "done"
        cls.hold = cls.env["dunning.hold"].create(
            {
                "partner_id": cls._create_customer("Held Customer").id,
                "note": "On request",
            }
        )
        # Overdue, and no level reached yet.
        cls.new_invoice = cls._create_invoice(
            cls._create_customer("New Customer"), due=-10
        )
        cls.dispute = cls._create_dispute()
        cls.closed_dispute = cls._create_dispute()
        cls.closed_dispute.action_cancel()
        cls.accepted_dispute = cls._create_dispute()
        cls.accepted_dispute.action_accept()
        cls.accepted_dispute.credit_note_ids.unlink()
        cls.promise = cls._create_promise()
        cls.withdrawn_promise = cls._create_promise()
        cls.withdrawn_promise.action_withdraw()
        create_deadline_rule(cls.env, cls.company, "sent")
        cls.litigation = cls._create_litigation()
        cls.closed_litigation = cls._create_litigation()
        cls.closed_litigation.action_close("irrecoverable")
        cls.call = cls.env["dunning.action"].create({"partner_id": cls.customer.id})
        cls.event = create_einvoice_event(cls.env, cls.company, cls.done_invoice.name)
        cls.waiting_event = create_einvoice_event(cls.env, cls.company)
        cls.samples = cls._create_samples()
        cls.dialogs = {
            kind: cls._create_dialogs(user) for kind, user in cls.users.items()
        }

    @classmethod
    def _create_users(cls):
        # The mails that users get about their account are none of our business.
        env = cls.env(su=True, context={"no_reset_password": True})
        other_company = env["res.company"].create({"name": "Other Company"})
        groups = {
            "internal": "base.group_user",
            "auditor": f"{ADDON}.group_dunning_readonly",
            "collector": f"{ADDON}.group_dunning_collector",
            "manager": f"{ADDON}.group_dunning_manager",
            "portal": "base.group_portal",
            "outsider": f"{ADDON}.group_dunning_manager",
        }
        assert tuple(groups) == KINDS
        users = {}
        for kind, group in groups.items():
            company = other_company if kind == "outsider" else cls.company
            users[kind] = new_test_user(
                env,
                f"rights_{kind}",
                group,
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
        return users

    @classmethod
    def _create_dispute(cls):
        invoice = cls._create_invoice(cls._create_customer("Disputing Customer"))
        return cls.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(cls._items(invoice).ids)],
                "reason_id": cls.env.ref(f"{ADDON}.reason_price").id,
            }
        )

    @classmethod
    def _create_promise(cls):
        partner = cls._create_customer("Promising Customer")
        cls._create_invoice(partner, due=-10)
        attachment = cls.env["ir.attachment"].create({"name": "Signed"})
        return cls.env["dunning.promise"].create(
            {
                "partner_id": partner.id,
                "line_ids": [Command.create({"date": cls._day(5), "amount": 10})],
                "acceptance_ids": [Command.set(attachment.ids)],
            }
        )

    @classmethod
    def _create_litigation(cls):
        partner = cls._create_customer("Customer of a Lawyer")
        invoice = cls._create_invoice(partner, due=-10)
        cls._create_invoice(partner, due=-5)
        agent = cls._create_customer("Lawyer", dunning_agent_kind="lawyer")
        litigation = cls.env["dunning.litigation"].create(
            {
                "move_line_ids": [Command.set(cls._items(invoice).ids)],
                "agent_id": agent.id,
                "note": "Court of Paris",
            }
        )
        litigation.act_ids.create({"litigation_id": litigation.id, "kind": "sent"})
        return litigation

    @classmethod
    def _create_samples(cls):
        """Return one record of our company for each model that keeps its records."""
        reason = cls.env["dunning.reason"].create(
            {
                "name": "Reason",
                "company_id": cls.company.id,
                "checklist_ids": [Command.create({"name": "Order"})],
            }
        )
        samples = [
            cls.scenario,
            cls.scenario.level_ids[0],
            reason,
            reason.checklist_ids,
            cls.env["dunning.department"].create(
                {"name": "Department", "company_id": cls.company.id}
            ),
            cls.dispute,
            cls.dispute.stage_ids,
            cls.dispute.document_ids[0],
            cls._create_dispute()._ask(
                cls.env["dunning.department"], "Why?", cls.users["manager"]
            ),
            cls.accepted_dispute.credit_ids,
            cls.mail_template,
            cls.env.ref("account_dunning.sms_template_reminder"),
            cls.action,
            cls.action.line_ids,
            *cls._create_sending(),
            cls.hold,
            cls.promise,
            cls.promise.line_ids,
            cls.litigation,
            cls.litigation.act_ids,
            cls.litigation.deadline_ids[:1],
            create_deadline_rule(cls.env, cls.company, "judgment"),
            *create_proof(cls.env, cls.litigation),
            cls.action.run_id,
            cls.env["dunning.item"].browse(cls._items(cls.invoice).id),
            cls.env["dunning.item.state"].search(
                [("move_line_id", "=", cls._items(cls.done_invoice).id)]
            ),
            cls.env["dunning.aged.balance"].browse(cls._items(cls.invoice).id),
            cls.env["dunning.coverage"].browse(cls._items(cls.invoice).id),
            cls.env["dunning.procedure"].browse(cls.action.id),
            cls._create_arrival(),
            cls.env["dunning.workbook.schedule"].create(
                {"recipient_ids": [Command.set(cls.users["manager"].ids)]}
            ),
            *cls._create_ranked(),
            *create_legal_records(cls),
            *cls._create_kept(),
            *create_risk_samples(cls.env, cls.company, cls.customer),
            cls.event,
            *create_portal_samples(cls.env, cls.company, cls.customer),
            create_dispute_answer(cls.env, cls.dispute),
            *create_effect_samples(
                cls.env,
                cls._create_invoice(cls._create_customer("E-Invoiced"), due=-10),
            ),
            cls.invoice,
            cls.customer,
        ]
        return {sample._name: sample.sudo() for sample in samples}

    @classmethod
    def _create_kept(cls):
        """Return what is kept of the plan and the balance, and who is to be planned
        again."""
        # Written by the engine alone.
        keepers_sudo = cls.env["dunning.plan.keeper"].sudo()
        keepers_sudo._keep_up(cls.env["res.company"].search([]))
        marks_sudo = cls.env["dunning.plan.mark"].sudo()
        return [
            marks_sudo.create({"partner_id": cls.customer.id}),
            *(
                keepers_sudo.env[model].search([], limit=1)
                for model in (
                    "dunning.plan.keeper",
                    "dunning.plan.kept",
                    "dunning.plan.kept.customer",
                    "dunning.balance.open",
                )
            ),
        ]

    @classmethod
    def _create_ranked(cls):
        """Return a row of each ranking, and what was told of an old item."""
        items = cls._items(cls.done_invoice)
        # What the system writes of what it has told.
        alerts_sudo = cls.env["dunning.age.alert"].sudo()
        alert = alerts_sudo.create({"move_line_id": items.id, "date": cls.today})
        # What was worked out is written by the dashboard alone.
        memories_sudo = cls.env["dunning.dashboard.memory"].sudo()
        memory = memories_sudo.create(
            {
                "company_id": cls.company.id,
                "user_id": cls.env.uid,
                "method": "get_trend",
                "key": "{}",
                "content": {"months": []},
            }
        )
        cls._pay(cls._create_invoice(cls.customer, -20))
        # What became of a promise is written by the system.
        line_sudo = cls._create_promise().line_ids.sudo()
        line_sudo.write({"state": "broken"})
        cls.env.flush_all()
        return [
            alert,
            memory,
            *(
                cls.env[model].search([("company_id", "=", cls.company.id)], limit=1)
                for model in (
                    "dunning.dispute.time",
                    "dunning.late.customer",
                    "dunning.payer",
                    "dunning.promise.rate",
                    "dunning.reason.trend",
                    "dunning.success",
                )
            ),
        ]

    @classmethod
    def _create_arrival(cls):
        """Return what is noted of an invoice that came late."""
        # Written by the engine alone.
        arrivals_sudo = cls.env["dunning.invoice.arrival"].sudo()
        arrivals_sudo._write_arrivals(cls.done_invoice, cls.today)
        return arrivals_sudo.search([("move_id", "in", cls.done_invoice.ids)])

    @classmethod
    def _create_sending(cls):
        """Return what was sent, its recipient, its file, and its handover."""
        # Written by the engine alone.
        action_sudo = cls.done_action.sudo()
        contents = action_sudo._prepare_letter_content()
        contents["files"] = cls.env["ir.attachment"].create({"name": "Letter"})
        [sending_sudo] = action_sudo._record_sendings({action_sudo: contents}).values()
        handovers_sudo = action_sudo.env["dunning.handover"]
        handovers_sudo._note(sending_sudo)
        return (
            sending_sudo,
            sending_sudo.recipient_ids,
            sending_sudo.file_ids,
            handovers_sudo.search([], order="id desc", limit=1),
        )

    @classmethod
    def _create_dialogs(cls, user):
        """Return one record for each dialog, as if the user had opened it."""
        context = {
            "active_ids": cls.action.ids,
            "allowed_company_ids": cls.company.ids,
        }
        env = cls.env(user=user, su=True, context=context)
        preview = env["dunning.preview"].create({})
        preview._fill()
        start = env["dunning.start.levels"].create({})
        outcome = env["dunning.call.outcome"].create(
            {
                "action_id": cls.call.id,
                "outcome": "other",
                "reason_id": cls.env.ref("account_dunning.reason_forgotten").id,
            }
        )
        assert not outcome.schedule_ids, "worked out before a line is added"
        dialogs = [
            preview,
            preview.line_ids[0],
            env["dunning.aged.balance.day"].create({}),
            env["dunning.settings"].create({}),
            start,
            start.line_ids or start.line_ids.create({"wizard_id": start.id}),
            env["dunning.action.edit"].create(
                {"action_id": cls.action.id, "body": "<p>Please pay</p>"}
            ),
            env["dunning.action.validate"].create(
                {"action_ids": [(6, 0, cls.action.ids)]}
            ),
            env["dunning.action.send"].create({"action_ids": [(6, 0, cls.action.ids)]}),
            env["dunning.action.postpone"].create({"reason": "On request"}),
            env["dunning.action.skip"].create({"reason": "On request"}),
            create_refusal(env, cls.samples),
            outcome,
            env["dunning.call.outcome.line"].create(
                {"dialog_id": outcome.id, "date": cls.today, "amount": 10}
            ),
            env["dunning.follow.up"].create(
                {
                    "action_id": cls.action.id,
                    "user_id": cls.users["manager"].id,
                }
            ),
            *create_agreement_dialogs(env, cls.promise, cls.dispute),
            *create_risk_dialogs(env, cls.users, cls.customer),
            *create_litigation_dialogs(env, cls.litigation),
            *create_einvoice_dialogs(env, cls.waiting_event),
            *create_workbooks(env),
            *create_claims(env, cls._items(cls.invoice)),
            *create_forecast(env, cls._items(cls.invoice)),
        ]
        return {dialog._name: dialog for dialog in dialogs}

    @classmethod
    def _get_sample(cls, kind, model):
        """Return the record on which a kind of user is tried out: a dialog is its
        own."""
        return cls.samples.get(model) or cls.dialogs[kind][model]

    @classmethod
    def _as(cls, kind, model):
        return cls.env(user=cls.users[kind], su=False, context={})[model]

    def _rpc(self, kind, model, method, *args, **kwargs):
        """Call a method as a client does, and take back what it did.

        :return: what it raised, None when it was carried out
        """
        savepoint = self.env.cr.savepoint()
        try:
            call_kw(self._as(kind, model), method, list(args), kwargs)
            self.env.flush_all()
        except Exception as error:
            return error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return None

    def _get_models(self):
        """Names of the models that the addon brings."""
        return sorted(
            name
            for name, model in self.registry.items()
            if model._original_module == ADDON
        )

    def _get_methods(self, public):
        """Names of the methods that the addon defines, by model. Those of the ORM
        that it extends do what the rights on records allow."""
        found = set()
        for model_name, model in self.registry.items():
            # What an abstract model defines is tried on those that have it.
            if model._abstract:
                continue
            for cls in model.mro():
                if not cls.__module__.startswith(f"odoo.addons.{ADDON}."):
                    continue
                found |= {
                    (model_name, name)
                    for name, value in vars(cls).items()
                    if inspect.isfunction(getattr(value, "__func__", value))
                    and name.startswith("_") != public
                    and not name.startswith("__")
                    and not hasattr(models.BaseModel, name)
                }
        return found
