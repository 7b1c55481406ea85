"""What commands print: tables, one JSON object, errors, and progress that only a terminal sees."""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO, TypeAlias

DONE, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130
NOT_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE)

Advance: TypeAlias = Callable[[int, int | None], None]

COLORS = {
    "ok": "32",
    "good": "32",
    "kink": "33",
    "doubtful": "33",
    "wrong": "31",
    "FAILED": "31",
    "diverged": "31",
}


class InputError(Exception):
    """What the user gave is wrong: one line per thing that is, each with its place."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def exit_code(command: Callable[[], int]) -> int:
    """Run a command for its exit code; what the user can mend is told without a traceback."""
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()  # where a reader that has gone is noticed, typer takes it calmly
    except InputError as error:
        say_error(*error.lines)
        code = WRONG_INPUT
    except MemoryError:
        say_error("there is not enough memory for this")
        code = WRONG_INPUT
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        code = INTERRUPTED
    return code


@contextlib.contextmanager
def writing_output() -> Iterator[None]:
    """Ends the process in one line where standard output takes no more, as on a full disk, and in
    none where its reader has gone."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.errno not in NOT_WRITTEN or error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at the end
        if error.errno == errno.EPIPE:
            sys.exit(FAILED)
        say_error(f"standard output cannot be written: {(error.strerror or str(error)).lower()}")
        sys.exit(WRONG_INPUT)


def say_error(*lines: str) -> None:
    for line in lines:
        print(f"error: {printable(line)}", file=sys.stderr)


def say_hint(line: str) -> None:
    print(f"hint: {printable(line)}", file=sys.stderr)


def print_json(value: Mapping[str, Any]) -> None:
    """One object on standard output; what is not finite, which JSON cannot say, becomes null."""
    print(json.dumps(finite(value), allow_nan=False, indent=2 if sys.stdout.isatty() else None))


def finite(value: Any) -> Any:
    """The same nested value, with NaN and infinity replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def printable(text: str) -> str:
    """The text on one line, without what would steer a terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> None:
    """Columns two spaces apart; `align` has an l or r for each."""
    from rich.cells import cell_len

    lines = [list(map(printable, line)) for line in (heads, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = []
        for cell, width, side in zip(line, widths, align, strict=True):
            gap = " " * (width - cell_len(cell))
            padded.append(gap + _colored(cell) if side == "r" else _colored(cell) + gap)
        print("  ".join(padded).rstrip())


def print_facts(facts: Mapping[str, str]) -> None:
    """A name and a value on each line."""
    width = max(map(len, facts))
    for name, value in facts.items():
        print(f"{name:<{width}}  {_colored(printable(value))}")


def _colored(cell: str) -> str:
    if cell in COLORS and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        return f"\x1b[{COLORS[cell]}m{cell}\x1b[0m"
    return cell


def number(value: float | None) -> str:
    """Every digit that tells the number from its neighbors."""
    return "-" if value is None else repr(float(value))


@contextlib.contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Yields a function of (done, total or None), drawn on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text file that appears under its name only when all of it is written.

    Raises InputError where it cannot be made; what was there before stays until then.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give a file name")
    target = path.resolve()
    beside = target.with_name(f".{target.name[:100]}.{os.urandom(4).hex()}.part")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be written: {reason}") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
