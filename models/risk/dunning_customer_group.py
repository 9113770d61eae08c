from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache


class DunningCustomerGroup(models.Model):
    """Customers that are one debtor to us, as the companies of a group: what they owe
    and may owe together. Each is dunned by itself."""

    _name = "dunning.customer.group"
    _description = "Group of Customers"
    _inherit = ["dunning.guarded", "dunning.plan.basis"]
    _order = "name, id"
    _basis_fields = {"active", "company_id", "counts_together", "member_ids"}

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    member_ids = fields.Many2many(
        "res.partner",
        "dunning_customer_group_member_rel",
        "group_id",
        "partner_id",
        string="Customers",
    )
    credit_limit = fields.Monetary(
        string="Limit",
        help="That all of them together may owe, orders not yet invoiced included; "
        "0: none.",
    )
    counts_together = fields.Boolean(
        string="Contacts Count for All",
        default=True,
        help="After a contact with one of these customers, the others wait for the gap "
        "of their scenario, too.",
    )
    note = fields.Text()
    turn = fields.Integer(
        readonly=True,
        help="Counts the contacts that the system makes, so that two are never made at "
        "once.",
    )

    # === Figures === #
    receivable = fields.Monetary(string="Balance", compute="_compute_figures")
    exposure = fields.Monetary(
        compute="_compute_figures",
        help="What the customers owe, and orders not yet invoiced.",
    )
    overdue = fields.Monetary(compute="_compute_figures")
    to_collect = fields.Monetary(compute="_compute_figures")
    covered = fields.Monetary(string="Insured", compute="_compute_figures")
    room = fields.Monetary(
        string="Left of the Limit",
        compute="_compute_figures",
        help="Negative where the limit is exceeded.",
    )
    is_exceeded = fields.Boolean(compute="_compute_figures")

    # === Constraints === #
    _credit_limit_not_negative = models.Constraint(
        "CHECK(credit_limit >= 0)", "The limit of a group cannot be negative."
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("member_ids", "credit_limit", "company_id")
    def _compute_figures(self):
        names = ("receivable", "exposure", "overdue", "to_collect")
        for company, groups in self.grouped("company_id").items():
            members = groups.member_ids._origin
            profiles, covered = {}, {}
            if company:
                profiles = self.env["dunning.profile"]._read_current(company, members)
                covered = self.env["dunning.cover"]._get_covered(company, members)
            for group in groups:
                rows = [profiles.get(id_, {}) for id_ in group.member_ids._origin.ids]
                for name in names:
                    group[name] = sum(row.get(name) or 0 for row in rows)
                group.covered = sum(
                    covered.get(id_, 0) for id_ in group.member_ids._origin.ids
                )
                group.room = group.credit_limit and group.credit_limit - group.exposure
                group.is_exceeded = group.room < 0

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("member_ids", "company_id", "active")
    def _check_member_ids(self):
        self._reserve_members()
        for group in self.filtered("active"):
            for partner in group.member_ids:
                if partner != partner.commercial_partner_id:
                    raise ValidationError(
                        self.env._(
                            "“%s” is the contact of a customer: put the customer into "
                            "the group.",
                            partner.display_name,
                        )
                    )
            other = self.search(
                [
                    ("id", "!=", group.id),
                    ("company_id", "=", group.company_id.id),
                    ("member_ids", "in", group.member_ids.ids),
                ],
                limit=1,
            )
            if other:
                both = (other.member_ids & group.member_ids)[:1]
                raise ValidationError(
                    self.env._(
                        "“%(customer)s” is in the group “%(group)s” already: a "
                        "customer belongs to one group.",
                        customer=both.display_name,
                        group=other.name,
                    )
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_items(self) -> dict:
        """Open what the customers of the group owe."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_item"
        )
        return dict(
            action,
            domain=[("partner_id", "in", self.member_ids.ids)],
            context={"group_by": ["partner_id"]},
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _reserve_members(self):
        """Let nobody else put these customers into a group in the meantime: who does
        waits, and the database has the later of both try again on what is true then."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET id = id WHERE id = ANY(%s)", self.member_ids.ids
            ),
            # What is expected is no error for the log.
            log_exceptions=False,
        )

    @api.model
    @ormcache()
    def _get_all_members(self) -> tuple[tuple[int, int, int], ...]:
        """Return the customers whose contacts count together: company, group and
        customer, by their ids."""
        # The plan does not depend on who asks.
        groups_sudo = self.sudo().search([("counts_together", "=", True)], order="id")
        return tuple(
            (group.company_id.id, group.id, partner_id)
            for group in groups_sudo
            for partner_id in sorted(group.member_ids.ids)
        )

    @api.model
    def _get_members(self, company_id: int) -> list[tuple[int, int]]:
        """Return those of a company: pairs of group and customer."""
        members = self._get_all_members()
        return [
            (group, one) for company, group, one in members if company == company_id
        ]

    @api.model
    def _get_together(self, partner_ids) -> set[int]:
        """Return those whose contacts count for some customers, these among them, in
        whatever company."""
        members, asked = self._get_all_members(), set(partner_ids)
        groups = {group for __, group, one in members if one in asked}
        return {one for __, group, one in members if group in groups}

    @api.model
    def _take_turn(self, ids: list[int]) -> set[int]:
        """Lock groups until the transaction ends, whoever contacts their customers. One
        of which somebody has been contacted since the transaction began makes the
        database refuse, so that it is tried again on what is true now.

        :return: those that nobody else has locked
        """
        query = SQL(
            """
            UPDATE dunning_customer_group
               SET turn = COALESCE(turn, 0) + 1
             WHERE id IN (
                       SELECT id
                         FROM dunning_customer_group
                        WHERE id = ANY(%s)
                          FOR UPDATE SKIP LOCKED
                   )
         RETURNING id
            """,
            ids,
        )
        # What is expected is no error for the log.
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_model(["turn"], flush=False)
        return {id_ for (id_,) in self.env.cr.fetchall()}

    @api.model
    def _get_exceeded(self, company, partners) -> set[int]:
        """Return the ids of those of some customers whose group exceeds its limit."""
        groups = self.search(
            [
                ("company_id", "=", company.id),
                ("member_ids", "in", partners.ids),
                ("credit_limit", ">", 0),
            ]
        )
        return set(groups.filtered("is_exceeded").member_ids.ids)
