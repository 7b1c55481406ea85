"""From bytes to plain JSON values, with limits first, since a preset may come from a stranger.

Python's json takes NaN, 1e999 and keys given twice without a word, and runs out of stack on deep
nesting. Here each is refused, and what can be located is located.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from bpgui.experiment.errors import PresetError, Problem
from bpgui.experiment.wording import Unreadable, place_of, shown

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 32  # a preset needs 6

_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


class _Flawed(dict[str, Any]):
    """An object with the keys that are given twice or are no text."""

    flaws: tuple[tuple[str, str], ...]


def parse(data: bytes | str) -> tuple[Any, list[Problem]]:
    """The value of a JSON text, with `Unreadable` in place of numbers that cannot be kept, and
    what is wrong with keys.

    Raises PresetError where there is no value at all.
    """
    text = _text(data)
    _check_depth(text)
    flawed: list[_Flawed] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        flaws = _flaws(pairs)
        if not flaws:
            return dict(pairs)
        built = _Flawed((key, value) for key, value in pairs if _is_text(key))
        built.flaws = flaws
        flawed.append(built)
        return built

    try:
        value = json.loads(
            text,
            object_pairs_hook=build,
            parse_constant=Unreadable,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        _refuse_syntax(text, error)
    return value, _located_flaws(value, ()) if flawed else []


def _text(data: bytes | str) -> str:
    if len(data) > MAX_BYTES:
        _refuse(f"the file is too large: {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    if isinstance(data, bytes):
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            _refuse("the text is UTF-16; save it as UTF-8")
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            _refuse(f"this is not a text file: byte {error.start:,} is not UTF-8")
    text = data.removeprefix("\ufeff")
    if "\0" in text:
        _refuse("this is not a text file: it holds zero bytes")
    if not text.strip():
        _refuse("the file is empty")
    return text


def _check_depth(text: str) -> None:
    depth = 0
    for token in _TOKENS.finditer(text):
        mark = text[token.start()]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line = text.count("\n", 0, token.start()) + 1
                _refuse(
                    f"lists and objects are nested deeper than {MAX_DEPTH} levels", f"line {line}"
                )
        elif mark in "]}":
            depth -= 1


def _refuse(message: str, place: str = "") -> NoReturn:
    raise PresetError.at(place, message)


def _refuse_syntax(text: str, error: json.JSONDecodeError) -> NoReturn:
    place = f"line {error.lineno}, column {error.colno}"
    unclosed = error.msg.startswith("Unterminated string")
    if unclosed or not text[error.pos :].strip():
        _refuse("the file ends too early; part of it may be missing", place)
    if error.msg == "Extra data":
        _refuse("the preset ends before this; expected nothing more", place)
    said = error.msg[0].lower() + error.msg[1:].replace("'", '"')
    _refuse(f"this is not JSON: {said.replace('expecting', 'expected')}", place)


def _float(text: str) -> float | Unreadable:
    value = float(text)
    return Unreadable(text[:40]) if value in (float("inf"), float("-inf")) else value


def _int(text: str) -> int | Unreadable:
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        return Unreadable(text if len(text) <= 40 else f"a whole number of {len(text):,} digits")
    return int(text)


def _is_text(key: str) -> bool:
    """False for half of a surrogate pair, which JSON can spell but no file can hold."""
    return key.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in key)


def _flaws(pairs: list[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) == len(keys) and all(map(_is_text, keys)):
        return ()
    twice = dict.fromkeys(key for key in keys if keys.count(key) > 1) if len(keys) <= 1000 else keys
    flaws = [(key, "is given twice; expected once") for key in twice if _is_text(key)]
    flaws += [(shown(key), "is not a readable name") for key in keys if not _is_text(key)]
    return tuple(flaws[:20])


def _located_flaws(value: Any, at: tuple[str | int, ...]) -> list[Problem]:
    problems: list[Problem] = []
    if isinstance(value, _Flawed):
        problems += [Problem(place_of((*at, key)), message) for key, message in value.flaws]
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        if len(problems) < 100 and isinstance(inner, dict | list):
            problems += _located_flaws(inner, (*at, key))
    return problems
