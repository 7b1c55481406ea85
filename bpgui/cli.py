"""The program `bpgui`: a first argument that is no command is a preset to open in the window.

Exit codes: 0 done, 1 a check failed or a run diverged, 2 the input was wrong (one line per error on
standard error), 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from bpgui.commands import COMMANDS
from bpgui.commands.output import FAILED, exit_code, writing_output


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script; ends the process with the command's exit code."""
    if getattr(sys, "frozen", False):  # a worker process of the executable starts here, too
        import multiprocessing

        multiprocessing.freeze_support()
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # what a terminal cannot show must not stop us
            stream.reconfigure(errors="backslashreplace")
    if not given or not (given[0] in COMMANDS or given[0].startswith("-")):
        if len(given) < 2:
            _open_window(*given)
        given.insert(0, "window")
    from bpgui.commands.program import app

    with writing_output():
        app(given, prog_name="bpgui")
    sys.exit(FAILED)  # not reached: typer exits


def _open_window(*presets: str) -> NoReturn:
    """Past typer, which takes a while to load."""
    from bpgui.commands import window

    sys.exit(exit_code(lambda: window.show(presets, COMMANDS)))
