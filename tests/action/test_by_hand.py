from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ..common import DunningCommon
from ..letter.test_letter import ADDRESS
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestByHand(DunningCommon):
    """What people plan by hand: it is carried out like anything else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({**ADDRESS, "country_id": cls.env.ref("base.fr").id})

    def _plan_action(self, **values):
        """Plan an action as the collector does."""
        actions = self.env["dunning.action"].with_user(self.collector)
        return actions.create({"partner_id": self.customer.id} | values)

    # ------------------------------------------------------------------
    # NOTHING TO SAY
    # ------------------------------------------------------------------

    def test_an_empty_statement_is_refused_on_paper_of_either_kind(self):
        for channel in ("letter", "registered"):
            letter = self._plan_action(channel=channel)
            letter.action_print()
            self.assertEqual(letter.state, "failed")
            self.assertIn("owes nothing", letter.failure)
            self.assertFalse(letter.letter_id)
            self.assertIn("owes nothing", letter.get_preview()["problem"])
            with self.assertRaisesRegex(UserError, "owes nothing"):
                letter._get_letter_pdfs()

    def test_a_statement_of_what_is_all_on_hold_is_refused(self):
        self._create_hold(self._create_invoice(due=-10))
        letter = self._plan_action(channel="letter")
        letter.action_print()
        self.assertEqual(letter.state, "failed")

    def test_why_nothing_is_claimed_is_told_when_it_is_planned_and_when_it_fails(self):
        invoice = self._create_invoice(due=-10)
        self._create_hold(invoice, date_end=5)
        form = WebForm(self.env["dunning.action"].with_user(self.collector))
        form.partner_id = self.customer
        self.assertFalse(form.nothing_claimed)
        for channel in ("email", "sms", "registered", "letter"):
            form.channel = channel
            self.assertIn("owes nothing", form.nothing_claimed)
            self.assertIn(invoice.name, form.nothing_claimed)
            self.assertIn("Hold until", form.nothing_claimed)
        letter = form.save()
        self.assertIn(invoice.name, letter.nothing_claimed)
        letter.action_print()
        self.assertIn(invoice.name, letter.failure)
        self.assertIn("Hold until", letter.failure)

    def test_who_claims_something_by_hand_is_told_nothing(self):
        self._create_invoice(due=-10)
        form = WebForm(self.env["dunning.action"].with_user(self.collector))
        form.partner_id = self.customer
        form.channel = "letter"
        self.assertFalse(form.nothing_claimed)
        self.assertFalse(form.save().nothing_claimed)

    def test_who_plans_a_letter_is_told_that_it_is_no_formal_notice(self):
        self._create_invoice(due=-10)
        form = WebForm(self.env["dunning.action"].with_user(self.collector))
        form.partner_id = self.customer
        told = {}
        for channel in ("call", "letter", "registered", "email"):
            form.channel = channel
            told[channel] = form.shows("no formal notice")
        self.assertEqual(
            told, {"call": False, "letter": True, "registered": True, "email": False}
        )

    def test_who_plans_something_in_a_dialog_is_told_where_it_is(self):
        self._create_invoice(due=-10)
        window = self.customer.with_user(self.collector).action_dunning_plan()
        [[view_id, _kind]] = window["views"]
        other = new_test_user(
            self.env, "by_hand_colleague", "account_dunning.group_dunning_collector"
        )
        for user, told in ((False, "is in the agenda for"), (other, "agenda of")):
            form = WebForm(
                self.env["dunning.action"].with_user(self.collector),
                view=self.env["ir.ui.view"].browse(view_id),
            )
            form.partner_id = self.customer
            form.channel = "task"
            form.user_id = user or self.collector
            action = form.save()
            params = action.action_planned()["params"]
            self.assertIn(told, params["message"])
            self.assertIn(format_date(self.env, action.date), params["message"])
            [link] = params["links"]
            self.assertEqual(link["label"], action.display_name)
            self.assertTrue(link["url"].endswith(f"/{action.id}"))

    def test_a_statement_is_printed_once_there_is_something_to_state(self):
        letter = self._plan_action(channel="letter")
        letter.action_print()
        self._create_invoice(due=-10)
        letter.action_print()
        self.assertEqual((letter.state, letter.amount), ("done", 100))

    # ------------------------------------------------------------------
    # WHAT IT IS CALLED
    # ------------------------------------------------------------------

    def test_the_agenda_says_what_was_planned_not_how(self):
        asked = self._plan_action(channel="task", note="\n Ask for the order\nand copy")
        self.assertEqual(asked.title, "Ask for the order")
        self.assertEqual(self._plan_action(channel="email").title, "E-mail")

    def test_the_menu_of_what_is_over_offers_nothing_that_is_then_refused(self):
        actions = self.env["dunning.action"].with_user(self.collector)
        views = actions.get_views([(False, "list")], {"toolbar": True})["views"]
        offered = {x["name"] for x in views["list"]["toolbar"].get("action", ())}
        self.assertFalse(offered & {"Postpone", "Skip"})
        agenda = views["list"]["arch"]
        self.assertIn('string="Postpone"', agenda)
        self.assertIn('string="Skip"', agenda)

    def test_beside_its_customer_it_is_called_as_in_the_agenda(self):
        asked = self._plan_action(channel="task", note="Ask for the order\nand copy")
        [shown] = self.customer.with_user(self.collector).web_read(
            {
                "dunning_next_action_id": {
                    "fields": {"display_name": {}},
                    "context": {"dunning_beside_customer": True},
                }
            }
        )
        self.assertEqual(
            shown["dunning_next_action_id"],
            {"id": asked.id, "display_name": "Ask for the order"},
        )
        self.assertIn(self.customer.name, asked.display_name)

    def test_the_history_of_what_was_planned_says_its_words_once(self):
        task = self._plan_action(channel="task", note="Ask for the order")
        task.action_finish()
        [entry] = self.customer._dunning_tell_actions(task.ids).values()
        self.assertEqual(entry["title"], "Planned by Hand")
        self.assertEqual(entry["text"], "Ask for the order")

    def test_what_became_of_one_is_said_by_its_name_with_the_cause(self):
        letter = self._plan_action(channel="letter")
        self.assertIn("owes nothing", letter.action_execute()["params"]["message"])
        task = self._plan_action(channel="task", note="Ask")
        said = task.action_finish()["params"]["message"]
        self.assertEqual(said, f"{task.display_name}: Done")

    # ------------------------------------------------------------------
    # NOTHING IS PLANNED
    # ------------------------------------------------------------------

    def test_its_activity_is_called_as_it_is(self):
        action = self._plan_action(channel="letter")
        self.assertEqual(action.activity_ids.summary, "Letter")
        action.channel = "task"
        self.assertEqual(action.activity_ids.summary, "Task")
        action.note = "Ask for the order\nand copy"
        self.assertEqual(action.activity_ids.summary, "Ask for the order")

    def test_an_empty_list_speaks_of_no_filter_that_may_not_be_there(self):
        # Who has no actions of his own sees those of all, without that filter.
        mine = self.env.ref("account_dunning.view_action_search").arch
        self.assertIn('string="My Actions"', mine)
        for name in ("action_agenda", "action_call"):
            window = self.env.ref(f"account_dunning.{name}")
            self.assertIn("remove it to see more", str(window.help))
            self.assertNotIn("My Actions", str(window.help))

    # ------------------------------------------------------------------
    # FINISHING
    # ------------------------------------------------------------------

    def test_finishing_a_call_asks_how_it_ended(self):
        self._create_invoice(due=-10)
        call = self._plan_action()
        asked = call.action_finish()
        self.assertEqual(asked["tag"], "account_dunning.call_outcome")
        self.assertEqual(asked["params"]["id"], call.id)
        self.assertEqual(call.state, "todo")

    def test_a_call_recorded_without_outcome_does_not_take_that_of_an_attempt(self):
        self._create_invoice(due=-10)
        call = self._plan_action()
        window = call.action_open_outcome("no_answer")
        dialogs = call.env["dunning.call.outcome"].with_context(**window["context"])
        dialogs.create({}).action_apply()
        self.assertEqual(call.outcome, "no_answer")
        call.action_execute()
        self.assertEqual((call.state, call.outcome), ("done", False))

    def test_a_task_is_finished_by_one_click_and_can_be_taken_back(self):
        self._create_invoice(due=-10)
        task = self._plan_action(channel="task", note="Ask for the address")
        told = task.action_finish()
        self.assertEqual(task.state, "done")
        undo = told["params"]["undo"]
        self.assertEqual(undo, {"method": "action_take_back", "ids": task.ids})
        task.action_take_back()
        self.assertEqual(task.state, "done", "what is done stays in the history")
        [again] = self._actions(state="todo")
        self.assertRecordValues(
            again,
            [
                {
                    "channel": "task",
                    "date": self.today,
                    "note": "Ask for the address",
                    "corrects_id": task.id,
                    "amount": 100,
                    "user_id": self.collector.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "once"):
            task.action_take_back()

    def test_the_form_of_what_was_undone_leads_to_what_is_to_be_done_again(self):
        self._create_invoice(due=-10)
        task = self._plan_action(channel="task")
        task.action_finish()
        task.action_take_back()
        arch = etree.fromstring(task.get_view(view_type="form")["arch"])
        [banner] = arch.xpath("//div[@invisible='not correction_ids']")
        [button] = banner.iter("button")
        opened = getattr(task, button.get("name"))()
        [again] = self._actions(state="todo")
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), (again._name, again.id)
        )

    def test_what_is_taken_back_is_ones_own_and_of_today(self):
        task = self._plan_action(channel="task")
        task.action_finish()
        colleague = self._create_user("colleague", "group_dunning_collector")
        with self.assertRaisesRegex(UserError, "today"):
            task.with_user(colleague).action_take_back()
        self._go_to(1)
        with self.assertRaisesRegex(UserError, "today"):
            task.action_take_back()

    def test_what_has_left_is_not_taken_back(self):
        self._create_invoice(due=-10)
        mail = self._run(0).action_ids.with_user(self.collector)
        told = mail.action_finish()
        self.assertEqual(mail.state, "done")
        self.assertNotIn("undo", told["params"])

    def test_the_call_that_is_given_back_has_its_level_and_its_script(self):
        self._set_levels([("Call", 5, {"channel": "call", "execution": "manual"})])
        self.scenario.level_ids.instructions = "Ask {{ object.partner_id.name }}"
        self._create_invoice(due=-10)
        call = self._run(0).action_ids.with_user(self.collector)
        window = call.action_open_outcome("not_approved")
        dialogs = call.env["dunning.call.outcome"].with_context(**window["context"])
        dialogs.create({}).action_apply()
        again = call.browse(call.action_undo_call())
        for name in ("title", "script", "amount", "user_id", "partner_id", "channel"):
            self.assertEqual(again[name], call[name], name)

    # ------------------------------------------------------------------
    # MANY AT ONCE
    # ------------------------------------------------------------------

    def _open_send(self, actions):
        dialogs = self.env["dunning.action.send"].with_user(self.collector)
        return WebForm(dialogs.with_context(active_ids=actions.ids))

    def _plan_one_of_each(self):
        self._create_invoice(due=-10)
        mail = self._run(0).action_ids
        other = self._create_customer("Other", **ADDRESS)
        self._create_invoice(other, due=-2)
        planned = [
            self._plan_action(partner_id=other.id, channel=channel)
            for channel in ("call", "task", "letter")
        ]
        waiting = self._plan_action(partner_id=other.id, channel="task")
        waiting.sudo().state = "to_validate"
        return mail, *planned, waiting

    def test_sending_many_says_before_what_happens_by_channel(self):
        mail, call, task, letter, waiting = self._plan_one_of_each()
        form = self._open_send(mail + call + task + letter + waiting)
        self.assertEqual((form.count, form.call_count, form.waiting_count), (3, 1, 1))
        for text in ("sent now", "recorded as done", "printed and recorded as sent"):
            self.assertIn(text, form.summary)

    def test_sending_many_leaves_calls_and_what_waits_for_approval(self):
        actions = self._plan_one_of_each()
        mail, _call, task, *_others = actions
        told = self._open_send(mail.union(*actions)).save().action_apply()
        states = [action.state for action in actions]
        self.assertEqual(states, ["done", "todo", "done", "done", "to_validate"])
        self.assertEqual(told["params"]["undo"]["ids"], task.ids)
        self.assertEqual(told["params"]["next"]["type"], "ir.actions.report")

    def test_calls_alone_are_nothing_to_send(self):
        call = self._plan_action()
        dialog = self._open_send(call).save()
        self.assertIn("Nothing can be done", dialog.summary)
        told = dialog.action_apply()
        self.assertEqual((told["params"]["type"], call.state), ("warning", "todo"))

    def test_an_auditor_finishes_nothing(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        task = self._plan_action(channel="task")
        for method in ("action_finish", "action_take_back"):
            with self.assertRaises(AccessError):
                getattr(task.with_user(auditor), method)()

    # ------------------------------------------------------------------
    # WHERE IT IS PLANNED
    # ------------------------------------------------------------------

    def _plan_in(self, record):
        """Plan a letter in the dialog that a customer or an invoice opens."""
        window = record.with_user(self.collector).action_dunning_plan()
        actions = self.env["dunning.action"].with_user(self.collector)
        form = WebForm(actions.with_context(**window["context"]))
        self.assertFalse(form.channel)
        form.channel = "letter"
        return form.save()

    def test_anything_is_planned_on_the_customer(self):
        self._create_invoice(due=-10)
        letter = self._plan_in(self.customer)
        self.assertEqual((letter.partner_id, letter.amount), (self.customer, 100))

    def test_anything_is_planned_on_an_invoice_about_it(self):
        invoice = self._create_invoice(due=-10)
        letter = self._plan_in(invoice)
        self.assertEqual((letter.partner_id, letter.amount), (self.customer, 100))
        self.assertIn(invoice.name, letter.title)

    def test_nothing_is_planned_about_what_nobody_owes(self):
        paid = self._create_invoice(due=-10)
        self._pay(paid)
        bill = self._create_invoice(due=-10, move_type="in_invoice")
        for move in (paid, bill):
            with self.assertRaisesRegex(UserError, "nothing to plan"):
                self._plan_in(move)
