from datetime import timedelta

from odoo import api, fields, models

from .mail_discreet import ANSWERED, BY, HANDED_IN, OURS, TEXTING

# Where what is answered is shown beside the answer.
CHANNEL = "discuss.channel"
# What people may change of a comment of their own, and of any message.
BY_HAND = "comment"
# What the system says has left, or come in.
BY_SYSTEM = ("auto_comment", "email", "email_outgoing", "out_of_office", "snailmail")
RECEIVED, TEXT = "email", "sms"
TO_PEOPLE = "user_notification"
EDITED = {"attachment_ids", "body", "partner_ids", "subject"}
# What carries messages of dunning, and is named as they are.
CARRYING = ("mail.mail", "mail.notification", "sms.sms", "snailmail.letter")
# How long after it was written a message is made.
LATE = timedelta(minutes=5)
FREE = {"needaction", "reaction_ids", "starred", "starred_partner_ids"}
SHOWN = {"is_internal"}
# What says where a message stands, and what it answers.
PLACES = {"model", "res_id", "parent_id"}
# What makes it one of dunning in a company, or an answer.
MARKED = {"message_type", "record_company_id", "subtype_id"}


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "dunning.discreet"]

    # By name: users delete their own access.
    dunning_entered_by = fields.Char(
        string="Entered by",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Who has handed it to the mail gateway: it may be from anybody.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        if HANDED_IN.is_set(self.env):
            entered = {"dunning_entered_by": self.env.context.get(BY)}
            vals_list = [
                vals | entered if vals.get("message_type") == "email" else vals
                for vals in vals_list
            ]
        messages = super().create(vals_list)
        messages._dunning_check_parents()
        if not self.env.su:
            messages._dunning_check_places()
            messages._dunning_check_true()
        return messages

    def write(self, vals):
        # EXTENDS 'mail': who has the system write is the author, whom Odoo lets write,
        # as it does whoever is told of a message
        if not self.env.su and (changed := vals.keys() - FREE):
            kept = self._dunning_filter_written()
            if changed <= EDITED:
                kept -= kept._dunning_filter_own()
            if changed == SHOWN:
                # Whether the page shows it changes nothing of it.
                kept -= kept._dunning_filter_received()
            if kept:
                raise kept._make_access_error("write")
        result = super().write(vals)
        if not vals.keys().isdisjoint(PLACES):
            self._dunning_check_parents()
        if not (self.env.su or vals.keys().isdisjoint(PLACES | MARKED)):
            # What tells of dunning from now on is as if it was written now.
            self._dunning_check_places()
            self._dunning_check_true()
        return result

    def unlink(self):
        # EXTENDS 'mail': nor does anybody take it away
        if not self.env.su:
            self._dunning_check_removed()
        return super().unlink()

    def _dunning_check_removed(self):
        """Refuse to take away what tells of dunning, but for one's own comments.

        :raise AccessError: as Odoo says it
        """
        kept = self._dunning_filter_written()
        if self.env.user.has_group("base.group_system"):
            # Somebody has to take away what nobody has asked for.
            kept -= kept._dunning_filter_received()
        if kept := kept - kept._dunning_filter_own():
            raise kept._make_access_error("unlink")

    def _dunning_filter_own(self):
        """Return the comments that the user has written."""
        partner = self.env.user.partner_id
        return self.filtered(
            lambda one: one.message_type == BY_HAND and one.author_id == partner
        )

    def _dunning_check_places(self):
        """Refuse messages on records of dunning by who may not write there: Odoo lets
        anybody answer what they were told of, wherever the answer stands.

        :raise AccessError: as Odoo says it
        """
        guard = self.env["dunning.guard"]
        # Who may not read them asks where they stand.
        messages_sudo = self.sudo()
        for name, own_sudo in messages_sudo.grouped("model").items():
            if not guard._may_tell(name) and name not in CARRYING:
                continue
            # What is told to people alone stands in no history.
            told_sudo = own_sudo.filtered(lambda one: one.message_type == TO_PEOPLE)
            ids = set((own_sudo - told_sudo).mapped("res_id"))
            allowed = self._filter_records_for_message_operation(name, ids, "create")
            allowed |= self.env[name].browse(set(told_sudo.mapped("res_id")))
            shown = allowed.exists()._filtered_access("read")
            if not set(own_sudo.mapped("res_id")) <= set(shown.ids):
                raise (self & own_sudo)._make_access_error("create")

    def _dunning_check_true(self):
        """Refuse messages in the name of somebody else, or of another day, and what
        only the system sees: what has changed, left or come in.

        :raise AccessError: as Odoo says it
        """
        # What visitors do is told by the company.
        author = self.env.user.partner_id
        is_visitor = self.env.user.share
        now = fields.Datetime.now()
        # Who may not read what they write asks as well.
        messages_sudo = self.sudo()
        if messages_sudo._dunning_filter_received():
            raise self._make_access_error("create")
        for own_sudo in messages_sudo._dunning_filter_possible():
            if (
                (own_sudo.author_id != author and not is_visitor)
                or abs(own_sudo.date - now) > LATE
                or own_sudo.message_type in BY_SYSTEM
                or (own_sudo.message_type == TEXT and not TEXTING.is_set(self.env))
                or own_sudo.tracking_value_ids
                or own_sudo.notification_ids
                or (
                    own_sudo._dunning_is_marked()
                    and own_sudo.record_company_id - self.env.companies
                )
            ):
                raise own_sudo.sudo(False)._make_access_error("create")
            if own_sudo._dunning_is_marked() and not own_sudo.record_company_id:
                own_sudo.record_company_id = self.env.company
            if author.email and not is_visitor:
                own_sudo.email_from = author.email_formatted

    def _dunning_filter_possible(self):
        """Return those that tell something of dunning; what is said elsewhere costs
        nothing."""
        guard = self.env["dunning.guard"]
        subtype_id = self.env["mail.thread"]._dunning_get_subtype_id()
        possible = self.filtered(
            lambda one: one.subtype_id.id == subtype_id or guard._may_tell(one.model)
        )
        return possible._dunning_filter_written()

    def _dunning_filter_written(self):
        """Return those of the messages that tell something of dunning, or that came in
        as answers."""
        # Whether they do is asked for those who may not read it.
        messages_sudo = self.sudo()
        telling_sudo = messages_sudo.filtered(self.env["dunning.guard"]._tells)
        return self & (telling_sudo | messages_sudo._dunning_filter_received())

    def _dunning_filter_received(self):
        """Return those that have come in from customers, or anybody else, beside our
        records: history and proof tell of them. Bills are taken out of mails, which
        belong to who enters them."""
        received = self.filtered(
            lambda one: one.model in ANSWERED and one.message_type == RECEIVED
        )
        invoices = received.filtered(lambda one: one.model == "account.move")
        # Who writes or files a message need not read the invoice.
        moves_sudo = self.env["account.move"].sudo().browse(invoices.mapped("res_id"))
        moves_sudo = moves_sudo.exists()
        bills = set(moves_sudo.filtered(lambda x: x.is_purchase_document()).ids)
        return received - invoices.filtered(lambda one: one.res_id in bills)

    def _dunning_check_parents(self):
        """Refuse to answer in a channel what one may not read: it is shown beside the
        answer there, and there alone.

        :raise AccessError: as Odoo says it
        """
        if not self.env.su:
            answers = self.filtered(lambda message: message.model == CHANNEL)
            self.env["dunning.guard"]._check_answered(answers.parent_id)

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        # EXTENDS 'mail': who may write a customer need not read what dunning wrote
        message = super()._get_with_access(message_id, mode, **kwargs)
        if message._dunning_is_marked() and not message.has_access("read"):
            return self.browse()
        return message

    def _dunning_is_marked(self):
        # Who may not read it asks whether they may.
        message_sudo = self.sudo()
        return self.env["mail.thread"]._dunning_is_discreet(message_sudo.subtype_id.id)


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail': who was told on a record of dunning is known by the system
        # alone
        notifications = super().create(vals_list)
        if not self.env.su:
            # Who may not read the messages asks as well.
            messages_sudo = notifications.sudo().mail_message_id
            prefix = OURS.removesuffix("%")
            if messages_sudo.filtered(lambda one: (one.model or "").startswith(prefix)):
                raise messages_sudo.sudo(False)._make_access_error("create")
        return notifications
