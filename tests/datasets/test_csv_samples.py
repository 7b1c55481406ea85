"""Formats, gaps, classes, scaling and files that change: each on a real file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bpgui.datasets import csv_cells
from bpgui.datasets.categories import Coding
from bpgui.datasets.csv_cells import CsvCells
from bpgui.datasets.csv_file import CsvRequest, CsvSamples, load_csv
from bpgui.datasets.csv_format import CsvFormat
from bpgui.datasets.csv_lines import BLOCK, CsvLines
from bpgui.datasets.errors import DataError
from bpgui.datasets.scaling import Scaling
from bpgui.datasets.table import split

FLOWERS = Path(__file__).parent / "flowers.csv"


class EnoughError(Exception):
    pass


def read(folder: Path, content: str | bytes, **asked: Any) -> CsvSamples:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_csv(path, CsvRequest(**{"inputs": ("a", "b"), "targets": ("t",), **asked}))


# --- formats ------------------------------------------------------------------------------------


def test_iris_as_a_spreadsheet_writes_it() -> None:
    names = ("sepal length", "sepal width", "petal length", "petal width")
    request = CsvRequest(names, ("species",), CsvFormat(decimal=","))
    table = load_csv(FLOWERS, request).table
    np.testing.assert_allclose(table.inputs.mean(axis=0), [5.8433333, 3.0573333, 3.758, 1.1993333])
    np.testing.assert_array_equal(table.inputs[0], [5.1, 3.5, 1.4, 0.2])
    np.testing.assert_array_equal(table.targets.sum(axis=0), [50, 50, 50])
    assert table.classes == ("Iris-setosa", "Iris-versicolor", "Iris-virginica")


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    made = read(
        tmp_path, "1,2,3\n4,5,6\n", inputs=("x1",), targets=("x3",), format=CsvFormat(header=False)
    )
    np.testing.assert_array_equal(made.table.inputs, [[1], [4]])
    np.testing.assert_array_equal(made.table.targets, [[3], [6]])

    with pytest.raises(DataError, match="line 2: has 2 fields, but the first line has 3"):
        read(
            tmp_path,
            "1,2,3\n4,5\n",
            inputs=("x1",),
            targets=("x3",),
            format=CsvFormat(header=False),
        )


@pytest.mark.parametrize(
    ("encoding", "asked"),
    [("utf-16", None), ("utf-16", "utf-16"), ("cp1252", "cp1252"), ("gb18030", "gb18030")],
)
def test_other_encodings(tmp_path: Path, encoding: str, asked: str | None) -> None:
    name = "类别" if encoding == "gb18030" else "Größe"
    content = f"a,b,{name}\n1,2,ä\n3,4,b\n" if name == "Größe" else f"a,b,{name}\n1,2,甲\n3,4,乙\n"
    made = read(
        tmp_path, content.encode(encoding), targets=(name,), format=CsvFormat(encoding=asked)
    )
    assert made.table.classes == (("b", "ä") if name == "Größe" else ("乙", "甲"))


@pytest.mark.parametrize("delimiter", ["|", " ", ";"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    gap = "   " if delimiter == " " else delimiter
    content = f"a{gap}b{gap}t\n1{gap}2{gap}3\n"
    made = read(tmp_path, content, format=CsvFormat(delimiter))
    np.testing.assert_array_equal(made.table.inputs, [[1, 2]])


plain = st.floats(allow_nan=False, allow_infinity=False)
cells = st.one_of(
    plain.map(repr), st.sampled_from(["", "?", '"1.5"', '" 2 "', "inf", "nan", "1_0"])
)


names = st.sampled_from(["x", "y", "?", "", "nan", "1.5"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    rows=st.lists(st.tuples(cells, names, cells, names), max_size=6),
    decimal=st.sampled_from(".,"),
)
def test_the_quick_way_reads_what_the_careful_one_reads(
    tmp_path: Path, rows: list[tuple[str, ...]], decimal: str
) -> None:
    lines = [";".join(row).replace(".", decimal) for row in (("a", "c", "b", "t"), *rows)]
    (tmp_path / "data.csv").write_text("\n".join(lines) + "\n")
    asked = CsvRequest(
        ("a", "c", "b"), ("t",), CsvFormat(";", decimal), ("?",), categories={"c": None}
    )
    quick, careful = (_cells_of(tmp_path / "data.csv", asked, way) for way in (True, False))
    if isinstance(careful, str):
        assert quick == careful
    else:
        np.testing.assert_array_equal(quick[0], careful[0])
        assert quick[1:] == careful[1:]


def _cells_of(path: Path, asked: CsvRequest, quick: bool) -> Any:
    lines = CsvLines(path, asked.format)
    cells = CsvCells(lines, [0, 1, 2, 3], 3, asked, True)
    if not quick:
        cells._quick = lambda block: None  # type: ignore[method-assign]
    try:
        cells.read()
    except DataError as error:
        return str(error)
    finally:
        lines.close()
    x, y = cells.inputs, cells.targets
    told = [_texts(cells.codings[i], column) for i, column in ((1, x[:, 1]), (3, y[:, 0]))]
    return x[:, [0, 2]], *told, cells.gaps


def _texts(coding: Coding, codes: NDArray[np.float64]) -> list[str | None]:
    names = {code: name for name, code in coding.found.items()}
    return [names.get(code) for code in codes.tolist()]


def test_lines_are_counted_over_blocks(tmp_path: Path) -> None:
    plain = "1.25,2.5,0.75\n"
    count = 3 * BLOCK // len(plain)
    content = "a,b,t\n" + plain * count + '"7","8\n.",9\n'
    with pytest.raises(DataError, match=rf"line {count + 3:}, column b"):
        read(tmp_path, content)
    made = read(tmp_path, "a,b,t\n" + plain * count + "7,8,9")
    assert len(made.table) == count + 1
    np.testing.assert_array_equal(made.table.inputs[[0, -1]], [[1.25, 2.5], [7, 8]])


def test_a_quoted_field_may_run_over_a_block(tmp_path: Path) -> None:
    content = 'note,a,b,t\n"' + "long\n" * BLOCK + '",1,2,3\n"x",4,5,6\n'
    with pytest.raises(DataError, match="field larger than field limit"):
        read(tmp_path, content)
    short = ('"two\nlines",1,2,3\n' * (BLOCK // 10)) + '"x",4,5,6\n'
    made = read(tmp_path, "note,a,b,t\n" + short)
    assert len(made.table) == BLOCK // 10 + 1


# --- gaps ---------------------------------------------------------------------------------------

GAPS = "a,b,t\n1,2,0.5\nNA,4,1.5\n5,,2.5\n7,8,4.5\n"


def test_gaps_are_refused_with_their_rows_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, GAPS, markers=("NA",))
    assert str(caught.value).endswith(
        "line 3, column a: there is no number; nor in lines 4 (b); "
        "leave such rows out or fill the gaps"
    )


def test_rows_with_gaps_are_left_out(tmp_path: Path) -> None:
    made = read(tmp_path, GAPS, markers=("NA",), missing="drop")
    np.testing.assert_array_equal(made.table.inputs, [[1, 2], [7, 8]])
    assert (made.dropped, made.filled) == (2, 0)


@pytest.mark.parametrize("policy", ["mean", "median"])
def test_gaps_are_filled_from_the_training_samples(tmp_path: Path, policy: str) -> None:
    lines = "".join(f"{i * i},{'' if i % 7 == 3 else i},1.5\n" for i in range(40))
    made = read(tmp_path, "a,b,t\n" + lines, missing=policy, test_fraction=0.25, seed=4)
    train = split(40, 0.25, 4)[0]
    known = [i for i in train if i % 7 != 3]
    expected = np.mean(known) if policy == "mean" else np.median(known)
    np.testing.assert_allclose(made.table.inputs[[3, 10, 17], 1], expected)
    assert made.filled == 6
    np.testing.assert_array_equal(made.table.inputs[:, 0], np.arange(40.0) ** 2)


def test_a_target_is_not_filled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 3, column t: there is no number; a target cannot"):
        read(tmp_path, "a,b,t\n1,2,3.5\n4,,\n", missing="mean")


def test_a_gap_in_every_row_leaves_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a gap in every row"):
        read(tmp_path, "a,b,t\n1,,3\n,4,5\n", missing="drop")


def test_a_column_of_gaps_cannot_be_filled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no number for training in column b"):
        read(tmp_path, "a,b,t\n1,,3\n2,,5.5\n", missing="mean")


# --- classes and scaling ------------------------------------------------------------------------


def test_classes_keep_their_order_and_refuse_others(tmp_path: Path) -> None:
    content = "a,b,t\n1,2,low\n3,4,high\n"
    made = read(tmp_path, content, classes=("low", "middle", "high"))
    np.testing.assert_array_equal(made.table.targets, [[1, 0, 0], [0, 0, 1]])
    assert made.request.classes == ("low", "middle", "high")
    with pytest.raises(DataError, match="line 3, column t: 'high' is none of the classes low, top"):
        read(tmp_path, content, classes=("low", "top"))


def test_numbers_may_be_names(tmp_path: Path) -> None:
    made = read(tmp_path, "a,b,t\n1,2,10\n3,4,9\n5,6,10\n7,8,-1\n", named=True)
    assert made.request.classes == ("-1", "9", "10")
    np.testing.assert_array_equal(np.argmax(made.table.targets, axis=1), [2, 1, 2, 0])


@pytest.mark.parametrize("method", ["standardize", "range"])
def test_scaling_is_found_on_the_training_samples_alone(tmp_path: Path, method: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(5, 3, size=(50, 3))
    values[:, 1] = 7.0
    content = "a,b,t\n" + "".join(",".join(map(repr, row)) + "\n" for row in values.tolist())
    asked = {"scaling": Scaling(method), "target_scaling": Scaling(method)}
    made = read(tmp_path, content, test_fraction=0.3, seed=2, **asked)
    train = values[split(50, 0.3, 2)[0]]
    low, high = train.min(axis=0), train.max(axis=0)
    offset = train.mean(axis=0) if method == "standardize" else low
    scale = train.std(axis=0) if method == "standardize" else high - low
    scale[1] = 1.0
    expected = (values - offset) / scale
    np.testing.assert_allclose(made.table.inputs, expected[:, :2], rtol=1e-12)
    np.testing.assert_allclose(made.table.targets, expected[:, 2:], rtol=1e-12)

    longer = content + "1000,1000,1000\n"
    same = replace(made.request, checksum=None, size=None)
    (tmp_path / "data.csv").write_text(longer)
    again = load_csv(tmp_path / "data.csv", same).table
    np.testing.assert_array_equal(again.inputs[:50], made.table.inputs)


# --- files that change --------------------------------------------------------------------------


def test_the_same_request_gives_the_same_samples(tmp_path: Path) -> None:
    made = read(tmp_path, GAPS, markers=("NA",), missing="mean", scaling=Scaling("range"))
    path = tmp_path / "data.csv"
    assert made.request.checksum == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made.request.size == path.stat().st_size
    again = load_csv(path, made.request)
    np.testing.assert_array_equal(again.table.inputs, made.table.inputs)
    assert again.request == made.request


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("a,b,t\n1,2,0.5\n", "it had 23 bytes and has 14 now"),
        ("a,b,t\n1,2,0.5\n3,4,1.6\n"[:-1] + "\n", "its content is not the same"),
    ],
)
def test_another_content_is_noticed(tmp_path: Path, content: str, how: str) -> None:
    made = read(tmp_path, "a,b,t\n1,2,0.5\n3,4,1.5\n\n")
    (tmp_path / "data.csv").write_text(content if len(content) < 20 else content + "\n")
    with pytest.raises(DataError, match=how) as caught:
        load_csv(tmp_path / "data.csv", made.request)
    assert caught.value.changed


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b,t\n" + "1,2,0.5\n" * 100_000)

    def grow(done: int, total: int) -> None:
        with path.open("a") as file:
            file.write("3,4,5\n")

    with pytest.raises(DataError, match=r"changed while it was read: it had 800,006 bytes and has"):
        load_csv(path, CsvRequest(("a", "b"), ("t",)), None, grow)


def test_reading_tells_how_far_it_is_and_may_be_ended(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b,t\n" + "1,2,0.5\n" * 200_000)
    shares: list[float] = []

    def watch(done: int, total: int) -> None:
        shares.append(done / total)
        if len(shares) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        load_csv(path, CsvRequest(("a", "b"), ("t",)), None, watch)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[2] < 1


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "format", "message"),
    [
        ("a;b;t\n1;2.5;3\n", CsvFormat(decimal=","), r"'2.5' is no number; write one such as 0,5"),
        ("a;b;t\n1;1.000,5;3\n", CsvFormat(decimal=","), r"'1.000,5' is no number"),
        ("a,b,t\n1,2,é\n".encode("latin-1"), CsvFormat(), r"byte 11, line 2\); choose another"),
        ("a,b,t\n1,2,3\n".encode("utf-16-le"), CsvFormat(), r"zero bytes \(line 1\)"),
        ("a,b,t\n1,2,31\n", CsvFormat(encoding="utf-16"), "is not UTF-16 text"),
    ],
)
def test_a_wrong_format_is_told(
    tmp_path: Path, content: str | bytes, format: CsvFormat, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, content, format=format)


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_cells, "MOST_ROWS", 10)
    with pytest.raises(DataError, match="has more than 10 samples"):
        read(tmp_path, "a,b,t\n" + "1,2,3\n" * 11)


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = tuple(f"c{i}" for i in range(10_000))
    rows = [",".join(str(i * j) for i in range(10_000)) for j in (1, 2, 3)]
    made = read(
        tmp_path, ",".join(names) + "\n" + "\n".join(rows), inputs=names[:-1], targets=names[-1:]
    )
    assert made.table.inputs.shape == (3, 9_999)
    np.testing.assert_array_equal(made.table.targets[:, 0], [9999, 19998, 29997])


# --- categories ---------------------------------------------------------------------------------

SHAPES = "a,color,b,t\n1,red,2,x\n3,blue,4,y\n5,green,6,x\n7,red,9,y\n"
SHAPED: dict[str, Any] = {"inputs": ("a", "color", "b"), "categories": {"color": None}}


def test_a_column_of_text_becomes_a_column_for_each_category(tmp_path: Path) -> None:
    made = read(tmp_path, SHAPES, **SHAPED)
    assert made.table.input_names == ("a", "color = blue", "color = green", "color = red", "b")
    expected = [[1, 0, 0, 1, 2], [3, 1, 0, 0, 4], [5, 0, 1, 0, 6], [7, 0, 0, 1, 9]]
    np.testing.assert_array_equal(made.table.inputs, expected)
    assert made.request.categories == {"color": ("blue", "green", "red")}
    again = load_csv(tmp_path / "data.csv", made.request)
    np.testing.assert_array_equal(again.table.inputs, expected)
    assert again.request == made.request


def test_categories_keep_their_order_and_refuse_others(tmp_path: Path) -> None:
    known = ("red", "white", "green", "blue")
    made = read(tmp_path, SHAPES, **SHAPED | {"categories": {"color": known}})
    np.testing.assert_array_equal(np.argmax(made.table.inputs[:, 1:5], axis=1), [0, 3, 2, 0])
    told = "line 4, column color: 'green' is none of the categories red, blue"
    with pytest.raises(DataError, match=told):
        read(tmp_path, SHAPES, **SHAPED | {"categories": {"color": ("red", "blue")}})


def test_categories_with_decimal_commas_quotes_and_numbers_for_names(tmp_path: Path) -> None:
    content = 'a;grade;b;t\n1,5;"1,5";2;x\n3;A.b;4;y\n5;10;6;x\n7;"A.b";9;y\n'
    asked = {"inputs": ("grade", "b"), "categories": {"grade": None}}
    made = read(tmp_path, content, format=CsvFormat(";", ","), **asked)
    assert made.request.categories == {"grade": ("1,5", "10", "A.b")}
    np.testing.assert_array_equal(
        made.table.inputs, [[1, 0, 0, 2], [0, 0, 1, 4], [0, 1, 0, 6], [0, 0, 1, 9]]
    )


def test_categories_are_not_scaled(tmp_path: Path) -> None:
    made = read(tmp_path, SHAPES, scaling=Scaling("standardize"), **SHAPED)
    scaling = made.request.scaling
    assert scaling is not None
    assert scaling.offset == (4.0, 0.0, 0.0, 0.0, 5.25)
    np.testing.assert_array_equal(made.table.inputs[:, 3], [1, 0, 0, 1])
    np.testing.assert_allclose(made.table.inputs[:, 0].mean(), 0, atol=1e-15)


@pytest.mark.parametrize("policy", ["refuse", "mean"])
def test_a_missing_category_is_not_filled(tmp_path: Path, policy: str) -> None:
    content = "a,color,b,t\n1,red,2,x\n,blue,4,y\n5,?,6,x\n7,red,9,y\n"
    told = r"line 4, column color: there is no category; a category cannot be filled, so leave"
    if policy == "refuse":
        told = r"line 3, column a: there is no number; nor in lines 4 \(color\); leave such rows"
    with pytest.raises(DataError, match=told):
        read(tmp_path, content, markers=("?",), missing=policy, **SHAPED)
    made = read(tmp_path, content, markers=("?",), missing="drop", **SHAPED)
    assert made.dropped == 2
    np.testing.assert_array_equal(made.table.inputs[:, 0], [1, 7])


@pytest.mark.parametrize(
    ("colors", "message"),
    [
        (["red"] * 5, "column color: every sample says 'red'; leave the column out"),
        ([f"no {i}" for i in range(21)], "line 22, column color: the column holds more than 20"),
    ],
)
def test_too_few_and_too_many_categories_are_refused(
    tmp_path: Path, colors: list[str], message: str
) -> None:
    rows = "".join(f"{i},{color},2,{'xy'[i % 2]}\n" for i, color in enumerate(colors))
    with pytest.raises(DataError, match=message):
        read(tmp_path, "a,color,b,t\n" + rows, **SHAPED)
