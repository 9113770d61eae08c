from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeDocuments(DisputeCommon):
    """What is needed to settle a dispute, and what stays as proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispute = cls._dispute(cls._create_invoice(due=-10))
        cls.order, cls.price_list = cls.dispute.document_ids

    def _upload(self, document=None, name="order.pdf"):
        """Add a file to a document as the form does."""
        file = (
            self.env["ir.attachment"]
            .with_user(self.collector)
            .create({"name": name, "raw": b"%PDF-1.4 order"})
        )
        (document or self.order).attachment_ids = [Command.link(file.id)]
        return file

    def test_the_reason_says_which_documents_are_needed(self):
        names = self.dispute.document_ids.mapped("name")
        self.assertEqual(names, ["Order", "Price List"])
        self.assertEqual(self.dispute.document_progress, "0/2")

    def test_a_dispute_whose_reason_needs_nothing_shows_no_progress(self):
        self.reason.checklist_ids.unlink()
        other = self._dispute(self._create_invoice())
        self.assertFalse(other.document_progress)

    def test_a_document_is_received_with_its_file_or_by_hand(self):
        self._upload()
        self.assertTrue(self.order.date)
        self._go_to(2)
        self.price_list.received = True
        self.assertRecordValues(
            self.dispute.document_ids,
            [
                {"received": True, "date": self._day(0)},
                {"received": True, "date": self._day(2)},
            ],
        )
        self.assertEqual(self.dispute.document_progress, "2/2")
        self.price_list.received = False
        self.assertFalse(self.price_list.date)

    def test_more_documents_can_be_asked_for(self):
        self.dispute.write({"document_ids": [Command.create({"name": "Photograph"})]})
        self.assertEqual(self.dispute.document_progress, "0/3")
        self.dispute.document_ids[-1].unlink()
        self.assertEqual(self.dispute.document_progress, "0/2")

    def test_another_reason_needs_other_documents(self):
        self._upload()
        note = Command.create({"name": "Delivery Note"})
        other = self.env["dunning.reason"].create(
            {"name": "Not Delivered", "checklist_ids": [note]}
        )
        self.dispute.reason_id = other
        names = self.dispute.document_ids.mapped("name")
        self.assertEqual(sorted(names), ["Delivery Note", "Order"])

    def test_whoever_reads_the_dispute_reads_its_files(self):
        file = self._upload()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        self.assertTrue(file.with_user(auditor).raw)

    def test_what_was_decided_upon_stays(self):
        file = self._upload()
        self.dispute.action_reject()
        for change in (
            {"received": False},
            {"name": "Another"},
            {"attachment_ids": [Command.clear()]},
        ):
            with self.assertRaisesRegex(UserError, "stay as they are"):
                self.order.write(change)
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.order.unlink()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.order.create({"dispute_id": self.dispute.id, "name": "Late"})
        with self.assertRaisesRegex(UserError, "proves what happened"):
            file.sudo().raw = b"%PDF-1.4 forged"
        with self.assertRaisesRegex(UserError, "proves what happened"):
            file.sudo().unlink()
        self.dispute.action_reopen()
        file.unlink()

    def test_a_file_that_is_given_to_dunning_is_open_to_nobody_else(self):
        opened = {"public": True, "access_token": "guess"}
        belongs = {"res_model": self.order._name, "res_id": self.order.id}
        files = self.env["ir.attachment"].create(
            [
                {"name": "a.pdf", "raw": b"%PDF-1.4 a", **opened},
                {"name": "b.pdf", "raw": b"%PDF-1.4 b", **opened, **belongs},
                {
                    "name": "c.pdf",
                    "raw": b"%PDF-1.4 c",
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    **opened,
                },
            ]
        )
        self.order.attachment_ids = files
        given_sudo = self.order.attachment_ids.sudo()
        self.assertEqual(len(given_sudo), 3)
        self.assertFalse(any(given_sudo.mapped("public")))
        self.assertFalse(any(given_sudo.mapped("access_token")))

    def test_a_file_that_belongs_elsewhere_is_copied(self):
        theirs = self.env["ir.attachment"].create(
            {
                "name": "order.pdf",
                "raw": b"%PDF-1.4 order",
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        self.order.attachment_ids = [Command.link(theirs.id)]
        copy = self.order.attachment_ids
        self.assertNotEqual(copy, theirs)
        self.assertEqual(copy.raw, theirs.raw)
        self.assertEqual(
            (copy.res_model, copy.res_id), (self.order._name, self.order.id)
        )
        self.assertEqual(theirs.res_model, "res.partner")

    def test_a_file_moved_away_before_the_decision_stays_proof(self):
        file = self._upload()
        file.write({"res_model": "res.partner", "res_id": self.customer.id})
        self.dispute.action_reject(text="Agreed prices")
        file.write({"raw": b"forged"})
        proof = self.order.attachment_ids.sudo()
        self.assertEqual(proof.raw, b"%PDF-1.4 order")
        with self.assertRaisesRegex(UserError, "proves"):
            proof.write({"raw": b"forged"})

    def test_a_document_does_not_move_to_another_dispute(self):
        closed = self._dispute(self._create_invoice())
        closed.action_cancel()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.order.dispute_id = closed
