"""The software that bpgui is made of, with versions and license texts.

Packages tell these themselves: what is installed beside bpgui is read from its metadata, so it is
right for every environment. A frozen program has no metadata; there `packages.json` among the
resources, written by `packaging/make_licenses.py` when it is built, says the same. What no metadata
tells (Python, Qt's libraries, fonts within packages) is in `resources/licenses/components.json`.
"""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from bpgui.paths import resources

PROGRAM = "bpgui"
RULE = "\n\n" + "=" * 78 + "\n\n"
HOME_LABELS = ("homepage", "home", "source", "source-code", "repository", "documentation")
TOLD = re.compile(r"licen[cs]e|copying|notice|sboms/", re.IGNORECASE)
CODE = (".py", ".pyc", ".pyi", ".json")


@dataclass(frozen=True, slots=True)
class Component:
    """Something bpgui uses or contains; `version` is empty where it has none that matters."""

    name: str
    version: str
    license: str
    homepage: str
    text: str


def components() -> tuple[Component, ...]:
    """All that bpgui is made of: itself first, then by name."""
    notes = json.loads((_folder() / "components.json").read_text(encoding="utf-8"))
    found = packages()
    versions = {package.name: package.version for package in found}
    versions["Python"] = platform.python_version()
    texts = notes["additions"]
    found = tuple(_with_texts(package, texts.get(_key(package.name), ())) for package in found)
    others = tuple(
        Component(
            name=note["name"],
            version=versions.get(note["version_of"], ""),
            license=note["license"],
            homepage=note["homepage"],
            text=RULE.join(map(_text, note["texts"])),
        )
        for note in notes["components"]
    )
    return tuple(sorted(found + others, key=lambda one: (one.name != PROGRAM, one.name.lower())))


def packages() -> tuple[Component, ...]:
    """bpgui and the installed packages that it needs at run time, whichever needs them."""
    frozen = _folder() / "packages.json"
    if frozen.is_file():
        found = json.loads(frozen.read_text(encoding="utf-8"))
        return tuple(Component(**package) for package in found)
    return tuple(map(_component, _closure(PROGRAM)))


# --- what packages tell ---------------------------------------------------------------------------


def _closure(name: str) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        key = _key(waiting.pop())
        if key in found:
            continue
        try:
            package = distribution(key)
        except PackageNotFoundError:  # needed on other systems only
            continue
        found[key] = package
        waiting += [
            re.split(r"[^\w.-]", need, maxsplit=1)[0]
            for need in package.requires or ()
            if not re.search(r"\bextra\s*==", need)
        ]
    return list(found.values())


def _component(package: Distribution) -> Component:
    metadata: Any = package.metadata
    return Component(
        name=metadata["Name"],
        version=package.version,
        license=_license(metadata),
        homepage=_homepage(metadata),
        text=RULE.join(_texts(package)),
    )


def _license(metadata: Any) -> str:
    """As an SPDX expression where there is one, else in the package's own few words."""
    plain = metadata["License-Expression"] or metadata["License"] or ""
    if plain and "\n" not in plain:
        return str(plain)
    classes = [entry.split(" :: ") for entry in metadata.get_all("Classifier", ())]
    return " AND ".join(parts[-1] for parts in classes if parts[0] == "License")


def _homepage(metadata: Any) -> str:
    links = {"homepage": metadata["Home-page"]} if metadata["Home-page"] else {}
    for entry in metadata.get_all("Project-URL", ()):
        label, _, link = entry.partition(",")
        links.setdefault(label.strip().lower().replace(" ", "-"), link.strip())
    return next((links[label] for label in HOME_LABELS if label in links), "")


def _texts(package: Distribution) -> list[str]:
    """The license files that a package declares, those it holds besides, for something it copied
    for one, and what it says to be compiled into it; each text once."""
    names = package.metadata.get_all("License-File", ())
    declared = [package.read_text(f"licenses/{name}") or package.read_text(name) for name in names]
    held = [
        file.read_text(encoding="utf-8")
        for file in _files(package)
        if TOLD.search(file.name) and file.suffix not in CODE
    ]
    texts = [text.strip() for text in (*declared, *held) if text]
    return list(dict.fromkeys(texts)) + _compiled_in(package)


def _files(package: Distribution) -> list[Path]:
    """What the package installed; `Distribution.files` takes long for the thousands of Qt's."""
    record = package.read_text("RECORD") or ""
    names = (line.rsplit(",", 2)[0].strip('"') for line in record.splitlines())
    return [Path(str(package.locate_file(name))) for name in names if TOLD.search(name)]


def _compiled_in(package: Distribution) -> list[str]:
    """The parts that a package's bills of materials (CycloneDX) list, one a line."""
    lines = []
    for file in _files(package):
        if file.parent.name == "sboms":
            parts = json.loads(file.read_text(encoding="utf-8")).get("components", ())
            lines += [_part(part) for part in parts if part.get("scope") != "excluded"]
    return ["\n".join(["It contains, in compiled form:", "", *lines])] if lines else []


def _part(part: dict[str, Any]) -> str:
    licenses = " AND ".join(
        entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
        for entry in part.get("licenses", ())
    )
    by = f" by {part['author']}" if "author" in part else ""
    return f"{part['name']} {part.get('version', '')}{by}: {licenses}"


# --- what is kept with bpgui ----------------------------------------------------------------------


def _with_texts(package: Component, names: tuple[str, ...] | list[str]) -> Component:
    texts = [package.text, *map(_text, names)]
    return replace(package, text=RULE.join(filter(None, texts)))


def _text(name: str) -> str:
    return (_folder() / name).read_text(encoding="utf-8").strip()


def _folder() -> Path:
    return resources() / "licenses"


def _key(name: str) -> str:
    """A package's name as comparisons need it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
