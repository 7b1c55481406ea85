import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpgui.views.numbers import (
    NumberError,
    format_number,
    parse_block,
    parse_integer,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.15", 0.15),
        (".15", 0.15),
        ("0,15", 0.15),
        (",15", 0.15),
        ("3/20", 0.15),
        ("-3 / 20", -0.15),
        ("1e-3", 0.001),
        ("1,5E+2", 150.0),
        ("5.", 5.0),
        ("+2", 2.0),
        ("\u22120.5", -0.5),
        ("\uff10\uff0e\uff11\uff15", 0.15),
        ("  7 ", 7.0),
        ("1,000", 1.0),
        ("0.1/0,4", 0.25),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("abc", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("1,234.5", "not_a_number"),
        ("1_000", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1/2/3", "not_a_number"),
        ("/2", "not_a_number"),
        ("10\u00b2", "not_a_number"),
        ("1\u00bd", "not_a_number"),
        ("1e999", "not_finite"),
        ("1e300/1e-300", "not_finite"),
        ("1/0", "zero_divisor"),
    ],
)
def test_what_is_no_number_is_named(text: str, fault: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.fault == fault


def test_a_long_text_is_shortened_in_the_message() -> None:
    with pytest.raises(NumberError) as caught:
        parse_number("x" * 10_000)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1e4", 10_000), ("20/4", 5), ("9223372036854775807", 2**63 - 1), ("-3", -3)],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert parse_integer(text) == value


def test_a_fraction_is_no_whole_number() -> None:
    with pytest.raises(NumberError) as caught:
        parse_integer("2.5")
    assert caught.value.fault == "not_whole"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("0.15\t0.2\n0.25\t0.3\n", [[0.15, 0.2], [0.25, 0.3]]),
        ("0,15\t0,2\r\n0,25\t0,3\r\n", [[0.15, 0.2], [0.25, 0.3]]),
        ("0,15;3/20\n.25;1e-3", [[0.15, 0.15], [0.25, 0.001]]),
        ("1 2 3\n4 5 6", [[1, 2, 3], [4, 5, 6]]),
        ("0.1,0.2\n0.3,0.4", [[0.1, 0.2], [0.3, 0.4]]),
        ("1,2,3", [[1, 2, 3]]),
        ("0,1 0,2", [[0.1, 0.2]]),
        ("[[0.15, 0.2],\n [0.25, 0.3]]", [[0.15, 0.2], [0.25, 0.3]]),
        ("0,5", [[0.5]]),
        ("1\n2 3", [[1], [2, 3]]),
    ],
)
def test_a_block_is_read_from_spreadsheets_and_lists(text: str, rows: list[list[float]]) -> None:
    assert parse_block(text) == rows


@pytest.mark.parametrize(
    ("text", "row", "column", "fault"),
    [
        ("1\t2\n3\tx", 1, 1, "not_a_number"),
        ("1\t\t2", 0, 1, "empty"),
        ("1\n\n2", 1, 0, "empty"),
        ("", 0, 0, "empty"),
    ],
)
def test_the_wrong_cell_of_a_block_is_named(text: str, row: int, column: int, fault: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_block(text)
    error = caught.value
    assert (error.row, error.column, error.fault) == (row, column, fault)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.15, None, "0.15"),
        (2.0, None, "2"),
        (1e-5, None, "1e-5"),
        (1.5e300, None, "1.5e300"),
        (-0.0, None, "0"),
        (0.1 + 0.2, None, "0.30000000000000004"),
        (0.1 + 0.2, 6, "0.3"),
        (1234567.0, 3, "1.23e6"),
        (np.float32(0.1), None, "0.1"),
        (math.nan, None, "nan"),
        (-math.inf, 3, "-inf"),
        (7, None, "7"),
    ],
)
def test_a_number_is_shown(value: float, digits: int | None, text: str) -> None:
    assert format_number(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_full_digits_come_back_to_the_bit(value: float) -> None:
    assert parse_number(format_number(value)) == value


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\n1\t2", [[1.0, 2.0]]),
        ("\tb\n1\t2", [[1.0, 2.0]]),
        ("Länge;Breite\n1,5;2", [[1.5, 2.0]]),
        ("x1, x2\n1, 2", [[1.0, 2.0]]),
    ],
)
def test_a_row_of_names_above_numbers_is_left_out(text: str, rows: list[list[float]]) -> None:
    assert parse_block(text) == rows


@pytest.mark.parametrize(("text", "row"), [("a\tb", 0), ("a\t1\n2\t3", 0), ("a\tb\n1\tc", 1)])
def test_other_words_are_refused_where_they_stand(text: str, row: int) -> None:
    with pytest.raises(NumberError) as caught:
        parse_block(text)
    assert caught.value.row == row
