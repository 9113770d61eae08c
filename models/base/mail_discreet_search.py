from collections.abc import Set

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .mail_discreet import DISCREET


class Discreet(fields.One2many):
    """Messages or activities of a record. Odoo looks elevated for records that have
    any, or one of some ids: whoever may not read them would learn that they exist."""

    # Rules are passed over as Odoo does, but for those of dunning: see
    # ``dunning.discreet``.
    passes_rules = True

    def condition_to_sql(
        self,
        field_expr: str,
        operator: str,
        value: object,
        model: models.BaseModel,
        alias: str,
        query: Query,
    ) -> SQL:
        # EXTENDS 'base'
        given = isinstance(value, list | tuple | Set)
        if operator in ("in", "not in") and given and not model.env.su:
            return self._get_visible_sql(set(value), operator, model, alias, query)
        return super().condition_to_sql(
            field_expr, operator, value, model, alias, query
        )

    def _get_visible_sql(self, ids, operator, model, alias, query):
        """Return the condition that a record has one of some messages or activities,
        or none at all, as far as the user may read them."""
        exists = operator == "in"
        parts = []
        if False in ids:
            parts.append(
                self._get_any_sql(Domain.TRUE, not exists, model, alias, query)
            )
        if named := ids - {False}:
            domain = Domain("id", "in", list(named))
            parts.append(self._get_any_sql(domain, exists, model, alias, query))
        glue = SQL(" OR ") if exists else SQL(" AND ")
        return SQL("(%s)", glue.join(parts)) if parts else SQL(str(not exists).upper())

    def _get_any_sql(self, domain, exists, model, alias, query):
        comodel = model.env[self.comodel_name].with_context(active_test=False)
        found = comodel._search(
            domain & self.get_comodel_domain(model), bypass_access=self.passes_rules
        )
        return self._condition_to_sql_relational(model, alias, exists, found, query)


class Ours(Discreet):
    """Records of dunning of a record that others share. Odoo looks elevated for these
    as well: another company would learn whom this one has in litigation."""

    passes_rules = False


class Answers(Discreet):
    """Messages that answer one. Odoo reads elevated what there is of a message."""

    def read(self, records: models.BaseModel) -> None:
        # EXTENDS 'base'
        return super().read(records.sudo(False))


class MailMessage(models.Model):
    _inherit = "mail.message"

    child_ids = Answers()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    message_ids = Discreet()
    website_message_ids = Discreet()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_has_message(self):
        # EXTENDS 'mail': as far as one may read them
        super()._compute_has_message()
        told = self.filtered("has_message")
        if self.env.su or not told:
            return
        domain = Domain("model", "=", self._name) & Domain("res_id", "in", told.ids)
        messages = self.env["mail.message"]
        query = messages._search(domain, bypass_access=True)
        ids = {id_ for [id_] in self.env.execute_query(query.select("res_id"))}
        for record in told:
            record.has_message = record.id in ids

    def _message_subscribe(self, partner_ids=None, *args, **kwargs):
        # EXTENDS 'mail': that somebody follows a customer shows to all who see it, and
        # who is given an activity follows its record
        if DISCREET.is_set(self.env) and not self.env["dunning.guard"]._is_ours(self):
            return True
        return super()._message_subscribe(partner_ids, *args, **kwargs)

    @api.model
    def _search_has_message(self, operator, value):
        # EXTENDS 'mail': as far as one may read them
        found = super()._search_has_message(operator, value)
        if found is NotImplemented:
            return found
        if len(set(value)) != 1:
            return Domain.TRUE if value else Domain.FALSE
        return Domain("message_ids", "not in" if True in value else "in", [False])


class MailThreadMainAttachment(models.AbstractModel):
    _inherit = "mail.thread.main.attachment"

    def _message_set_main_attachment_id(self, attachments, *args, **kwargs):
        # EXTENDS 'mail': that an invoice has a file shows to all who see it
        if DISCREET.is_set(self.env) and not self.env["dunning.guard"]._is_ours(self):
            return
        super()._message_set_main_attachment_id(attachments, *args, **kwargs)


class AccountMove(models.Model):
    _inherit = "account.move"

    audit_trail_message_ids = Discreet()


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    activity_ids = Discreet()

    # ------------------------------------------------------------------
    # SEARCH METHODS
    # ------------------------------------------------------------------

    def _search_activity_state(self, operator, value):
        # EXTENDS 'mail'
        found = super()._search_activity_state(operator, value)
        if self.env.su or found is NotImplemented:
            return found
        [(name, found_operator, query)] = found
        return [(name, found_operator, self._dunning_see("res_id", query))]

    def _read_group_groupby(self, alias, groupby_spec, query):
        # EXTENDS 'mail'
        known = set(query._joins)
        result = super()._read_group_groupby(alias, groupby_spec, query)
        if groupby_spec == "activity_state" and not self.env.su:
            for name in query._joins.keys() - known:
                kind, table, condition = query._joins[name]
                columns = "res_id, activity_state"
                query._joins[name] = kind, self._dunning_see(columns, table), condition
        return result

    @api.model
    def _dunning_see(self, columns, query):
        """Return a query of Odoo on activities as one on those that dunning lets the
        user read.

        :param columns: what it gives
        :param query: in brackets
        """
        company_ids = self.env.companies.ids
        domains = self.env.user._dunning_get_discreet_domains(company_ids)
        # The mark is for readers of dunning.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo = activities_sudo.with_context(active_test=False)
        visible = activities_sudo._search(Domain(domains["mail.activity"]))
        return SQL(
            "(WITH mail_activity AS (%s) SELECT %s FROM %s AS seen)",
            visible.select(SQL("mail_activity.*")),
            SQL(columns),
            query,
        )


class MailMessageSubtype(models.Model):
    _inherit = "mail.message.subtype"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning(self):
        """Refuse to delete the mark by which messages are for readers of dunning.

        :raise UserError: saying so
        """
        marked = self.filtered(
            lambda subtype: self.env["mail.thread"]._dunning_is_discreet(subtype.id)
        )
        if marked:
            raise UserError(
                self.env._(
                    "“%s” keeps what dunning writes from whom may not read it, and "
                    "cannot be deleted.",
                    marked.name,
                )
            )
