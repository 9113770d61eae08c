from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .dunning_portal_act import MAX_LINE

# What a customer may propose, in the order of the form.
DETAILS = ("contact_name", "email", "phone", "second_email")


class DunningPortalActDetails(models.AbstractModel):
    """Corrections of how a customer is reached: proposed here, and accepted or refused
    by a collector, who sees old and new beside each other."""

    _name = "dunning.portal.act.details"
    _description = "Correct My Details"
    _inherit = "dunning.portal.act"

    _is_decided = True

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("Correct my details")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        wanted = payload.get("details") or {}
        changes = self._find_changes(customer, payload)
        for name in ("email", "second_email"):
            if name in changes and not self._is_address(changes[name][1]):
                problems[name] = self.env._("This is no e-mail address: correct it.")
        if any(len(text) > MAX_LINE for text in wanted.values()):
            problems["contact_name"] = self.env._("This is too long.")
        if problems:
            return problems
        if not changes:
            problems["contact_name"] = self.env._("Nothing is changed yet.")
        elif self._is_known(customer, changes):
            problems["contact_name"] = self.env._(
                "You have told us this already: we look at it."
            )
        return problems

    @api.model
    def _is_address(self, text):
        """Return whether an e-mail can be sent there, or nothing is given: Odoo takes
        those of one's own network as well, and reads them out of other words, which
        would be all that is seen of them."""
        address = email_normalize(text) or ""
        return not text or (
            "." in address.rpartition("@")[2] and address == text.casefold()
        )

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        labels = self._get_labels()
        nothing = self.env._("nothing")
        changes = self._find_changes(request.partner_id, request.payload)
        return [
            (labels[name], f"{old or '–'} → {new or nothing}")
            for name, (old, new) in changes.items()
        ]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        changes = self._find_changes(request.partner_id, request.payload)
        request.change_ids = [
            Command.create({"name": name, "old": old, "new": new})
            for name, (old, new) in changes.items()
        ]
        return self.env._("Thank you. We look at it and correct our records.")

    def _accept(self, request):
        # EXTENDS 'dunning.portal.act'
        self._check_current(request)
        result = super()._accept(request)
        self._apply(request)
        return result

    def _get_refusal_words(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._(
            "We have kept what we had. Please get in touch with us if that is not "
            "right."
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_labels(self) -> dict[str, str]:
        """Return what can be corrected, by name."""
        return {
            "contact_name": self.env._("Who should be written to"),
            "email": self.env._("E-mail for invoices and reminders"),
            "phone": self.env._("Phone"),
            "second_email": self.env._("E-mail of a second recipient"),
        }

    @api.model
    def _get_current(self, customer: models.BaseModel) -> dict[str, str]:
        """Return what is known of a customer now."""
        contact = customer._dunning_get_contacts()[customer.id]
        second = customer._dunning_get_second_recipient()
        return {
            "contact_name": contact.name or "",
            "email": contact.email or customer.email or "",
            "phone": contact.phone or customer.phone or "",
            "second_email": second.email or "",
        }

    @api.model
    def _find_changes(self, customer, payload):
        """Return what would be changed: dict of name to pair of old and new. Only a
        second recipient can be taken away."""
        current, wanted = self._get_current(customer), payload.get("details") or {}
        return {
            name: (current[name], wanted[name].strip())
            for name in DETAILS
            if name in wanted
            and wanted[name].strip() != current[name]
            and (wanted[name].strip() or name == "second_email")
        }

    @api.model
    def _is_known(self, customer, changes):
        """Return whether the same waits already for somebody who decides about it."""
        waiting = self.env["dunning.portal.request"].search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
                ("kind", "=", "details"),
                ("decision", "=", "open"),
            ]
        )
        asked = {name: new for name, (_old, new) in changes.items()}
        return any(
            {change.name: change.new or "" for change in request.change_ids} == asked
            for request in waiting
        )

    @api.model
    def _check_current(self, request):
        """Refuse what was asked for when something else was known: whoever accepts has
        read the old beside the new."""
        current, labels = self._get_current(request.partner_id), self._get_labels()
        for change in request.change_ids:
            if (change.old or "") != current[change.name]:
                raise UserError(
                    self.env._(
                        "“%s” has been changed since the customer asked for it: refuse "
                        "this, and correct the contact yourself if need be.",
                        labels[change.name],
                    )
                )

    @api.model
    def _apply(self, request):
        """Correct what was accepted: a new name becomes the dunning contact, otherwise
        the present contact is corrected."""
        customer = request.partner_id
        new = {change.name: change.new for change in request.change_ids}
        values = {name: new[name] for name in ("email", "phone") if new.get(name)}
        if name := new.get("contact_name"):
            contact = self._choose_contact(request, name, values)
            customer.dunning_contact_id = contact
        else:
            contact = customer._dunning_get_contacts()[customer.id]
        self._correct(request, contact, values)
        if "second_email" in new:
            customer.dunning_second_contact_id = self._get_second(
                customer, new["second_email"]
            )

    @api.model
    def _choose_contact(self, request, name, values):
        """Return the contact of a name, a new one where the values of those who are
        called so are others: nobody has read what would be lost."""
        customer = request.partner_id
        present = customer._dunning_get_contacts()[customer.id]
        called = self._get_contacts(customer).filtered(lambda own: own.name == name)
        chosen = called.filtered(
            lambda own: (
                own == present
                or all((own[field] or new) == new for field, new in values.items())
            )
        )[:1]
        if not chosen:
            # Somebody who logs in is not doubled with an address of another.
            self._check_users(request, called)
        return chosen or customer.create(
            {"name": name, "parent_id": customer.id, "type": "contact"}
        )

    @api.model
    def _correct(self, request, contact, values):
        """Write what is new of a contact."""
        values = {field: new for field, new in values.items() if contact[field] != new}
        if values:
            self._check_users(request, contact)
            contact.write(values)

    @api.model
    def _check_users(self, request, contacts):
        """Refuse to correct whoever logs in: only who asks corrects itself, as a new
        address is a way to its password."""
        # Archived users may come back.
        users = contacts.with_context(active_test=False).user_ids
        if others := users - request.user_id:
            raise UserError(
                self.env._(
                    "“%s” logs in to Odoo, so a customer's answer does not change the "
                    "e-mail or phone: correct the contact yourself, or refuse this.",
                    others[0].partner_id.name,
                )
            )

    @api.model
    def _get_second(self, customer, email):
        """Return the contact of an address, a new one where there is none."""
        if not email:
            return customer.browse()
        return self._find_contact(customer, email) or customer.create(
            {
                "name": email,
                "email": email,
                "parent_id": customer.id,
                "type": "contact",
            }
        )

    @api.model
    def _find_contact(self, customer, email):
        """Return a contact of the customer by its address."""
        address = email_normalize(email)
        return self._get_contacts(customer).filtered(
            lambda contact: email_normalize(contact.email) == address
        )[:1]

    @api.model
    def _get_contacts(self, customer):
        """Return the contacts that the customer's company may write to."""
        return customer.child_ids._dunning_filter_of_company(customer.env.company)
