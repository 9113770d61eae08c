from unittest.mock import patch

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import Form, tagged

from ..web_client import WebForm
from .common_einvoice import EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoiceScreen(EinvoiceCommon):
    """What people see and do."""

    def test_the_form_shows_what_was_said(self):
        event = self._take(self._say()).events.with_user(self.collector).sudo(False)
        form = WebForm(event)
        self.assertEqual(form.number, self.invoice.name)
        self.assertFalse(form.get_fields())

    def test_the_invoice_and_the_customer_lead_to_their_statuses(self):
        event = self._take(self._say()).events.sudo(False)
        for record in (self.invoice, self.customer):
            own = record.with_user(self.collector)
            self.assertEqual(own.dunning_einvoice_count, 1)
            action = own.action_dunning_open_einvoice()
            self.assertEqual(action["res_id"], event.id)
        other = self._create_customer("Silent").with_user(self.collector)
        self.assertEqual(other.dunning_einvoice_count, 0)

    def test_the_document_is_downloaded_as_it_came(self):
        event = self._take(self._say()).events.with_user(self.collector).sudo(False)
        self.assertEqual(
            event.action_download()["url"],
            f"/web/content/{event.attachment_id.id}?download=1",
        )
        self.assertEqual(event.attachment_id.mimetype, "text/plain")

    def test_without_a_document_none_is_downloaded(self):
        event = self._take(self._say()).events.with_user(self.collector).sudo(False)
        event.sudo().attachment_id = False
        with self.assertRaisesRegex(UserError, "^There is no document: see where it"):
            event.action_download()

    def test_where_an_invoice_stands_is_called_by_the_name_of_the_status(self):
        self._take(self._say())
        statuses = self.env["dunning.einvoice.status"]
        status = statuses.search([("move_id", "=", self.invoice.id)])
        self.assertEqual(status.code, "207")
        self.assertEqual(status.display_name, "In dispute")
        self.assertFalse(statuses._filter_known(self.invoice.browse()))
        other = self._create_invoice()
        self.assertEqual(statuses._filter_known(self.invoice + other), self.invoice)

    def test_two_statuses_at_the_same_moment_are_tried_again(self):
        statuses = self.registry["dunning.einvoice.status"]
        with (
            patch.object(statuses, "create", side_effect=UniqueViolation()),
            self.assertRaises(ConcurrencyError),
        ):
            self._take(self._say())

    def test_the_alias_of_the_settings_is_that_of_the_mails(self):
        settings = self.env["res.config.settings"].create({})
        alias = self.env.ref("account_dunning.mail_alias_einvoice")
        self.assertEqual(settings.einvoice_alias, alias.alias_name)
        before = alias.write_date
        settings.einvoice_alias = alias.alias_name
        self.assertEqual(alias.write_date, before)
        settings.einvoice_alias = "platform-says"
        self.assertEqual(alias.alias_name, "platform-says")

    def test_the_invoice_is_opened(self):
        event = self._take(self._say()).events.with_user(self.collector).sudo(False)
        self.assertEqual(event.action_open_invoice()["res_id"], self.invoice.id)
        event = self._take(self._say(number="X")).events.sudo(False)
        with self.assertRaisesRegex(UserError, "no invoice X"):
            event.action_open_invoice()

    def test_what_waits_is_decided_from_the_list(self):
        events = self._take(self._say(number="X"), self._say(number="Y")).events
        dialog = self.env["dunning.einvoice.decision"].with_user(self.collector)
        with Form(dialog.with_context(active_ids=events.ids)) as form:
            form.decision = "ignore"
            form.reason = "Tests of the platform"
        form.record.action_apply()
        self.assertEqual(set(events.mapped("state")), {"ignored"})

    def test_what_waits_comes_first(self):
        ready = self._take(self._say(message="1")).events
        waiting = self._take(self._say(number="X")).events
        domain = [("id", "in", (ready | waiting).ids)]
        for kind in ("list", "kanban"):
            view = self.env.ref(f"account_dunning.view_einvoice_event_{kind}")
            order = etree.fromstring(view.arch).get("default_order")
            # The order is the same for whoever looks.
            events_sudo = self.events.sudo()
            found = events_sudo.search(domain, order=order)
            self.assertEqual(found[0], waiting, kind)

    def test_why_it_waits_is_told_whole_in_the_list(self):
        # A list cuts what is one line, and wraps a text.
        view = self.env.ref("account_dunning.view_einvoice_event_list")
        self.assertTrue(etree.fromstring(view.arch).xpath("field[@name='problem']"))
        self.assertEqual(self.events._fields["problem"].type, "text")
