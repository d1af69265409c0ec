"""Checks of the sources that no compiler makes. Each check yields "FILE:LINE: what is wrong"."""

import os
import re
import subprocess

ROOMS = ["base", "policy", "traces", "record", "scenario", "sim", "live", "operate", "lambda", "twin", "study", "reports", "cli"]
PURE_ROOMS = ["policy", "sim"]
LINES_AT_MOST = 900
TEXT_ENDINGS = (".c", ".h", ".py", ".sh", ".md", ".cmake", ".txt", ".json")
TEXT_NAMES = ("dev", "run", ".clang-format", ".clang-tidy", ".gitignore")
# Input for tests may be as broken as the test wants.
DATA_FOLDERS = ("tests/data/", "tests/fuzz/corpus/")

# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.~/-])/" + r"(?:work|root|home|Users)/[A-Za-z0-9_]")
IMPURE = re.compile(r"\b(time|gettimeofday|clock_gettime|clock|localtime|gmtime|rand|random|srand|drand48|rand_r"
                    r"|getenv|secure_getenv|getrandom|monotonic_ms)\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z_0-9]+)/')
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MODEL = "docs/model.md"
# Of its sections those that state no behaviour.
MODEL_WITHOUT_BEHAVIOUR = ("Left out", "How to read")
PROOF = re.compile(r"Proves docs/model\.md,(?: \"([^\"]+)\"\.)?")


def files_of(root):
    """Paths relative to root of every file that belongs to the project."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=False) if os.path.isdir(root + "/.git") else None
    if listed is not None and listed.returncode == 0:
        names = listed.stdout.decode().split("\0")[:-1]
        return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git" and not name.startswith("build")]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def is_text(name):
    return (name.endswith(TEXT_ENDINGS) or os.path.basename(name) in TEXT_NAMES) and not name.startswith(DATA_FOLDERS)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8", errors="replace") as file:
        return file.read()


def without_comments(text):
    """C text whose comments and strings are blanked, line by line as before."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def pure_rooms(root, names):
    for name in names:
        if name.split("/")[0] in PURE_ROOMS and name.endswith((".c", ".h")):
            for number, line in enumerate(without_comments(read(root, name)).split("\n"), 1):
                if match := IMPURE.search(line):
                    yield f"{name}:{number}: {match.group(1)}() in a room that reads no clock, luck or environment"


def rooms_in_order(root, names):
    for name in names:
        room = name.split("/")[0]
        if room not in ROOMS or not name.endswith((".c", ".h")):
            continue
        for number, line in enumerate(read(root, name).split("\n"), 1):
            match = INCLUDE.match(line)
            other = match.group(1) if match else None
            if other not in ROOMS:
                continue
            if ROOMS.index(other) > ROOMS.index(room) or {room, other} == {"sim", "live"}:
                yield f"{name}:{number}: {room} may not include {other}"


def finished(root, names):
    for name in filter(is_text, names):
        for number, line in enumerate(read(root, name).split("\n"), 1):
            if UNFINISHED.search(line):
                yield f"{name}:{number}: an unfinished mark"


def no_machine_paths(root, names):
    for name in filter(is_text, names):
        for number, line in enumerate(read(root, name).split("\n"), 1):
            if MACHINE_PATH.search(line):
                yield f"{name}:{number}: a path of somebody's machine"


def short_files(root, names):
    for name in names:
        if name.endswith((".c", ".h", ".py", ".sh")) or name == "dev":
            count = read(root, name).count("\n")
            if count > LINES_AT_MOST:
                yield f"{name}:{count}: {count} lines, more than {LINES_AT_MOST}: split it by idea"


def clean_lines(root, names):
    for name in filter(is_text, names):
        text = read(root, name)
        if text and not text.endswith("\n"):
            yield f"{name}:{text.count(chr(10)) + 1}: no newline at the end of the file"
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield f"{name}:{number}: a tab"
            if line != line.rstrip():
                yield f"{name}:{number}: trailing whitespace"


def guarded_headers(root, names):
    seen = {}
    for name in names:
        if not name.endswith(".h"):
            continue
        match = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", without_comments(read(root, name)), flags=re.M)
        if not match or match.group(1) != match.group(2):
            yield f"{name}:1: no include guard"
        elif match.group(1) in seen:
            yield f"{name}:1: the include guard {match.group(1)} is that of {seen[match.group(1)]}"
        else:
            seen[match.group(1)] = name


def anchor(heading):
    """The anchor that a heading of a Markdown page gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def links_resolve(root, names):
    for name in names:
        if not name.endswith(".md"):
            continue
        for number, line in enumerate(read(root, name).split("\n"), 1):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, fragment = target.partition("#")
                page = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
                if not os.path.exists(os.path.join(root, page)):
                    yield f"{name}:{number}: the link {target} leads nowhere"
                elif fragment and page.endswith(".md"):
                    headings = re.findall(r"^#+ (.*)$", read(root, page), flags=re.M)
                    if fragment not in map(anchor, headings):
                        yield f"{name}:{number}: the link {target} names no heading"


def no_dead_headers(root, names):
    """A header that nobody includes, unless it is installed for others."""
    sources = [name for name in names if name.endswith((".c", ".h"))]
    included = set()
    for name in sources:
        for target in re.findall(r'^\s*#\s*include\s+"([^"]+)"', read(root, name), flags=re.M):
            included.add(os.path.basename(target))
    for name in sources:
        if name.endswith(".h") and name.split("/")[0] in ROOMS and os.path.basename(name) not in included:
            yield f"{name}:1: nobody includes this header"


def sections_are_proved(root, names):
    """Each section of the model's page that states behaviour is named by a test that proves it, and no test names a
    section that is not there."""
    if MODEL not in names:
        return
    sections = {match.group(1): number for number, line in enumerate(read(root, MODEL).split("\n"), 1)
                if (match := re.match(r"## (.*)$", line))}
    proved = set()
    for name in names:
        if not name.startswith("tests/") or name.startswith("tests/lint/") or not name.endswith((".c", ".py", ".sh")):
            continue
        # A comment's line breaks are where its formatter puts them.
        text = re.sub(r"[ ]*\n[ ]*(?:[*#][ ]+)?", "\n", read(root, name))
        for match in PROOF.finditer(text.replace("\n", " ")):
            number = text[:match.start()].count("\n") + 1
            title = match.group(1)
            if title is None:
                yield f'{name}:{number}: write: Proves {MODEL}, "Section title".'
            elif title not in sections:
                yield f'{name}:{number}: {MODEL} has no section "{title}"'
            else:
                proved.add(title)
    for title, number in sections.items():
        if title not in proved and not title.startswith(MODEL_WITHOUT_BEHAVIOUR):
            yield (f'{MODEL}:{number}: no test names this section: write in the head of the one that proves it: '
                   f'Proves {MODEL}, "{title}".')


CHECKS = [pure_rooms, rooms_in_order, finished, no_machine_paths, short_files, clean_lines, guarded_headers,
          links_resolve, no_dead_headers, sections_are_proved]


def findings(root):
    names = files_of(root)
    for check in CHECKS:
        yield from check(root, names)
