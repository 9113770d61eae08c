"""Check this proof file: python3 -I check.py [--fr | --en] [the ZIP, or its folder]

Vérifier ce dossier de preuve :
python3 -I check.py [--fr | --en] [le ZIP, ou son dossier]

Needs Python 3.8 or later and nothing else. Checks that each file is the one that the
manifest names, that the chain of seals is unbroken, and that each record says what it
said when it was sealed. Ends with 0 if all is right, with 1 otherwise.
"""

import hashlib
import json
import os
import sys
import zipfile

START = "0" * 64
CHUNK = 1024 * 1024
HERE = os.path.dirname(os.path.abspath(__file__))

# What is said, in other languages than English.
FRENCH = {
    "file not in the manifest: %s": "fichier absent du manifeste : %s",
    "file missing: %s": "fichier manquant : %s",
    "file changed: %s": "fichier modifié : %s",
    "seal %s of chain %s (%s)": "le sceau %s de la chaîne %s (%s)",
    "chain broken before %s": "chaîne rompue avant %s",
    "changed: %s": "modifié : %s",
    "the end of chain %s is missing": "la fin de la chaîne %s manque",
    "never sealed: %s": "jamais scellé : %s",
    "deleted: %s": "supprimé : %s",
    "changed since it was done: %s": "modifié depuis : %s",
    "another text than the one that was sent: %s": "autre texte que l’envoi : %s",
    "another file than the one that was recorded: %s": (
        "autre fichier que celui qui a été enregistré : %s"
    ),
    "PROBLEM: %s": "PROBLÈME : %s",
    "Problems: %d": "Problèmes : %d",
    "All is right: %d files, %d records.": (
        "Tout est en ordre : %d fichiers, %d enregistrements."
    ),
}
LANGUAGES = {"fr": FRENCH, "en": {}}
said = {}


def say(text, *values):
    """Return a text in the language that was asked for."""
    return said.get(text, text) % values


class Folder:
    """An unpacked proof file."""

    def __init__(self, path):
        self.path = path

    def names(self):
        found = []
        for folder, _folders, files in os.walk(self.path):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.path)
                found.append(path.replace(os.sep, "/"))
        return found

    def open(self, name):
        return open(os.path.join(self.path, *name.split("/")), "rb")


class Archive:
    """A proof file as it was downloaded."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)

    def names(self):
        return self.zip.namelist()

    def open(self, name):
        return self.zip.open(name)


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_file(file):
    result = hashlib.sha256()
    while True:
        chunk = file.read(CHUNK)
        if not chunk:
            return result.hexdigest()
        result.update(chunk)


def read_lines(source, name):
    with source.open(name) as file:
        return [json.loads(line) for line in file.read().decode().splitlines()]


def canonical(content):
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def check_files(source, manifest):
    names = set(source.names()) - {"manifest.json"}
    known = {entry["path"]: entry for entry in manifest["files"]}
    for name in sorted(names - set(known)):
        yield say("file not in the manifest: %s", name)
    for name, entry in sorted(known.items()):
        if name not in names:
            yield say("file missing: %s", name)
            continue
        with source.open(name) as file:
            if digest_file(file) != entry["sha256"]:
                yield say("file changed: %s", name)


def check_chains(seals):
    heads = {}
    for seal in seals:
        number, previous = heads.get(seal["chain"], (0, START))
        where = say(
            "seal %s of chain %s (%s)", seal["number"], seal["chain"], seal["name"]
        )
        if seal["number"] != number + 1 or seal["previous"] != previous:
            yield say("chain broken before %s", where)
        parts = [seal["previous"], seal["number"], seal["model"], seal["res_id"]]
        parts += [seal["moment"], seal["user_id"], int(seal["final"]), seal["content"]]
        if digest("\n".join(str(part) for part in parts)) != seal["hash"]:
            yield say("changed: %s", where)
        heads[seal["chain"]] = (seal["number"], seal["hash"])


def check_heads(seals, manifest):
    last = {seal["chain"]: seal["hash"] for seal in seals}
    for chain, head in manifest["heads"].items():
        if last.get(int(chain), START) != head:
            yield say("the end of chain %s is missing", chain)


def check_records(records, seals):
    last = {(seal["model"], seal["res_id"]): seal for seal in seals}
    for record in records:
        seal = last.get((record["model"], record["res_id"]))
        if seal is None:
            if record["final"]:
                yield say("never sealed: %s", record["name"])
        elif seal["final"] and record["content"] is None:
            yield say("deleted: %s", record["name"])
        elif seal["final"] and digest(canonical(record["content"])) != seal["content"]:
            yield say("changed since it was done: %s", record["name"])


def check_texts(source, records):
    for record in records:
        path = record.get("text")
        if path and record["content"]:
            with source.open(path) as file:
                text = file.read().partition(b"\n")[2]
            if hashlib.sha256(text).hexdigest() != record["content"]["body"]:
                yield say("another text than the one that was sent: %s", path)


def check_attached(manifest, records):
    known = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    for record in records:
        for path, sha256 in record.get("files", {}).items():
            if known.get(path) != sha256:
                yield say("another file than the one that was recorded: %s", path)


def read_manifest(source):
    with source.open("manifest.json") as file:
        return json.loads(file.read().decode())


def check(source, manifest):
    seals = read_lines(source, "chain.jsonl")
    records = read_lines(source, "records.jsonl")
    problems = list(check_files(source, manifest))
    problems += check_chains(seals)
    problems += check_heads(seals, manifest)
    problems += check_records(records, seals)
    problems += check_texts(source, records)
    problems += check_attached(manifest, records)
    return records, problems


def main(arguments):
    # No console is to stop it: what it cannot show is shown as a question mark.
    sys.stdout.reconfigure(errors="replace")
    asked = [one[2:] for one in arguments if one[:2] == "--" and one[2:] in LANGUAGES]
    paths = [one for one in arguments if one[:2] != "--"]
    path = paths[0] if paths else HERE
    source = Folder(path) if os.path.isdir(path) else Archive(path)
    manifest = read_manifest(source)
    # In the language of who has made it, unless another one is asked for.
    language = asked[-1] if asked else manifest.get("lang", "en")[:2]
    said.update(LANGUAGES.get(language, {}))
    records, problems = check(source, manifest)
    print(manifest["title"], manifest["made"], sep=", ")
    for problem in problems:
        print(say("PROBLEM: %s", problem))
    if problems:
        print(say("Problems: %d", len(problems)))
        return 1
    print(
        say(
            "All is right: %d files, %d records.",
            len(manifest["files"]),
            len(records),
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
