from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from ..legal_records import create_foreign_legal_records
from ..rights_answer import create_answer, create_dispute_answer
from .rights_common import RightsCommon

# In the name of each record of the other company; nothing else bears it.
MARK = "Foreign Mark"
AMOUNT = 98765.43

# Beside those of the other tests of rights.
MORE_GROUPS = {
    "partner_manager": "base.group_user,base.group_partner_manager",
    "accountant": "account.group_account_invoice",
}
# A condition of each kind: computed fields answer some of them.
CONDITIONS = [("!=", False), ("=", False), (">", 0), ("in", [1]), ("ilike", "a")]
NUMBERS = ("integer", "float", "monetary")


class RegistryRightsCommon(RightsCommon):
    """A record of each model in our company, one in another company, and a user of each
    kind. What is tried is made up from the registry: a new field or model is tried
    without anybody thinking of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= cls._create_more_users()
        cls.customer.user_id = cls.users["salesperson"]
        cls.invoice.invoice_user_id = cls.users["salesperson"]
        portal = cls.users["portal"].partner_id
        cls.customer.message_subscribe(portal.ids)
        cls.invoice.message_subscribe(portal.ids)
        cls.foreign = cls._create_foreign_records()
        # Whom else to ask is looked up for each refusal.
        cls.classPatch(
            type(cls.env["ir.model.access"]),
            "_make_access_error",
            lambda self, model, mode: AccessError(f"{mode} {model}"),
        )
        cls.env.flush_all()

    @classmethod
    def _create_more_users(cls):
        env = cls.env(su=True, context={"no_reset_password": True})
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        sales = env.ref("sales_team.group_sale_salesman", raise_if_not_found=False)
        users = {
            kind: new_test_user(env, f"registry_{kind}", groups, **company)
            for kind, groups in MORE_GROUPS.items()
        }
        group = "sales_team.group_sale_salesman" if sales else "base.group_user"
        users["salesperson"] = new_test_user(env, "registry_sales", group, **company)
        users["none"] = env.ref("base.public_user")
        return users

    # ------------------------------------------------------------------
    # THE OTHER COMPANY
    # ------------------------------------------------------------------

    @classmethod
    def _create_foreign_records(cls):
        """Return a record of each model that our users may not see."""
        company = cls._create_second_company(f"{MARK} Company")
        env = cls.env(
            su=True, context={"allowed_company_ids": company.ids, "tracking_disable": 1}
        )
        scenario = env["dunning.scenario"].create(
            cls._prepare_foreign(name=f"{MARK} Scenario", contact_gap_days=0)
            | {
                "company_id": company.id,
                "level_ids": [
                    Command.create(cls._prepare_level(f"{MARK} Level", 5)),
                    Command.create(cls._prepare_level(f"{MARK} Later", 50)),
                ],
            }
        )
        company.dunning_scenario_id = scenario
        samples = [scenario, scenario.level_ids[0], company]
        samples += cls._create_foreign_configuration(env, company)
        samples += cls._create_foreign_history(env, company, samples)
        return {sample._name: sample for sample in samples}

    @classmethod
    def _prepare_foreign(cls, **values):
        return values

    @classmethod
    def _create_foreign_configuration(cls, env, company):
        department = env["dunning.department"].create(
            {"name": f"{MARK} Department", "company_id": company.id}
        )
        reason = env["dunning.reason"].create(
            {
                "name": f"{MARK} Reason",
                "company_id": company.id,
                "department_id": department.id,
                "checklist_ids": [Command.create({"name": f"{MARK} Order"})],
            }
        )
        return [
            department,
            reason,
            reason.checklist_ids,
            *create_foreign_legal_records(env, company, MARK),
        ]

    @classmethod
    def _create_foreign_history(cls, env, company, samples):
        reason = next(s for s in samples if s._name == "dunning.reason")
        partner, invoice = cls._create_foreign_invoice(env, company)
        company.with_env(env)._dunning_run().action_ids.action_execute()
        done = env["dunning.action"].search([("partner_id", "=", partner.id)])
        promise_invoice = cls._create_foreign_invoice(env, company)[1]
        promise = env["dunning.promise"].create(
            {
                "partner_id": promise_invoice.partner_id.id,
                "company_id": company.id,
                "move_line_ids": [Command.set(cls._items(promise_invoice).ids)],
                "line_ids": [Command.create({"date": cls._day(5), "amount": 10})],
                "note": MARK,
            }
        )
        disputed = cls._create_foreign_invoice(env, company)[1]
        dispute = env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(cls._items(disputed).ids)],
                "reason_id": reason.id,
                "description": MARK,
            }
        )
        litigated = cls._create_foreign_invoice(env, company)[1]
        litigation = env["dunning.litigation"].create(
            {
                "move_line_ids": [Command.set(cls._items(litigated).ids)],
                "reference": MARK,
            }
        )
        act = env["dunning.litigation.act"].create(
            {"litigation_id": litigation.id, "note": MARK, "cost": AMOUNT}
        )
        rule = env["dunning.deadline.rule"].create(
            {
                "name": f"{MARK} Rule",
                "company_id": company.id,
                "trigger": "other",
                "ending": "news",
            }
        )
        deadline = env["dunning.litigation.deadline"].create(
            {
                "litigation_id": litigation.id,
                "rule_id": rule.id,
                "date": cls._day(30),
            }
        )
        proof = env["dunning.proof"].create(
            {
                "partner_id": litigation.partner_id.id,
                "company_id": company.id,
                "litigation_id": litigation.id,
                "user_id": env.uid,
                "manifest_sha256": MARK,
            }
        )
        manual = env["dunning.action"].create(
            {"partner_id": partner.id, "company_id": company.id, "note": MARK}
        )
        hold = env["dunning.hold"].create(
            {"partner_id": partner.id, "company_id": company.id, "note": MARK}
        )
        attachment = env["ir.attachment"].create(
            {"name": MARK, "res_model": manual._name, "res_id": manual.id, "raw": b"x"}
        )
        item = cls._items(invoice)
        messages = env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )
        messages |= env["mail.message"].create(
            {"model": manual._name, "res_id": manual.id, "body": MARK, "subject": MARK}
        )
        return [
            partner,
            invoice,
            item,
            manual,
            done.line_ids[:1],
            done.run_id,
            promise,
            promise.line_ids,
            dispute,
            dispute.stage_ids,
            dispute.document_ids,
            litigation,
            act,
            rule,
            deadline,
            proof,
            *create_answer(env, company, partner, MARK),
            create_dispute_answer(env, dispute, MARK),
            hold,
            attachment,
            messages[-1:],
            env["mail.mail"].search([("model", "=", "res.partner")], limit=1),
            env["dunning.item"].browse(item.id),
            env["dunning.item.state"].search([("move_line_id", "=", item.id)]),
            env["dunning.preview"].create({"company_id": company.id}),
        ]

    @classmethod
    def _create_foreign_invoice(cls, env, company):
        partner = env["res.partner"].create(
            {"name": f"{MARK} Customer", "company_id": company.id, "email": "f@x.com"}
        )
        invoice = cls._create_invoice(
            partner.with_env(cls.env), amount=AMOUNT, due=-10, company=company
        )
        return partner, invoice.with_env(env)

    # ------------------------------------------------------------------
    # WHAT IS TRIED
    # ------------------------------------------------------------------

    def _get_own_models(self):
        return [name for name in self._get_models() if not self.env[name]._abstract]

    def _get_added_fields(self):
        """Return the fields that the addon gives to models of Odoo."""
        own = set(self._get_models())
        return [
            field
            for name in sorted(self.registry)
            if name not in own and not self.env[name]._abstract
            for field in self.env[name]._fields.values()
            if field.name.startswith("dunning_")
        ]

    def _get_ids(self, model):
        sample = self.samples.get(model) or self.dialogs["collector"].get(model)
        if sample:
            return sample.ids
        match model:
            case "res.company":
                return self.company.ids
            case "res.users":
                return self.collector.ids
            case "mail.template":
                return self.mail_template.ids
        # Any record is tried on, who may read it is what is asked.
        records_sudo = self.env[model].sudo()
        return records_sudo.search([], limit=1).ids

    def _get_given_models(self):
        """Return the models of ours on which a collector names other records."""
        return [
            model
            for model in self._get_own_models()
            if self._as("manager", model).has_access("create")
            or self._as("manager", model).has_access("write")
        ]

    def _new_vals(self, model):
        """Return values of which a record of ours can be made."""
        # Of what the system alone reads as well.
        sample_sudo = self._get_sample("manager", model).sudo()
        return {
            name: field.convert_to_write(sample_sudo[name], sample_sudo)
            for name, field in sample_sudo._fields.items()
            if field.required
            and field.store
            and field.type not in ("one2many", "many2many")
            and name not in ("id", "state", "kind", "execution", "origin", "scope")
        }

    # ------------------------------------------------------------------
    # TRYING
    # ------------------------------------------------------------------

    def _call(self, kind, model, method, *args, context=None):
        """Call a method as a client does.

        :return: what it answered, or the error
        """
        env = self.env(user=self.users[kind], su=False, context={})
        try:
            return call_kw(
                env[model], method, list(args), {"context": {**(context or {})}}
            )
        except Exception as error:
            return error

    def _change(self, kind, model, method, *args, context=None):
        """As :meth:`_call` for what writes: what it did is taken back, after the
        record that it made or changed was read altogether."""
        savepoint = self.env.cr.savepoint()
        try:
            result = self._call(kind, model, method, *args, context=context)
            if not isinstance(result, Exception):
                self.env.flush_all()
                ids = args[0] if method == "write" else [result]
                result = self._call(kind, model, "read", ids)
        except Exception as error:
            result = error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return result

    def _get_readings(self, field, ids):
        """Yield each way to learn something of a field: label, method, arguments."""
        name = field.name
        known = [("id", "in", ids)]
        yield "read", "read", (ids, [name])
        if not field.required:
            yield "search", "search", ([*known, (name, "!=", False)],)
        yield "order", "search", (known, 0, None, name)
        yield "group", "formatted_read_group", (known, [name], ["__count"])
        function = "sum" if field.type in NUMBERS else "count_distinct"
        aggregates = [f"{name}:{function}"]
        yield "aggregate", "formatted_read_group", (known, [], aggregates)
        yield "onchange", "onchange", ([], {}, [], {name: {}})

    def _get_more_readings(self, field, ids):
        """As above, for fields whose model people may read."""
        name = field.name
        known = [("id", "in", ids)]
        yield from self._get_readings(field, ids)
        yield "web_read", "web_read", (ids, {name: {}})
        yield "export", "export_data", (ids, [name])
        for operator, value in CONDITIONS:
            if value is False and field.required:
                # True of every record, whatever the field holds.
                continue
            if value is not False and field.type == "binary":
                continue
            condition = (name, operator, value)
            yield f"search {operator}", "search", ([*known, condition],)
        yield "array", "formatted_read_group", (known, [], [f"{name}:array_agg"])
        yield "onchange", "onchange", (ids, {}, [], {name: {}})
        yield "web_search_read", "web_search_read", (known, {name: {}}, 0, None, name)
