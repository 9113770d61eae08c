from odoo import api, models


class DunningAction(models.Model):
    """The merge fields, as those who write texts are told of them."""

    _inherit = "dunning.action"

    # Chosen by their customer, to see a text for them.
    _rec_names_search = ["partner_id", "level_id"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_merge_fields(self):
        """Return the fields that texts may use, with what each says, in the order in
        which they are looked for. Override to add some, together with
        :meth:`mail_allowed_qweb_expressions`."""
        return {
            "greeting": self.env._("Salutation, with the name of a person"),
            "partner_id.name": self.env._("Name of the customer"),
            "contact_id.name": self.env._("Name of who is written to"),
            "reference": self.env._("Oldest number, and how many others"),
            "oldest_number": self.env._("Number of the oldest item"),
            "amount_text": self.env._("What is claimed, in each currency"),
            "unpaid_text": self.env._(
                "That the items are still unpaid, in spite of the reminders there were"
            ),
            "deadline_text": self.env._("Until when to pay, in words"),
            "date_text": self.env._("Date of the message"),
            "items_table": self.env._("Table of the items with their total"),
            "payment_block": self.env._("How to pay: bank details"),
            "parties_block": self.env._("Creditor and debtor with their addresses"),
            "signature_block": self.env._("Signature of the collector"),
            "company_block": self.env._("Name, address and numbers of the company"),
            "company_id.name": self.env._("Name of the company"),
            "user_id.name": self.env._("Name of the collector"),
            "sender": self.env._("E-mail address of the collector"),
            "contact_lang": self.env._("Language of who is written to"),
        }
