from odoo.exceptions import AccessError, MissingError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from ..rights import ASKED_ABOUT, KINDS, METHODS, MODELS
from ..rights_calls import RightsCalls
from .rights_common import RightsCommon

OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}
# What the system notes for itself. What it can make again is read by nobody.
READ_BY_ADMINISTRATORS = {
    "dunning.dashboard.memory",
    "dunning.handover",
    "dunning.portal.attempt",
    "dunning.profile.mark",
    "dunning.seal",
    "dunning.seal.chain",
}


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

    def test_administrators_have_no_right_that_is_not_written_down(self):
        administrators = self.env.ref("base.group_system")
        # The access of this group alone: what it implies is that of other users.
        rights = administrators.sudo().model_access.filtered(
            lambda access: access.model_id.model in MODELS
        )
        given = {
            access.model_id.model: "".join(
                letter
                for letter, operation in OPERATIONS.items()
                if access[f"perm_{operation}"]
            )
            for access in rights
        }
        read = {model for model, letters in given.items() if letters}
        self.assertEqual(read, READ_BY_ADMINISTRATORS)
        self.assertEqual({given[model] for model in read}, {"r"})

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
            case "dunning.litigation", "action_close":
                positional = [sample.ids, "irrecoverable"]
            case "dunning.litigation", "action_reopen":
                positional = [self.closed_litigation.ids]
            case "res.partner", "action_dunning_remind" if kind == "outsider":
                self._plan_mail_of(self.users[kind].company_id)
            case "res.partner", "action_dunning_send_statement" if kind == "outsider":
                self._plan_statement_of(self.users[kind].company_id)
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
