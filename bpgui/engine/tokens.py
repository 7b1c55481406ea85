"""Cuts an expression into tokens, and knows what to say of signs and functions that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|==|:=|//|[-+*/^(),=;\n])"
    r"|(?P<blank>[ \t\r\f]+|\#[^\n]*)"
)

# What is meant by a function that is not there, and by a sign that is not known or misplaced.
INSTEAD = {
    "ln": "log",
    "logistic": "sigmoid",
    "sigma": "sigmoid",
    "fabs": "abs",
    "pow": "x**y",
    "power": "x**y",
    "square": "x**2",
    "cbrt": "x**(1/3)",
    "tan": "sin(x)/cos(x)",
    "log2": "log(x)/log(2)",
    "log10": "log(x)/log(10)",
    "softplus": "log(1 + exp(x))",
}
SIGNS = {
    "²": "a power is written **, such as x**2",
    "³": "a power is written **, such as x**3",
    ".": "a name has no parts here; only names, numbers, operators and functions are known",
    "=": "an = stands only after the name that begins a line, such as q = x + y",
    "==": "a name is given with one =, such as q = x + y",
    ":=": "a name is given with =, at the beginning of a line of its own, such as q = x + y",
    ":": "a colon means nothing here; write one line for each name, such as q = x + y",
    "//": "division is written with one /",
    "%": "% is not known; the operators are + - * / and **",
    "@": "@ is not known; the operators are + - * / and **",
    "[": "square brackets are not known; write ( and )",
    "]": "square brackets are not known; write ( and )",
    "{": "curly brackets are not known; write ( and )",
    "}": "curly brackets are not known; write ( and )",
    "'": "text in quotes is not known; write names and numbers",
    '"': "text in quotes is not known; write names and numbers",
    "<": "comparisons are not known; max, min, relu and abs choose between values",
    ">": "comparisons are not known; max, min, relu and abs choose between values",
    "√": "a root is written sqrt(x)",
    ",": "a comma parts the arguments of a function; a decimal fraction is written 1.5",
}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number, name, sign, end, or other: what no expression holds
    text: str
    start: int  # counted from 0 in the whole source
    line: int
    column: int


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a source, up to the first that no expression holds, and then the end."""
    position, line, line_start = 0, 1, 0
    while position < len(source):
        found = _TOKEN.match(source, position)
        kind, text = (str(found.lastgroup), found.group()) if found else ("other", "")
        if kind == "name":
            text = "".join(takewhile(lambda sign: f"_{sign}".isidentifier(), text))
        if not text:  # \w holds more than names, such as ²
            kind, text = "other", source[position]
        if kind != "blank":
            yield Token(kind, text, position, line, position - line_start + 1)
        if kind == "other":
            break
        position += len(text)
        if text == "\n":
            line, line_start = line + 1, position
    yield Token("end", "", position, line, position - line_start + 1)
