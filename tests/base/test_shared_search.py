from odoo.tests import tagged

from .rights_common import RightsCommon


@tagged("post_install", "-at_install")
class TestSharedSearch(RightsCommon):
    """Records that companies share do not tell one what the other keeps of them."""

    def _get_kept(self):
        """Yield the relations of Odoo's models to ours: model and field."""
        ours = set(self._get_models())
        for name, model in self.env.items():
            if name in ours or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.type == "one2many" and field.comodel_name in ours:
                    yield model.with_context(active_test=False), field.name

    def test_nobody_of_another_company_finds_records_by_what_is_kept_of_them(self):
        other = self._create_second_company()
        user = self._create_user("elsewhere", "group_dunning_manager", other)
        known = set()
        for model, name in self._get_kept():
            # What there is does not depend on who asks.
            kept_sudo = model.sudo().search([(name, "!=", False)])
            theirs = model.with_user(user).sudo(False)
            theirs = theirs.with_context(allowed_company_ids=other.ids)
            if not kept_sudo or not theirs.browse(kept_sudo.ids)._filtered_access(
                "read"
            ):
                continue
            known.add((model._name, name))
            ids = kept_sudo[name].ids
            for operator, value in (("!=", False), ("in", ids), ("=", ids[0])):
                with self.subTest(model=model._name, field=name, operator=operator):
                    found = theirs.search([(name, operator, value)])
                    self.assertFalse(found & theirs.browse(kept_sudo.ids))
        self.assertGreater(len(known), 5)
