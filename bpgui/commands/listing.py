"""bpgui presets: the built-in presets, group by group."""

from __future__ import annotations

import shutil
import sys
import textwrap
from itertools import groupby

from bpgui.commands import output
from bpgui.experiment.builtin import builtin


def run(as_json: bool) -> int:
    """The command; returns the exit code."""
    presets = builtin()
    if as_json:
        output.print_json(
            {
                "presets": [
                    {
                        "group": preset.group,
                        "slug": preset.slug,
                        "name": preset.name,
                        "description": preset.description,
                        "path": str(preset.path),
                    }
                    for preset in presets
                ]
            }
        )
        return output.DONE
    width = max(len(preset.slug) for preset in presets)
    for group, members in groupby(presets, key=lambda preset: preset.group):
        print(group)
        for preset in members:
            print(f"  {preset.slug:<{width}}  {output.printable(preset.name)}")
            print(_indented(output.printable(preset.description), width + 4))
        print()
    print("Open one with `bpgui NAME`, or train it with `bpgui train NAME`.")
    return output.DONE


def _indented(text: str, margin: int) -> str:
    """Broken into lines for a terminal, on one line for a pipe."""
    indent = margin * " "
    if not sys.stdout.isatty():
        return indent + text
    width = max(margin + 30, min(100, shutil.get_terminal_size().columns))
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)
