"""Runs the program: as a process of its own, as its users do, or quicker within this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bpgui.cli import main
from bpgui.experiment.builtin import find

TWO_INPUTS = "two-inputs-fixed-biases"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """The one JSON object on standard output; NaN and infinity are none."""
        assert self.out.count("\n") == 1
        found: dict[str, Any] = json.loads(self.out, parse_constant=pytest.fail)
        return found

    def refused(self, *parts: str) -> None:
        """It ended as wrong input does: exit 2, nothing printed, no traceback."""
        assert (self.code, self.out) == (2, "")
        assert "Traceback" not in self.err
        for part in parts:
            assert part in self.err


Run: TypeAlias = Callable[..., Ended]


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Runs `bpgui` with the given arguments, in an empty folder, as a process of its own."""

    def run(*arguments: str | Path) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "bpgui", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def bpgui(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """The same within this process, which spares the start."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(list(map(str, arguments)))
        captured = capsys.readouterr()
        return Ended(ended.value.code or 0, captured.out, captured.err)

    return run


@pytest.fixture
def preset(tmp_path: Path) -> Callable[..., Path]:
    """Writes a built-in preset with some values changed, such as training__stop={}."""

    def write(file: str = "mine.json", of: str = TWO_INPUTS, **changes: Any) -> Path:
        raw = json.loads(find(of).read_text(encoding="utf-8"))
        for place, value in changes.items():
            *way, last = place.split("__")
            part = raw
            for key in way:
                part = part[key]
            part[last] = value
        path = tmp_path / file
        path.write_text(json.dumps(raw), encoding="utf-8")
        return path

    return write
