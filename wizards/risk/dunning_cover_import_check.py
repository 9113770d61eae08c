from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.ledger_cells import plain
from ...tools.registration import get_identifiers


class DunningCoverImportCheck(models.AbstractModel):
    """What becomes of each row of an insurer's list: whom it is about, and what is
    entered of that customer already."""

    _name = "dunning.cover.import.check"
    _description = "Rows of an Insurer's List"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _check(self, rows, company, insurer, days) -> list[dict]:
        """Return what becomes of rows.

        :param rows: list of :class:`CoverRow`
        :param company: ``res.company``
        :param insurer: ``res.partner`` of the rows that do not name theirs
        :param days: until the declaration, where a row does not say it
        :return: list of dicts: ``place, customer`` (as the file calls it), ``status``,
            ``problem`` in words, ``values`` of the cover, ``cover`` that is changed,
            ``ended``: pairs of a cover and its new last day
        """
        partners = self._find_partners(company)
        currencies = {x.name: x for x in self.env["res.currency"].search([])}
        checked = []
        for row in rows:
            values, problem = {}, self._tell_what_is_unread(row)
            if not problem:
                values, problem = self._read_values(
                    row, company, insurer, partners, currencies
                )
            checked.append(
                {
                    "place": row.place,
                    "customer": row.name or row.number,
                    "status": "rejected" if problem else "new",
                    "problem": problem,
                    "values": values,
                    "days": row.days,
                    "is_dated": bool(row.date_from),
                    "cover": None,
                    "ended": [],
                }
            )
        self._compare([row for row in checked if not row["problem"]], company, days)
        return checked

    # === Whom it is about === #

    def _find_partners(self, company):
        """Return who may be meant by a name or a number: dict of each to ids."""
        found = {}
        partners = self.env["res.partner"].search_fetch(
            Domain(self.env["res.partner"]._check_company_domain(company))
            & (Domain("parent_id", "=", False) | Domain("is_company", "=", True)),
            ["name", "ref", "vat", "company_registry"],
        )
        for partner in partners:
            texts = (partner.name, partner.ref, partner.vat, partner.company_registry)
            keys = {plain(text) for text in texts if text}
            # A SIRET and a VAT number hold the SIREN.
            keys |= get_identifiers(partner.vat, partner.company_registry)
            for key in keys:
                found.setdefault(key, []).append(partner.id)
        return found

    def _find(self, partners, row):
        """Return the ids of the customers that a row may mean: its number is surer."""
        number = plain(row.number)
        keys = [number, *sorted(get_identifiers(row.number)), plain(row.name)]
        return next((partners[key] for key in keys if key and key in partners), [])

    # === What it says === #

    def _tell_what_is_unread(self, row):
        if not row.unreadable:
            return ""
        kind, text = next(iter(row.unreadable.items()))
        if kind == "amount":
            return self.env._("“%s” is no amount.", text)
        if kind == "days":
            return self.env._("“%s” is no number of days.", text)
        return self.env._("“%s” is no day.", text)

    def _read_values(self, row, company, insurer, partners, currencies):
        """Return the values of a cover, and why there is none."""
        found = self._find(partners, row)
        if len(found) != 1:
            return {}, self._tell_customers(row, found)
        if row.insurer:
            named = partners.get(plain(row.insurer), [])
            insurer = self.env["res.partner"].browse(named[:1])
        if not insurer:
            return {}, self._tell_insurer(row)
        currency = currencies.get(row.currency.upper() or company.currency_id.name)
        if not currency:
            return {}, self.env._("The currency “%s” is not used here.", row.currency)
        if row.amount is None or row.amount < 0:
            return {}, self.env._("The amount is missing, or negative.")
        first = row.date_from or company._dunning_today()
        if row.date_to and row.date_to < first:
            return {}, self.env._("It would end before it begins.")
        return {
            "partner_id": found[0],
            "company_id": company.id,
            "insurer_id": insurer.id,
            "policy": row.policy or False,
            "currency_id": currency.id,
            "amount": float(row.amount),
            "date_from": first,
            "date_to": row.date_to or False,
        }, ""

    def _tell_customers(self, row, found):
        if not (row.name or row.number):
            return self.env._("The customer is missing.")
        if found:
            return self.env._(
                "Several customers are meant: give the SIREN, VAT number or reference."
            )
        return self.env._("No customer has this name or number.")

    def _tell_insurer(self, row):
        if row.insurer:
            return self.env._(
                "The insurer “%s” is not among the contacts.", row.insurer
            )
        return self.env._("The insurer is missing: choose it above.")

    # === What is entered already === #

    def _compare(self, rows, company, days):
        """Say of rows that can be used whether they are new, beside what is entered."""
        entered = {}
        for cover in self.env["dunning.cover"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", [row["values"]["partner_id"] for row in rows]),
            ]
        ):
            key = (cover.partner_id.id, cover.insurer_id.id)
            entered.setdefault(key, []).append(cover)
        seen = set()
        for row in rows:
            values = row["values"]
            key = (values["partner_id"], values["insurer_id"])
            if (key, values["policy"]) in seen:
                self._reject(row, self.env._("It is in the file before."))
                continue
            seen.add((key, values["policy"]))
            covers = [
                cover
                for cover in entered.get(key, ())
                if not values["policy"] or cover.policy in (False, values["policy"])
            ]
            self._compare_one(row, covers, days)

    def _compare_one(self, row, covers, days):
        values = row["values"]
        first = values["date_from"]
        same = [cover for cover in covers if cover.date_from == first]
        running = [c for c in covers if not c.date_to or c.date_to >= first]
        later = [cover for cover in running if cover.date_from > first]
        if not row["is_dated"] and (kept := self._find_kept(running, values)):
            values.update(date_from=kept.date_from, date_to=kept.date_to)
            self._compare_same(row, kept)
        elif same:
            self._compare_same(row, same[0])
        elif later:
            day = format_date(self.env, later[0].date_from)
            self._reject(row, self.env._("One from %s is entered already.", day))
        else:
            day_before = first - timedelta(days=1)
            row["ended"] = [(cover, day_before) for cover in running]
            values["declaration_days"] = (
                next((c.declaration_days for c in running), days)
                if row["days"] is None
                else row["days"]
            )

    def _find_kept(self, running, values):
        """Return the cover of which a row without a first day says nothing new, None
        where there is none: such a list begins on the day it is handed in."""
        for cover in running:
            if (
                cover.date_from <= values["date_from"]
                and cover.currency_id.id == values["currency_id"]
                and not cover.currency_id.compare_amounts(
                    cover.amount, values["amount"]
                )
                and values["date_to"] in (False, cover.date_to)
            ):
                return cover
        return None

    def _compare_same(self, row, cover):
        values = row["values"]
        if row["days"] is not None:
            values["declaration_days"] = row["days"]
        if not values["policy"]:
            values["policy"] = cover.policy
        current = {
            name: cover[name].id if name.endswith("_id") else cover[name]
            for name in values
        }
        row["cover"] = cover
        row["status"] = "same" if current == values else "changed"

    @api.model
    def _reject(self, row, problem):
        row.update(status="rejected", problem=problem, ended=[])
