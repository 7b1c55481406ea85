"""bpgui export: train a preset, and write what came of it as a script, a table or a preset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bpgui.commands import output
from bpgui.commands.output import InputError
from bpgui.commands.source import find_preset, load_experiment, load_problem
from bpgui.commands.train import limited
from bpgui.exporting.kinds import KINDS, Trained, tells_course
from bpgui.exporting.recipe import ExportError
from bpgui.exporting.recorded import record
from bpgui.exporting.run_record import MOST_COLUMNS
from bpgui.training.snapshot import RunState


def run(preset: str, out: Path, iterations: int | None, kind: str | None) -> int:
    """The command; returns the exit code and raises InputError."""
    chosen = kind_of(out, kind)
    path = find_preset(preset)
    if out.exists() and out.samefile(path):
        raise InputError(f"{out}: is the preset itself; give another file")
    if not out.parent.is_dir():
        raise InputError(f"{out}: there is no folder {out.parent}")
    _, problem = load_problem(preset)
    limit, total = limited(problem, None, iterations)
    with output.progress("training") as advance:
        snapshot, course = record(limit, total, advance)
    told = load_experiment(preset, path)
    name = told.model_copy(update={"name": told.name or path.stem})
    snapshot = replace(snapshot, settings=problem.settings)
    try:
        KINDS[chosen].export(Trained(name, path.parent, problem, snapshot, course), out)
    except ExportError as error:
        output.say_error(f"{preset}: {error}" if str(out) not in str(error) else str(error))
        return output.FAILED if snapshot.state is RunState.DIVERGED else output.WRONG_INPUT
    if chosen == "run" and not tells_course(chosen, out.suffix, problem.network.size):
        output.say_hint(
            f"{out} leaves out gradients and parameters, which are more than {MOST_COLUMNS:,}; "
            "an .npz has them"
        )
    return output.DONE


def kind_of(out: Path, kind: str | None) -> str:
    """The kind that was asked for, or that the name's ending tells. Raises InputError."""
    suffix = out.suffix.lower()
    if kind is None:
        kind = next((name for name, row in KINDS.items() if suffix in row.suffixes), None)
        if kind is None:
            endings = " ".join(sorted({s for row in KINDS.values() for s in row.suffixes}))
            raise InputError(f"{out}: say what to write with --as, or give an ending of {endings}")
    if kind not in KINDS:
        raise InputError(f"--as {kind}: there is only {', '.join(KINDS)}")
    if suffix not in KINDS[kind].suffixes:
        right = " or ".join(KINDS[kind].suffixes)
        raise InputError(f"{out}: give a name that ends in {right} for --as {kind}")
    return kind
