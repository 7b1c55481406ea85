"""Write what the installed packages say of their versions and licenses, for a frozen program.

    python packaging/make_licenses.py FILE

The program looks for FILE as resources/licenses/packages.json; run this with the Python whose
packages are frozen. Where packages are installed, nothing needs to be written: bpgui reads their
metadata itself.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bpgui.licenses import packages


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    write_packages(Path(arguments[0]))
    return 0


def write_packages(path: Path) -> None:
    values = [asdict(package) for package in packages()]
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
