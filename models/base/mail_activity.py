from odoo import api, fields, models

from odoo.addons.mail.tools.discuss import Store

from ...tools.words import READERS
from .mail_discreet import COMPANY, DISCREET

# By what the system knows an activity.
MARKS = {"dunning_discreet", "dunning_company_id", "dunning_reminder"}


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "dunning.discreet"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_discreet = fields.Boolean(
        string="For Readers of Dunning",
        readonly=True,
        copy=False,
        groups=READERS,
        help="Others see it only when it is theirs.",
    )

    dunning_company_id = fields.Many2one(
        "res.company",
        string="Dunning of",
        readonly=True,
        copy=False,
        groups=READERS,
        help="For its readers of dunning.",
    )

    dunning_reminder = fields.Boolean(
        string="Stands for an Action",
        readonly=True,
        copy=False,
        groups=READERS,
        help="Done with the action, not without it.",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail'
        activities = super().create(vals_list)
        activities._dunning_check_marks()
        if DISCREET.is_set(self.env):
            # Whoever answers, or is asked, need not have rights on dunning.
            company_id = self.env.context.get(COMPANY)
            activities_sudo = activities.sudo()
            activities_sudo.write(
                {"dunning_discreet": True, "dunning_company_id": company_id}
            )
        return activities

    def write(self, vals):
        # EXTENDS 'mail'
        if not self.env.su and not MARKS.isdisjoint(vals):
            raise self._make_access_error("write")
        return super().write(vals)

    def _check_access(self, operation):
        # EXTENDS 'mail': who may write a customer need not know what dunning noted of
        # it, nor who has it made by what they do; they have no hand in what they may
        # not read
        result = super()._check_access(operation)
        if operation not in ("write", "unlink") or self.env.su:
            return result
        allowed = self - result[0] if result else self
        # The mark is for readers of dunning.
        telling_sudo = allowed.sudo().filtered(self.env["dunning.guard"]._tells)
        hidden = allowed & telling_sudo
        hidden -= hidden._filtered_access("read")
        if not hidden:
            return result
        forbidden = hidden | result[0] if result else hidden
        return forbidden, lambda: forbidden._make_access_error(operation)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_marks(self):
        """Refuse activities that somebody gives a mark of the system.

        :raise AccessError: as Odoo says it
        """
        if self.env.su:
            return
        # Marks are for readers of dunning.
        marked_sudo = self.sudo().filtered(
            lambda activity: any(activity[name] for name in MARKS)
        )
        if marked_sudo:
            raise (self & marked_sudo)._make_access_error("create")

    def _to_store_defaults(self, target):
        # EXTENDS 'mail': visitors of a page, who are of no company of ours, make some;
        # who sees one is shown who made it
        return [
            Store.One("create_uid", Store.One("partner_id", "name"), sudo=True)
            if isinstance(shown, Store.One) and shown.field_name == "create_uid"
            else shown
            for shown in super()._to_store_defaults(target)
        ]

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': what tells of it is for the same people, and what follows
        messages, following = self.env["mail.message"], self.env["mail.activity"]
        # Whose activity it is need not have any right on dunning.
        marked_sudo = self.sudo().filtered("dunning_discreet")
        groups = [(self - marked_sudo, None)] if self - marked_sudo or not self else []
        for company_sudo, found_sudo in marked_sudo.grouped(
            "dunning_company_id"
        ).items():
            groups.append((self & found_sudo, company_sudo))
        for activities, company in groups:
            if company is not None:
                activities = activities._dunning_discreetly(company)  # noqa: PLW2901
            told, next_ones = super(MailActivity, activities)._action_done(
                feedback, attachment_ids
            )
            messages |= messages.browse(told.ids)
            following |= following.browse(next_ones.ids)
        return messages, following
