"""Check this proof file: python3 -I check.py [the ZIP, or the folder it was unpacked to]

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
        yield "file not in the manifest: %s" % name
    for name, entry in sorted(known.items()):
        if name not in names:
            yield "file missing: %s" % name
            continue
        with source.open(name) as file:
            if digest_file(file) != entry["sha256"]:
                yield "file changed: %s" % name


def check_chains(seals):
    heads = {}
    for seal in seals:
        number, previous = heads.get(seal["chain"], (0, START))
        where = "seal %s of chain %s (%s)" % (
            seal["number"],
            seal["chain"],
            seal["name"],
        )
        if seal["number"] != number + 1 or seal["previous"] != previous:
            yield "chain broken before %s" % where
        parts = [seal["previous"], seal["number"], seal["model"], seal["res_id"]]
        parts += [seal["moment"], seal["user_id"], int(seal["final"]), seal["content"]]
        if digest("\n".join(str(part) for part in parts)) != seal["hash"]:
            yield "changed: %s" % where
        heads[seal["chain"]] = (seal["number"], seal["hash"])


def check_heads(seals, manifest):
    last = {seal["chain"]: seal["hash"] for seal in seals}
    for chain, head in manifest["heads"].items():
        if last.get(int(chain), START) != head:
            yield "the end of chain %s is missing" % chain


def check_records(records, seals):
    last = {(seal["model"], seal["res_id"]): seal for seal in seals}
    for record in records:
        seal = last.get((record["model"], record["res_id"]))
        if seal is None:
            if record["final"]:
                yield "never sealed: %s" % record["name"]
        elif seal["final"] and record["content"] is None:
            yield "deleted: %s" % record["name"]
        elif seal["final"] and digest(canonical(record["content"])) != seal["content"]:
            yield "changed since it was done: %s" % record["name"]


def check_texts(source, records):
    for record in records:
        path = record.get("text")
        if path and record["content"]:
            with source.open(path) as file:
                text = file.read().partition(b"\n")[2]
            if hashlib.sha256(text).hexdigest() != record["content"]["body"]:
                yield "another text than the one that was sent: %s" % path


def check_attached(manifest, records):
    known = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    for record in records:
        for path, sha256 in record.get("files", {}).items():
            if known.get(path) != sha256:
                yield "another file than the one that was recorded: %s" % path


def check(source):
    with source.open("manifest.json") as file:
        manifest = json.loads(file.read().decode())
    seals = read_lines(source, "chain.jsonl")
    records = read_lines(source, "records.jsonl")
    problems = list(check_files(source, manifest))
    problems += check_chains(seals)
    problems += check_heads(seals, manifest)
    problems += check_records(records, seals)
    problems += check_texts(source, records)
    problems += check_attached(manifest, records)
    return manifest, records, problems


def main(arguments):
    # No console is to stop it: what it cannot show is shown as a question mark.
    sys.stdout.reconfigure(errors="replace")
    path = arguments[0] if arguments else HERE
    source = Folder(path) if os.path.isdir(path) else Archive(path)
    manifest, records, problems = check(source)
    print("%s, %s" % (manifest["title"], manifest["made"]))
    for problem in problems:
        print("PROBLEM: %s" % problem)
    if problems:
        print("%d problems" % len(problems))
        return 1
    print(
        "All is right: %d files, %d records." % (len(manifest["files"]), len(records))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
