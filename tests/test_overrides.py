import inspect

from odoo.tests import TransactionCase, tagged

ADDON = "odoo.addons.account_dunning."


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    """A model is made of many classes: none takes the place of another's method without
    knowing it."""

    def test_no_method_takes_the_place_of_another_by_accident(self):
        """Whoever defines a method again calls the former one, or says that it is
        overridden."""
        found, wrong = 0, []
        for model_name, model in self.registry.items():
            classes = [cls for cls in model.mro() if cls.__module__.startswith(ADDON)]
            for number, cls in enumerate(classes):
                for name, value in vars(cls).items():
                    function = inspect.unwrap(getattr(value, "__func__", value))
                    if not inspect.isfunction(function) or not any(
                        name in vars(former) for former in classes[number + 1 :]
                    ):
                        continue
                    found += 1
                    source = inspect.getsource(function)
                    if "super(" not in source and "# OVERRIDES" not in source:
                        wrong.append(f"{model_name}.{name} in {cls.__module__}")
        self.assertGreater(found, 50, "there is something to look at")
        self.assertEqual(wrong, [])
