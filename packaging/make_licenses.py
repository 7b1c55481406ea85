"""Write what a frozen program is made of, with versions and licenses, as bpgui cannot ask there.

    python packaging/make_licenses.py FILE [LIBRARY ...]

The program looks for FILE as resources/licenses/packages.json. It tells of the packages of the
Python that runs this, which are those that are frozen, and of the Debian packages which the named
libraries of the system come from. Where bpgui is installed nothing needs to be written: it reads
the packages' metadata itself.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bpgui.licenses import RULE, Component, packages

COMMON = Path("/usr/share/common-licenses")
FIELDS = "${Package}\t${source:Package}\t${source:Version}\n"
# Where a distribution has the source of a package, as the licenses of some ask to be told.
SOURCES = {
    "debian": "https://sources.debian.org/src/{name}/{version}/",
    "ubuntu": "https://launchpad.net/ubuntu/+source/{name}/{version}",
}


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    write_packages(Path(arguments[0]), map(Path, arguments[1:]))
    return 0


def write_packages(path: Path, libraries: Iterable[Path] = ()) -> None:
    """Libraries that came with a Python package, or that no Debian package holds, add nothing."""
    values = [asdict(component) for component in (*packages(), *system_packages(libraries))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- libraries of the system ----------------------------------------------------------------------


def system_packages(libraries: Iterable[Path]) -> list[Component]:
    """The sources of the Debian packages of libraries, and the licenses they only refer to."""
    names = owners(libraries)
    if not names:
        return []
    lines = _dpkg("--show", f"--showformat={FIELDS}", *names).splitlines()
    found = list(dict.fromkeys(_component(*line.split("\t")) for line in lines))
    texts = "\n".join(component.text for component in found)
    common = sorted(set(re.findall(rf"{COMMON}/([\w.+-]*\w)", texts)))
    return [*found, _common(common)] if common else found


def owners(libraries: Iterable[Path]) -> list[str]:
    """Names of the Debian packages that hold any of the files; none on a system without dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    places: set[str] = set()
    for library in libraries:
        place = str(library.resolve())
        # since /lib is a link to /usr/lib, packages name files of theirs by either
        places |= {place, place.removeprefix("/usr") if place.startswith("/usr/lib") else place}
    lines = _dpkg("--search", *sorted(places)).splitlines() if places else []
    return sorted({line.rpartition(": ")[0] for line in lines})


def _component(package: str, name: str, version: str) -> Component:
    text = Path("/usr/share/doc", package, "copyright").read_text(encoding="utf-8").strip()
    short = re.findall(r"^License: *(\S.*?) *$", text, re.MULTILINE)
    label = (short[0] + " and others" * (len(set(short)) > 1)) if short else "as its text says"
    place = SOURCES.get(platform.freedesktop_os_release()["ID"], "")
    source = place.format(name=name, version=version)
    return Component(name, version, f"system library, {label}", source, text)


def _common(names: Iterable[str]) -> Component:
    text = RULE.join((COMMON / name).read_text(encoding="utf-8").strip() for name in names)
    return Component("Licenses of system libraries", "", ", ".join(names), "", text)


def _dpkg(*arguments: str) -> str:
    """What dpkg-query prints; it fails when some of the files belong to no package."""
    command = ("dpkg-query", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
