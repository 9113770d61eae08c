from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestNames(TransactionCase):
    """Records are found by what they are called."""

    @mute_logger("odoo.models")
    def test_records_of_each_model_are_looked_for_by_name(self):
        """Whatever a name is worked out from."""
        models = [
            model
            for model in self.env.registry.values()
            if model._original_module == "account_dunning" and not model._abstract
        ]
        self.assertGreater(len(models), 100)
        for model in models:
            with self.subTest(model=model._name):
                self.env[model._name].name_search("INV/2026/0001")

    def test_the_first_note_of_each_record_is_of_no_gender(self):
        threads = [
            model._name
            for model in self.env.registry.values()
            if model._original_module == "account_dunning"
            and not model._abstract
            and "message_ids" in model._fields
        ]
        self.assertGreater(len(threads), 5)
        for name in threads:
            with self.subTest(model=name):
                record = self.env[name].new({})
                self.assertRegex(record._creation_message(), "^Created: ")
