import inspect

from odoo import Command, models
from odoo.exceptions import AccessError, MissingError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon
from ..rights import ASKED_ABOUT, KINDS, METHODS, MODELS
from ..rights_calls import RightsCalls
from ..rights_dialogs import create_agreement_dialogs

ADDON = "account_dunning"
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


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
        cls.call = cls.env["dunning.action"].create({"partner_id": cls.customer.id})
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
            cls.action.run_id,
            cls.env["dunning.item"].browse(cls._items(cls.invoice).id),
            cls.env["dunning.item.state"].search(
                [("move_line_id", "=", cls._items(cls.done_invoice).id)]
            ),
            cls.env["dunning.coverage"].browse(cls._items(cls.invoice).id),
            cls.env["dunning.procedure"].browse(cls.action.id),
            cls._create_arrival(),
            cls.invoice,
            cls.customer,
        ]
        return {sample._name: sample.sudo() for sample in samples}

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


@tagged("post_install", "-at_install")
class TestAccessRights(RightsCalls, RightsCommon):
    """Each model and method of the addon, for each kind of user."""

    # ------------------------------------------------------------------
    # MODELS
    # ------------------------------------------------------------------

    def test_every_model_has_its_rights_written_down(self):
        stored = [name for name in self._get_models() if not self.env[name]._abstract]
        self.assertEqual(stored, sorted(MODELS))

    def test_every_user_has_exactly_these_rights_on_each_model(self):
        pairs = [(model, kind) for model in MODELS for kind in KINDS]
        self._check(
            {pair: set(MODELS[pair[0]].get(pair[1], "")) for pair in pairs},
            {pair: self._get_rights(*pair) for pair in pairs},
        )

    def _get_rights(self, model, kind):
        record = self._as(kind, model).browse(self._get_sample(kind, model).id)
        return {
            letter
            for letter, operation in OPERATIONS.items()
            if record.has_access(operation)
        }

    def test_a_dialog_is_closed_to_all_but_who_opened_it(self):
        self.assertGreater(len(self.dialogs["auditor"]), 10)
        for model in self.dialogs["auditor"]:
            dialog = self._as("manager", model).browse(
                self.dialogs["auditor"][model].id
            )
            with self.subTest(model=model):
                self.assertFalse(dialog._filtered_access("read"))
                self.assertFalse(dialog._filtered_access("write"))

    def test_nobody_outside_finds_any_record(self):
        for model in MODELS:
            for kind in ("internal", "portal"):
                with self.subTest(model=model, user=kind):
                    if kind == "internal" and model in ASKED_ABOUT:
                        self.assertFalse(self._as(kind, model).search([]))
                        continue
                    self.assertIsInstance(
                        self._rpc(kind, model, "search_read", []), AccessError
                    )
        for model, sample in self.samples.items():
            # What nobody reads, nobody looks for.
            if model.startswith("dunning.") and MODELS[model]:
                found = self._as("outsider", model).search([])
                with self.subTest(model=model, user="outsider"):
                    self.assertFalse(sample & found)

    # ------------------------------------------------------------------
    # METHODS
    # ------------------------------------------------------------------

    def test_every_public_method_has_its_callers_written_down(self):
        public = {
            (model, name)
            for model, name in self._get_methods(public=True)
            if self._is_callable(model, name)
        }
        self.assertEqual(sorted(public), sorted(METHODS))

    def test_private_methods_cannot_be_called(self):
        private = self._get_methods(public=False)
        self.assertGreater(len(private), 1000)
        for model, name in private:
            with self.subTest(model=model, method=name):
                self.assertFalse(self._is_callable(model, name))

    def _is_callable(self, model, name):
        try:
            get_public_method(self.env[model], name)
        except AccessError:
            return False
        return True

    def test_public_methods_serve_exactly_these_users(self):
        triples = [(*method, kind) for method in METHODS for kind in KINDS]
        self._check(
            {
                triple: triple[2] in METHODS[triple[:2]] or "refused"
                for triple in triples
            },
            {triple: self._call_sample(*triple) for triple in triples},
        )

    def _call_sample(self, model, method, kind):
        """Call a method on the sample of its model.

        :return: True when it was carried out, "refused", or the error
        """
        sample = self._get_sample(kind, model)
        arguments = {"context": {}}
        positional = [sample.ids]
        match model, method:
            case "dunning.action", _:
                positional = self._get_action_arguments(method, kind)
            case "dunning.dispute", _:
                positional = self._get_dispute_arguments(method)
            case "dunning.promise", _:
                positional = self._get_promise_arguments(method)
            case "res.partner", "action_dunning_remind" if kind == "outsider":
                self._plan_mail_of(self.users[kind].company_id)
            case _, "dunning_get_preview":
                positional = [sample.ids, {"body": "Hello"}]
            case "dunning.hold", "action_open_source":
                # Whoever calls it need not see which holds there are.
                dispute_sudo = self.dispute.sudo()
                positional = [dispute_sudo.hold_ids.ids]
            case "dunning.preview.line", "action_confirm":
                # It works on the dry run on the screen, not on lines.
                preview = self._get_sample(kind, "dunning.preview")
                arguments["context"] = {"dunning_preview_id": preview.id}
        if getattr(getattr(type(sample), method), "_api_model", False):
            positional = []
        error = self._rpc(kind, model, method, *positional, **arguments)
        refusals = (AccessError, MissingError)
        return "refused" if isinstance(error, refusals) else error or True

    def _check(self, expected, found):
        """Compare two tables, showing only what differs."""
        wrong = {key: found[key] for key in expected if expected[key] != found[key]}
        self.assertEqual(wrong, {key: expected[key] for key in wrong})
