"""Marks in a context of what the system does: nobody can send them from outside."""


class Mark:
    """An object, whereas what comes from outside are texts, numbers, lists.

    >>> from types import SimpleNamespace
    >>> mark = Mark("dunning_example")
    >>> mark.is_set(SimpleNamespace(context=mark.context))
    True
    >>> mark.is_set(SimpleNamespace(context={"dunning_example": True}))
    False
    """

    def __init__(self, key: str):
        self.key = key

    @property
    def context(self) -> dict:
        """The context that has the mark."""
        return {self.key: self}

    def is_set(self, env) -> bool:
        """Return whether the context of an environment has the mark."""
        return env.context.get(self.key) is self
