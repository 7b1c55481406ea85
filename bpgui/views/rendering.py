"""Explanations as text, LaTeX and Markdown, and as parts for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from bpgui.views.formulas import Explanation
from bpgui.views.wording import Line
from bpgui.views.writing import Style, pieces

Translate: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """name = side = side = ...: each side in pieces between which a line may be broken; the last
    is the result, which is one piece."""

    name: str
    sides: tuple[tuple[str, ...], ...]
    note: str = ""


def rows(
    explanation: Explanation, style: Style | None = None, translate: Translate = str
) -> tuple[Row, ...]:
    """A row for each line. No more digits are written than numbers of the type have."""
    style = style or Style()
    style = replace(style, digits=min(style.digits, explanation.digits))
    return tuple(row(line, style, translate) for line in explanation.lines)


def row(line: Line, style: Style, translate: Translate = str) -> Row:
    """Symbols, digits and result; what would only repeat its neighbor is left out."""
    note = "" if line.note is None else line.note.text(translate)
    if not line.symbol.text:
        return Row("", (), note)
    result = style.number(line.value)
    sides: list[tuple[str, ...]] = [(result,)]
    if line.rule is not None:
        digits = tuple(pieces(line.rule, style, numbers=True))
        symbols = tuple(pieces(line.rule, style, numbers=False))
        sides = [side for side in (symbols, digits) if side != sides[0]]
        sides = [*dict.fromkeys(sides), (result,)]
    return Row(line.symbol.latex if style.latex else line.symbol.text, tuple(sides), note)


def as_text(
    explanation: Explanation, style: Style | None = None, translate: Translate = str
) -> str:
    """One line of plain text per row, notes in parentheses."""
    style = replace(style or Style(), latex=False)
    return "\n".join(map(_text_row, rows(explanation, style, translate)))


def _text_row(row: Row) -> str:
    if not row.name:
        return f"  {row.note}"
    told = " = ".join((row.name, *("".join(side) for side in row.sides)))
    return f"{told}   ({row.note})" if row.note else told


def as_latex(
    explanation: Explanation, style: Style | None = None, translate: Translate = str
) -> str:
    """An `aligned` environment, for between \\[ and \\]; it needs amsmath."""
    style = replace(style or Style(), latex=True)
    return _aligned(rows(explanation, style, translate))


def _aligned(found: Iterable[Row]) -> str:
    lines = []
    for row in found:
        note = rf"\text{{{row.note}}}"
        if not row.name:
            lines.append(rf"&{note}")
            continue
        starts = (row.name, *("" for _ in row.sides[1:]))
        sides = [
            f"{start} &= {''.join(side)}" for start, side in zip(starts, row.sides, strict=True)
        ]
        if row.note:
            sides[0] += rf" && {note}"
        lines += sides
    body = " \\\\\n".join(line.strip() for line in lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def as_markdown(
    explanation: Explanation, style: Style | None = None, translate: Translate = str
) -> str:
    """A heading, the first line as text, and all lines as display mathematics."""
    style = style or Style()
    text = _text_row(rows(explanation, replace(style, latex=False), translate)[0])
    return (
        f"**{explanation.symbol.text}**\n\n`{text}`\n\n"
        f"$$\n{as_latex(explanation, style, translate)}\n$$\n"
    )
