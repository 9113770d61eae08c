import contextlib

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rights_einvoice_effects import get_effect_typed
from ..rights_risk import get_risk_typed
from ..web_client import Undone, WebForm, get_views
from .rights_common import RightsCommon

USERS = ("collector", "manager")
# Lines of a document: they are edited in the form of that document.
EMBEDDED = (
    "dunning.action.line",
    "dunning.call.outcome.line",
    "dunning.dispute.document",
    "dunning.penalty.claim.line",
    "dunning.preview.line",
    "dunning.promise.dialog.line",
    "dunning.promise.line",
    "dunning.reason.document",
    "dunning.start.levels.line",
)


@tagged("post_install", "-at_install")
class TestForms(RightsCommon):
    """Every form of the addon as the web client uses it, for each group that may create
    or write: new, saved as it is, changed, left without saving.

    A form of a new model needs nothing but an entry in :meth:`_get_typed` where its
    user has to fill something in.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting = cls.env["dunning.action"].create({"partner_id": cls.customer.id})
        cls.waiting.sudo().state = "to_validate"
        posted = {"partner_id": cls.customer.id, "channel": "registered"}
        cls.posted = cls.env["dunning.action"].create(posted)
        cls.posted.sudo()._mark_done(cls.today)

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    @mute_logger("odoo.tests.form.onchange")  # a form may warn
    def test_every_form_creates_a_record_with_what_its_user_has_to_fill_in(self):
        created = set()
        for kind, view, creates, _edits in self._get_forms():
            records = self._as_user(kind, view)
            if not creates or not records.has_access("create"):
                continue
            created.add((kind, view.model))
            with self.subTest(view=view.xml_id, user=kind), self._undone():
                form = WebForm(records, view.id)
                record = form.fill(self._get_typed(view.model)).save()
                self.assertTrue(record.exists())
                self._check_typed(form, record)
        self.assertIn(("collector", "dunning.action"), created)
        self.assertIn(("manager", "dunning.scenario"), created)

    def test_a_form_of_anything_may_begin_without_a_record_or_default(self):
        asked = 0
        for name, model in self.env.registry.items():
            if not name.startswith("dunning.") or model._abstract or not model._auto:
                continue
            if name == "dunning.call.outcome":
                # Opened from a call, and only from there.
                continue
            records = self.env[name].with_user(self.users["manager"])
            if not records.has_access("create"):
                continue
            fields = records.fields_get(attributes=["type"])
            with self.subTest(name), self._undone():
                asked += 1
                # What a dialog asks for is told in words.
                with contextlib.suppress(UserError):
                    records.onchange({}, [], {field: {} for field in fields})
        self.assertGreater(asked, 30)

    def test_every_form_saves_what_it_shows(self):
        saved = set()
        for kind, view, _creates, edits in self._get_forms():
            record = self._get_shown(kind, view)
            if not edits or not record.has_access("write"):
                continue
            saved.add((kind, view.model))
            with self.subTest(view=view.xml_id, user=kind), self._undone():
                before = self._read(record)
                WebForm(record, view.id).save_everything()
                self.assertEqual(self._read(record), before)
        self.assertIn(("collector", "dunning.action"), saved)
        self.assertIn(("manager", "dunning.scenario"), saved)

    def test_every_form_keeps_what_is_changed_in_it(self):
        changed = 0
        for kind, view, _creates, edits in self._get_forms():
            record = self._get_shown(kind, view)
            if not edits or not record.has_access("write"):
                continue
            form = WebForm(record, view.id)
            for name, value in form.type_again().items():
                with self.subTest(view=view.xml_id, user=kind, field=name):
                    with self._undone():
                        WebForm(record, view.id).fill({name: value}).save()
                        self.assertIn(str(value), str(record[name]))
                        changed += 1
        self.assertGreater(changed, 50, "there is something to change")

    @mute_logger("odoo.tests.form.onchange")  # a form may warn
    def test_any_field_of_a_form_may_be_emptied_while_it_is_filled_in(self):
        several = self.env.ref("base.group_multi_company")
        for kind in USERS:
            self.users[kind].group_ids += several
        emptied = set()
        for kind, view, creates, _edits in self._get_forms():
            shown = [self._get_shown(kind, view)]
            if creates and self._as_user(kind, view).has_access("create"):
                shown.append(self._as_user(kind, view))
            for record in shown:
                form = WebForm(record, view.id)
                for name, nothing in form.get_emptied().items():
                    emptied.add((view.model, name))
                    with self.subTest(view=view.xml_id, user=kind, field=name):
                        self._empty(record, view, name, nothing)
        self.assertIn(("dunning.action", "date"), emptied)
        self.assertIn(("dunning.hold", "company_id"), emptied)

    @mute_logger("odoo.tests.form.onchange")  # a form may warn
    def test_a_form_that_is_left_without_saving_leaves_nothing(self):
        left = set()
        for kind, view, creates, _edits in self._get_forms():
            records = self._as_user(kind, view)
            if not creates or not records.has_access("create"):
                continue
            left.add((kind, view.model))
            with self.subTest(view=view.xml_id, user=kind), self._undone():
                model = self.env[view.model].sudo()
                before = model.search_count([])
                WebForm(records, view.id).fill(self._get_typed(view.model))
                self.env.flush_all()
                self.assertEqual(model.search_count([]), before)
        self.assertIn(("collector", "dunning.action"), left)

    def test_no_form_is_left_out(self):
        models = {view.model for _kind, view, *_can in self._get_forms()}
        written = {
            name
            for name in self._get_models()
            if not self.env[name]._abstract
            and self._as("manager", name).has_access("write")
        }
        self.assertEqual(written - models - set(EMBEDDED), set())

    # ------------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------------

    def _get_forms(self):
        """Yield each form for each user: kind of user, view, whether it creates, and
        edits."""
        for model in self._get_models():
            if self.env[model]._abstract or model in EMBEDDED:
                continue
            for kind in USERS:
                if not self._as(kind, model).has_access("read"):
                    continue
                for view, creates, edits in get_views(self._as(kind, model).env, model):
                    yield kind, view, creates, edits

    def _as_user(self, kind, view):
        """Return no record of the view's model, as the user who opens the form."""
        return self._as(kind, view.model).with_context(**self._get_context(view))

    def _get_shown(self, kind, view):
        """Return the record that the form shows."""
        record = self._get_sample(kind, view.model)
        if view.xml_id == "account_dunning.view_call_form":
            record = self.call
        elif view.xml_id == "account_dunning.view_action_registered_list":
            record = self.posted
        elif view.model == "dunning.action.edit":
            record.sudo().subject = "What is open"
        elif view.model == "dunning.call.outcome":
            record.sudo().outcome = self._get_outcome(view)
            record.sudo().date = self._day(7)
        return self._as_user(kind, view).browse(record.id)

    def _get_context(self, view):
        """Return the context with which the form is opened."""
        actions = {
            "dunning.call.outcome": self.call,
            "dunning.action.validate": self.waiting,
        }.get(view.model, self.action)
        records = {
            "dunning.promise.reason": self.promise,
            "dunning.promise.dialog": self.new_invoice,
            "dunning.dispute.dialog": self.new_invoice,
            "dunning.dispute.decision": self.dispute,
            "dunning.dispute.ask": self.dispute,
            "dunning.dispute.answer.dialog": self.dispute,
            "dunning.einvoice.decision": self.waiting_event,
            "dunning.litigation.act": self.litigation,
            "dunning.litigation.close": self.litigation,
            "dunning.answer.refusal": self.samples["dunning.portal.request"],
            "dunning.litigation.dialog": self.new_invoice,
        }.get(view.model, actions)
        context = {
            "active_model": records._name,
            "active_id": records.id,
            "active_ids": records.ids,
            "allowed_company_ids": self.company.ids,
        }
        if view.model == "dunning.level":
            context["default_scenario_id"] = self.scenario.id
        if view.model == "dunning.action.edit":
            context["default_action_id"] = actions.id
        if view.model == "dunning.call.outcome":
            context["default_action_id"] = actions.id
            context["default_outcome"] = self._get_outcome(view)
        if view.model == "dunning.litigation.act":
            context["default_litigation_id"] = self.litigation.id
        if view.model == "dunning.dispute.ask":
            context["default_dispute_id"] = self.dispute.id
        if view.model == "dunning.assignment.rule":
            context["default_user_ids"] = self.users["collector"].ids
        if view.model == "dunning.stop.dialog":
            context["default_partner_ids"] = self.customer.ids
        if view.model in ("dunning.promise.reason", "dunning.dispute.decision"):
            context["default_decision"] = {
                "dunning.promise.reason": "withdraw",
                "dunning.dispute.decision": "reject",
            }[view.model]
        return context

    def _get_outcome(self, view):
        return view.xml_id.split("view_call_outcome_")[-1]

    def _get_typed(self, model):
        """Return what somebody has to fill in to make a record."""
        reason = self.samples["dunning.reason"].with_env(self.env)
        return {
            "dunning.action": {"partner_id": self.customer},
            "dunning.action.postpone": {"reason": "On request"},
            "dunning.action.skip": {"reason": "On request"},
            "dunning.absence.dialog": {
                "user_id": self.users["manager"],
                "substitute_id": self.users["collector"],
            },
            "dunning.department": {"name": "Logistics"},
            "dunning.dispute.answer.dialog": {"text": "Please send us the order"},
            "dunning.dispute.ask": {
                "user_id": self.users["manager"],
                "question": "Was it delivered?",
            },
            "dunning.dispute.dialog": {"reason_id": reason},
            "dunning.einvoice.decision": {"move_id": self.invoice},
            "dunning.follow.up": {"user_id": self.users["manager"]},
            "dunning.hold": {"partner_id": self.customer, "reason_id": reason},
            "dunning.deadline.rule": {
                "name": "Answer",
                "trigger": "judgment",
                "ending": "news",
            },
            "dunning.level": {"name": "Level"},
            **self._get_typed_of_law(),
            "dunning.litigation.dialog": {"agent_id": self.litigation.agent_id},
            "dunning.promise.dialog": {"promised_by": "Ms Payer"},
            "dunning.promise.reason": {"reason": "On request"},
            "dunning.reason": {"name": "Reason"},
            "dunning.scenario": {"name": "Scenario"},
            **get_risk_typed(self.customer),
            **get_effect_typed(),
        }.get(model, {})

    def _get_typed_of_law(self):
        country = self.env.ref("base.ch")
        return {
            "dunning.acknowledgement": {"name": "Letter", "partner_id": self.customer},
            "dunning.contract.rate": {"name": "Terms of sale", "rate": 20.0},
            "dunning.legal.limit": {
                "country_id": country,
                "date_from": self._day("2000-01-01"),
            },
            "dunning.rate": {
                "country_id": country,
                "date_from": self._day("2001-01-01"),
                "date_to": self._day("2001-06-30"),
                "margin": 8.0,
                "source": "Official journal",
            },
        }

    # ------------------------------------------------------------------
    # LOOKING
    # ------------------------------------------------------------------

    def _undone(self):
        """Return a savepoint that takes back what happens in it."""
        return Undone(self.env)

    def _empty(self, record, view, name, nothing):
        with self._undone():
            form = WebForm(record, view.id)
            # What a form asks for is told in words.
            with contextlib.suppress(UserError):
                form[name] = nothing

    def _check_typed(self, form, record):
        for name, value in self._get_typed(record._name).items():
            if form.can_edit(name):
                self.assertEqual(record.sudo()[name], value)

    def _read(self, record):
        """Return what the record says, but for who changed it last; of its lines how
        many there are, for they may be worked out again."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            name
            for name, field in record._fields.items()
            if field.store and not name.startswith(("write_", "message_"))
        ]
        [values] = record.sudo().read(names, load=None)
        return {
            name: len(value) if record._fields[name].type == "one2many" else value
            for name, value in values.items()
        }
