"""Sets bpgui up from a fresh clone, and runs, tests or measures it. Needs Python 3.11 alone.

    python3 packaging/dev.py run [PRESET]
    python3 packaging/dev.py test [PYTEST ARGUMENTS]
    python3 packaging/dev.py build [--archive] [--output FOLDER]
    python3 packaging/dev.py bench [NAMES...] [--json FILE] [--pairs N] [--quick]

This file only looks at the version, in words that an old Python can still read; the rest stands
beside it.
"""

import sys

# mypy: allow-untyped-defs, allow-untyped-calls

OLDEST = (3, 11)


def complaint(version, executable):
    """What to tell the user of a Python that is too old; empty for one that is new enough."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    found = ".".join(str(number) for number in version[:3])
    return "\n".join(
        [
            "bpgui needs Python 3.11 or newer; this is Python " + found + " (" + executable + ").",
            "Install a newer one and start this file with it, for example:",
            "    python3.11 packaging/dev.py run",
        ]
    )


if __name__ == "__main__":
    too_old = complaint(sys.version_info, sys.executable)
    if too_old:
        sys.stderr.write(too_old + "\n")
        sys.exit(2)

    import dev_commands

    sys.exit(dev_commands.main(sys.argv[1:]))
