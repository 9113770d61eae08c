"""Models that inherit from an abstract one: a new one is found without being named."""


def get_family(env, name: str) -> list:
    """Return the models that inherit from an abstract one, in the order in which they
    were loaded.

    :param env: an environment
    :param name: name of the abstract model
    :return: empty recordsets
    """
    return [env[x] for x in env.registry.descendants([name], "_inherit") if x != name]


def get_heirs(env, name: str) -> list:
    """Return those of :func:`get_family` that have records."""
    return [model for model in get_family(env, name) if not model._abstract]
