"""Texts that were shipped with the addon and belong to their users since: an update
replaces the sentences of them that are still there."""

import json
from collections.abc import Iterable

# Pairs of what was shipped and what is.
Sentences = Iterable[tuple[str, str]]


def replace(text: str | None, sentences: Sentences) -> str | None:
    """Return a text with its shipped sentences replaced.

    >>> replace("<p>Pay the items.</p>", [("the items", "what is listed")])
    '<p>Pay what is listed.</p>'
    """
    for before, after in sentences:
        text = text and text.replace(before, after)
    return text


def update(env, names: Iterable[str], sentences: Sentences) -> None:
    """Replace the shipped sentences of e-mails and letters, in each language. By SQL: a
    write in one language would make the others its translations.

    :param env: of who updates
    :param names: XML ids in this addon; those that were deleted are passed over
    """
    for name in names:
        template = env.ref(f"account_dunning.{name}", raise_if_not_found=False)
        if not template:
            continue
        env.cr.execute(
            "SELECT body_html FROM mail_template WHERE id = %s", [template.id]
        )
        [body] = env.cr.fetchone()
        changed = {
            lang: replace(text, sentences) for lang, text in (body or {}).items()
        }
        if changed != body:
            env.cr.execute(
                "UPDATE mail_template SET body_html = %s WHERE id = %s",
                [json.dumps(changed), template.id],
            )
            template.invalidate_recordset(["body_html"])
