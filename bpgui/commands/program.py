"""The command line, as typer reads it: arguments go to a command, which is imported only then."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bpgui import __version__
from bpgui.commands import COMMANDS
from bpgui.commands.output import exit_code

app = typer.Typer(
    help="See every number of backpropagation.",
    epilog="Without a command, `bpgui [PRESET]` opens the window.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

PresetArgument = Annotated[
    str, typer.Argument(metavar="PRESET", help="A preset file, or a built-in preset's name.")
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]


class Theme(StrEnum):
    light = "light"
    dark = "dark"


def _finish(command: Callable[[], int]) -> NoReturn:
    raise typer.Exit(exit_code(command))


def _show_version(asked: bool) -> None:
    if asked:
        print(f"bpgui {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """See every number of backpropagation."""


@app.command()
def train(
    preset: PresetArgument,
    epochs: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Stop after N passes over the data.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Stop after N updates.")
    ] = None,
    as_json: Json = False,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the objective of every iteration to FILE."),
    ] = None,
) -> None:
    """Train a preset and print what became of it."""

    def command() -> int:
        from bpgui.commands import train

        return train.run(preset, epochs, iterations, as_json, csv)

    _finish(command)


@app.command()
def explain(
    preset: PresetArgument,
    sample: Annotated[
        int, typer.Option(metavar="I", help="The training sample, counted from 0.")
    ] = 0,
    iterations: Annotated[
        int, typer.Option(min=0, metavar="N", help="Train for N updates first.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Print every number of one sample's forward and backward pass."""

    def command() -> int:
        from bpgui.commands import explain

        return explain.run(preset, sample, iterations, as_json)

    _finish(command)


@app.command()
def check(
    preset: PresetArgument,
    iterations: Annotated[
        int, typer.Option(min=0, metavar="N", help="Train for N updates first.")
    ] = 0,
    sample: Annotated[
        int,
        typer.Option(
            metavar="I",
            help="Input activations and deltas are those of this training sample, from 0.",
        ),
    ] = 0,
    parameters: Annotated[
        str | None,
        typer.Option(
            metavar="WHICH",
            help="all, how many of them, spread over all layers, or one such as w(2)[1,3]; "
            "if left out, all, or 200 where all would take more than half a minute.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare every gradient with finite differences; exit 1 if one is wrong."""

    def command() -> int:
        from bpgui.commands import check

        return check.run(preset, iterations, sample, parameters, as_json)

    _finish(command)


@app.command()
def verify(as_json: Json = False) -> None:
    """Compare published worked examples with what bpgui computes; exit 1 if a digit differs."""

    def command() -> int:
        from bpgui.commands import verify

        return verify.run(as_json)

    _finish(command)


@app.command(context_settings={"ignore_unknown_options": True})  # -x**2 is an expression
def graph(
    expression: Annotated[
        str, typer.Argument(metavar="EXPRESSION", help="Such as 'q = x + y; f = q*z', or a name.")
    ] = "",
    values: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="A number for each name.")
    ] = None,
    built_in: Annotated[bool, typer.Option("--list", help="List the built-in graphs.")] = False,
    as_json: Json = False,
) -> None:
    """Print the value and the gradient of every node of an expression's graph."""

    def command() -> int:
        from bpgui.commands import graph

        if built_in:
            return graph.list_graphs(as_json)
        return graph.run(expression, values or [], as_json)

    _finish(command)


@app.command()
def presets(as_json: Json = False) -> None:
    """List the built-in presets."""

    def command() -> int:
        from bpgui.commands import listing

        return listing.run(as_json)

    _finish(command)


@app.command()
def export(
    preset: PresetArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    iterations: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Train for N updates.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help="numpy or pytorch for a script, run, parameters or preset; "
            "if left out, what the ending of OUT tells.",
        ),
    ] = None,
) -> None:
    """Train a preset and write what came of it: a script, the run, its parameters, a preset."""

    def command() -> int:
        from bpgui.commands import export

        return export.run(preset, out, iterations, kind)

    _finish(command)


@app.command()
def screenshot(
    preset: PresetArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT.png", help="The picture to write.")],
    iterations: Annotated[
        int, typer.Option(min=0, metavar="N", help="Train for N updates first.")
    ] = 0,
    size: Annotated[str, typer.Option(metavar="WxH", help="The window's size.")] = "1280x800",
    language: Annotated[str | None, typer.Option(metavar="L", help="Such as en or zh_CN.")] = None,
    theme: Theme = Theme.light,
) -> None:
    """Write a picture of the window with a preset in it."""

    def command() -> int:
        from bpgui.commands import window

        return window.picture(preset, out, iterations, size, language, theme.value)

    _finish(command)


@app.command(hidden=True)
def window(
    presets: Annotated[list[str] | None, typer.Argument(metavar="PRESET")] = None,
) -> None:
    """Open the window."""

    def command() -> int:
        from bpgui.commands import window

        return window.show(presets or (), COMMANDS)

    _finish(command)
