"""python -m tests.audit: known holes, licences and age of what is installed. What could not be checked is said so.

Exit code 1: a known hole, a licence that is refused, or one that nobody knows. What was *not checked* alone is 0: it
is no finding, and it is printed as what it is.
"""

import re
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

REFUSED = re.compile(r"\bA(?:ffero )?GPL|Affero|SSPL|Business Source|Commons Clause", re.IGNORECASE)
# What is free, by the words that packages use for it. Weak copyleft is used unchanged, as a library.
KNOWN = re.compile(r"MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|LGPL|Lesser|GPL|Unlicense|Zlib|HPND|ZPL|Zope|"
                   r"CC0|Public Domain|0BSD|WTFPL|PIL|Artistic|EPL|Eclipse|OFL|BlueOak", re.IGNORECASE)  # fmt: skip


def licence(found: Distribution) -> str:
    """What a package says of its licence: expression, classifiers, or a short word; '' where it says nothing."""
    meta = found.metadata
    if said := meta.get("License-Expression"):
        return said
    classes = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier", []) if line.startswith("License ::")]
    classes = [name for name in classes if name != "OSI Approved"]
    if classes:
        return ", ".join(classes)
    if (said := " ".join((meta.get("License") or "").split())) and said != "UNKNOWN":
        return said[:60]
    for file in found.files or ():
        if re.fullmatch(r"(LICEN[CS]E|COPYING)[\w.-]*", file.name, re.IGNORECASE):
            text = Path(str(found.locate_file(file)))
            head = text.read_text("utf-8", "replace")[:2000] if text.exists() else ""
            if names := KNOWN.search(head):
                return f"{names[0]} (its file {file.name})"
    return ""


def asked(*more: str) -> tuple[int, str]:
    """pip-audit's exit code and words."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", "10", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    return done.returncode, f"{done.stdout}\n{done.stderr}"


def knows_holes() -> bool:
    """Whether the data that pip-audit reaches tell of a hole that has been known since 2014 (CVE-2014-1402).

    A mirror of a registry may answer without them; pip-audit takes that for "no known vulnerabilities".
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("jinja2==2.4.1\n")
        file.flush()
        _, said = asked("--no-deps", "--disable-pip", "-r", file.name)
    return "Found " in said and "jinja2" in said.lower()


def holes() -> tuple[str, bool]:
    """What pip-audit says of known holes, and whether that is a finding."""
    try:
        if not knows_holes():
            return "NOT CHECKED: the data that are reached here know of no hole at all; run it where they do", False
        code, said = asked("--skip-editable")
    except (subprocess.TimeoutExpired, OSError) as error:
        return (
            f"NOT CHECKED: pip-audit did not answer ({type(error).__name__}); run it where its data are reached",
            False,
        )
    if code == 0 and "No known vulnerabilities found" in said:
        return "checked: no known hole", False
    if re.search(r"Found \d+ known vulnerabilit", said):
        return f"FOUND:\n{said}", True
    why = next((line for line in reversed(said.strip().splitlines()) if line.strip()), "no words")
    return f"NOT CHECKED: the data of pip-audit could not be had ({why[:120]}); run it where they can be reached", False


def main() -> int:
    """Print what was found; see the module."""
    wrong = []
    told, found = holes()
    print(f"known holes: {told}")
    if found:
        wrong.append("known holes")
    rows = sorted(
        {(one.metadata["Name"], one.version, licence(one)) for one in distributions() if one.metadata["Name"]}
    )
    for name, version, said in rows:
        if not said or not KNOWN.search(said) or REFUSED.search(said):
            wrong.append(f"{name} {version}: licence {said or 'unknown'}")
    kinds: dict[str, int] = {}
    for _, _, said in rows:
        kinds[said or "unknown"] = kinds.get(said or "unknown", 0) + 1
    print(
        f"licences of {len(rows)} packages: "
        + "; ".join(f"{said} {n}" for said, n in sorted(kinds.items(), key=lambda i: -i[1]))
    )
    print("age: NOT CHECKED: an installed package does not say when it was released; ask its registry")
    print(*(f"REFUSED: {line}" for line in wrong), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
