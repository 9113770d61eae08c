from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.marks import Mark
from ...tools.words import READERS

SUBTYPE = "account_dunning.mt_dunning"
# What is written on the way is for readers of dunning alone.
DISCREET = Mark("dunning_discreet")
# Beside it: the company whose dunning it is.
COMPANY = "dunning_discreet_company"
# What comes in was handed to the mail gateway by somebody. Beside it: by whom.
HANDED_IN = Mark("dunning_handed_in")
BY = "dunning_handed_in_by"
# Whoever writes an SMS has it sent.
TEXTING = Mark("dunning_texting")
# Where answers come in that are told of.
ANSWERED = ("account.move", "res.partner")
# Records of dunning itself.
OURS = "dunning.%"


# What dunning writes on records that others read as well, such as customers and
# invoices, is for readers of dunning in the company alone: messages have a subtype,
# activities a mark, and record rules hide both from everybody else.
# No docstrings: Odoo would take them for those of each model that inherits.
class Base(models.AbstractModel):
    _inherit = "base"

    def _dunning_discreetly(self, company: models.BaseModel) -> models.BaseModel:
        """Return the records, on which what is written is for readers of dunning in a
        company: the same customer is others' customer, too."""
        return self.with_context(**DISCREET.context, **{COMPANY: company.id})


class ResUsers(models.Model):
    _inherit = "res.users"

    def unlink(self):
        # EXTENDS 'base': nobody knows afterwards that they had worked here
        left = self.partner_id
        result = super().unlink()
        # Who deletes users need not have rights on dunning.
        followers_sudo = self.env["mail.followers"].sudo()
        followers_sudo.search(
            [
                ("res_model", "=like", OURS),
                ("partner_id", "in", left.filtered(lambda one: not one.user_ids).ids),
            ]
        ).unlink()
        return result

    def _dunning_get_discreet_domains(self, company_ids):
        """Return which messages of dunning, to whom they went, which activities, and
        who follows them the user may read, for the record rules.

        :param company_ids: ids of the companies in which the user works now
        :return: dict of model name to domain
        """
        self.ensure_one()
        is_reader = self.has_group(READERS)
        # What was written before has no company.
        theirs = [*company_ids, False] if is_reader else []
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(SUBTYPE)
        other = Domain("subtype_id", "!=", subtype_id)
        read = Domain("record_company_id", "in", theirs)
        own = Domain("user_id", "=", self.id) | Domain("dunning_discreet", "=", False)
        # Odoo lets whoever has written a message read it, also by what they caused.
        told = Domain("partner_ids", "in", self.partner_id.ids)
        told |= Domain("notified_partner_ids", "in", self.partner_id.ids)
        shown = Domain("dunning_hidden", "=", False)
        if self.has_group("base.group_system"):
            # Who looks after what waits to be sent has it sent.
            shown = Domain.TRUE
        # Odoo lets every employee read to whom which message went.
        elsewhere = Domain("model", "=", False) | Domain("model", "not =like", OURS)
        notified = Domain.OR(
            Domain(name, "=", self.partner_id.id)
            for name in ("res_partner_id", "author_id")
        )
        return {
            "mail.message": list((other | read) & (shown | told)),
            "mail.notification": list(
                notified | Domain("mail_message_id", "any", other & elsewhere | read)
            ),
            "mail.followers": list(
                Domain("partner_id", "=", self.partner_id.id)
                | Domain("dunning_hidden", "=", False)
            ),
            "mail.activity": list(own | Domain("dunning_company_id", "in", theirs)),
        }

    def _dunning_may_be_told(self, company: models.BaseModel) -> bool:
        """Return whether the user reads what is said of dunning in a company, or in
        none."""
        self.ensure_one()
        is_here = self.active and company <= self.company_ids
        return is_here and self.has_group(READERS)


class DiscreetRecord(models.AbstractModel):
    """Messages and activities: the rules on them hold where Odoo passes over rules as
    well, as when customers are looked for by what was written about them."""

    _name = "dunning.discreet"
    _description = "Record That Few May Read"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        # EXTENDS 'base'
        if bypass_access and not self.env.su:
            domains = self.env.user._dunning_get_discreet_domains(
                self.env.companies.ids
            )
            restriction = Domain(domains[self._name])
            names = {part.field_expr for part in restriction.iter_conditions()}
            if not all(
                self._has_field_access(self._fields[name], "read") for name in names
            ):
                # The mark is for readers of dunning.
                records_sudo = self.sudo().with_context(active_test=False)
                restriction = Domain("id", "in", records_sudo._search(restriction))
            domain = Domain(domain) & restriction
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)


class DunningGuard(models.AbstractModel):
    _inherit = "dunning.guard"

    @api.model
    def _check_answered(self, messages: models.BaseModel) -> None:
        """Refuse to answer messages of dunning that one may not read: Odoo shows them
        beside the answer, and takes their subject for it.

        :raise AccessError: as Odoo says it
        """
        self._filter_telling(messages).check_access("read")

    @api.model
    def _check_incoming(self, name: str, values: dict | None) -> None:
        """Refuse e-mails that people hand in for records of dunning: in whose name they
        are is what an e-mail says of itself.

        :param name: of the model that an e-mail is for
        :param values: of the record that it makes, if any
        :raise AccessError: saying so
        """
        told = any(key.startswith("dunning_") for key in values or ())
        if told or self._may_tell(name):
            raise AccessError(
                self.env._(
                    "E-mails for dunning come in by the mail server, or are handed in "
                    "by an administrator."
                )
            )


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        # EXTENDS 'base': other messages and activities that one may not read are
        # refused in these words, and ours must not be known by theirs
        if isinstance(records, self.env.registry["dunning.discreet"]):
            # As Odoo does: judging them has read them.
            records.invalidate_recordset()
            return records._make_access_error(operation)
        return super()._make_access_error(operation, records)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _dunning_get_subtype_id(self) -> int | bool:
        """Return the id of the subtype of what few may read."""
        return self.env["ir.model.data"]._xmlid_to_res_id(SUBTYPE)

    @api.model
    def _dunning_is_discreet(self, subtype_id):
        return bool(subtype_id) and subtype_id == self._dunning_get_subtype_id()

    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS 'mail': every employee may call the gateway, which works elevated
        if self.env.su or self.env.user.has_group("base.group_system"):
            return super()._message_route_process(message, message_dict, routes)
        for name, __, values, *_alias in routes or ():
            self.env["dunning.guard"]._check_incoming(name, values)
        # Users change their names as they like.
        user = f"{self.env.user.name} ({self.env.user.login})"
        handed_in = self.with_context(**HANDED_IN.context, **{BY: user})
        return super(MailThread, handed_in)._message_route_process(
            message, message_dict, routes
        )

    def _get_allowed_message_params(self):
        # EXTENDS 'mail': by its route anybody who may post has the system write. What
        # has left or come in, history and proof tell of, is not said by people
        allowed = super()._get_allowed_message_params()
        guard = self.env["dunning.guard"]
        if self._name in ANSWERED or guard._may_tell(self._name):
            allowed = allowed - {"message_type"}
        return allowed

    def _message_create(self, values_list):
        # EXTENDS 'mail'
        if DISCREET.is_set(self.env):
            discreet = {
                "subtype_id": self._dunning_get_subtype_id(),
                "record_company_id": self.env.context.get(COMPANY),
            }
            for values in values_list:
                # In place: followers are told by these values afterwards.
                values.update(discreet)
        else:
            for values in values_list:
                self._dunning_write_openly(values)
        if not (self.env.su or self.env.user.share):
            for values in values_list:
                self._dunning_write_as_oneself(values)
        return super()._message_create(values_list)

    def _message_sms(self, *args, **kwargs):
        # EXTENDS 'sms'
        texting = self.with_context(**TEXTING.context)
        return super(MailThread, texting)._message_sms(*args, **kwargs)

    def _dunning_is_outside(self):
        """Return whether a visitor of a page, or somebody without rights on dunning,
        has the system write."""
        user = self.env.user
        if not self.env.su or user.id == SUPERUSER_ID:
            return user.share
        return not user.has_group(READERS)

    def _dunning_write_openly(self, values: dict) -> None:
        """Have what visitors of a page, and others who read no dunning, write be for
        whoever reads the record, whatever they ask for; in place, as above."""
        # Most write nothing of the kind, and are not asked who they are.
        marked = self._dunning_is_discreet(values.get("subtype_id"))
        if not (marked and self._dunning_is_outside()):
            return
        # They may not read what they answer.
        parent_sudo = self.env["mail.message"].sudo().browse(values.get("parent_id"))
        if not self._dunning_is_discreet(parent_sudo.exists().subtype_id.id):
            xml_ids = self.env["ir.model.data"]
            values["subtype_id"] = xml_ids._xmlid_to_res_id("mail.mt_comment")

    def _dunning_write_as_oneself(self, values: dict) -> None:
        """Have the user say it now, whoever else they say; in place, as above."""
        is_ours = self.env["dunning.guard"]._is_ours(self)
        if is_ours or self._dunning_is_discreet(values.get("subtype_id")):
            author = self.env.user.partner_id
            sender = author.email_formatted or values.get("email_from")
            values |= {"author_id": author.id, "email_from": sender}
            values.pop("date", None)
            values.pop("tracking_value_ids", None)

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail': files are read with their message, not with the customer
        result = super()._message_post_after_hook(message, msg_values)
        if self._dunning_is_discreet(msg_values.get("subtype_id")):
            # Whoever writes need not have any right on dunning.
            message_sudo = message.sudo()
            files_sudo = message_sudo.attachment_ids.filtered(
                lambda file: file.res_model == self._name and file.res_id == self.id
            )
            files_sudo.write({"res_model": message._name, "res_id": message.id})
        return result

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        # EXTENDS 'mail': whoever follows a customer, and what they follow, is told no
        # more than they may read
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not recipients:
            return recipients
        values = msg_vals or {}
        # Whoever writes need not have any right on dunning.
        message_sudo = message.sudo()
        subtype_id = values.get("subtype_id") or message_sudo.subtype_id.id
        is_discreet = self._dunning_is_discreet(subtype_id)
        if not is_discreet and not self.env["dunning.guard"]._is_ours(self):
            return recipients
        # Nor on users, of whom some have left.
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        users_sudo = users_sudo.search(
            [("partner_id", "in", [recipient["id"] for recipient in recipients])]
        )
        company = message_sudo.record_company_id
        if is_discreet:
            told = users_sudo.filtered(lambda user: user._dunning_may_be_told(company))
        else:
            told = users_sudo.filtered(self._dunning_is_read_by)
        # Who never had any access was made a follower by somebody.
        hidden = users_sudo.partner_id - told.partner_id
        asked = values.get("partner_ids", message_sudo.partner_ids.ids)
        return [
            recipient
            for recipient in recipients
            if recipient["id"] in asked
            or recipient["id"] in told.partner_id.ids
            or not (is_discreet or recipient["id"] in hidden.ids)
        ]

    def _dunning_is_read_by(self, user: models.BaseModel) -> bool:
        """Return whether somebody who works here may read all of the records, in any
        of their companies."""
        if not user.active:
            return False
        records = self.with_user(user).sudo(False)
        return records.with_context(
            allowed_company_ids=user.company_ids.ids
        ).has_access("read")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _message_create(self, values_list):
        # EXTENDS 'mail': the answer to what few may read quotes it
        ids = [values["parent_id"] for values in values_list if values.get("parent_id")]
        if ids and (subtype_id := self._dunning_get_subtype_id()):
            # The mail gateway has no rights on dunning.
            parents_sudo = self.env["mail.message"].sudo().browse(ids).exists()
            discreet_sudo = parents_sudo.filtered(
                lambda parent: parent.subtype_id.id == subtype_id
            )
            owners = {
                parent.id: parent.record_company_id.id for parent in discreet_sudo
            }
            for values in values_list:
                if values.get("parent_id") in owners:
                    # In place: followers are told by these values afterwards.
                    values["subtype_id"] = subtype_id
                    values["record_company_id"] = owners[values["parent_id"]]
        return super()._message_create(values_list)

    def _dunning_get_readable_sql(self) -> SQL:
        """Return the condition that a ``message`` of the customer is not one that
        dunning has written in another company than the current one."""
        return SQL(
            """
            (
                message.subtype_id IS DISTINCT FROM %(discreet)s
             OR COALESCE(message.record_company_id, %(company)s) = %(company)s
            )
            """,
            discreet=self._dunning_get_subtype_id() or None,
            company=self.env.company.id,
        )


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    # What is next is looked for among what one may read: elevated, it was the next one
    # of all.
    activity_type_id = fields.Many2one(related_sudo=False)
    activity_type_icon = fields.Char(related_sudo=False, groups="base.group_user")
    activity_summary = fields.Char(related_sudo=False)
