from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpgui.datasets.csv_file import CsvRequest, load_csv
from bpgui.datasets.errors import DataError
from bpgui.datasets.table import Table


def loaded(
    folder: Path,
    content: str | bytes,
    inputs: tuple[str, ...] = ("a", "b"),
    targets: tuple[str, ...] = ("t",),
    outputs: int | None = None,
) -> Table:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_csv(path, CsvRequest(inputs, targets), outputs).table


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rows=st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 3), min_size=1, max_size=8
    ),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_numbers_come_back_to_the_bit(
    tmp_path: Path, rows: list[tuple[float, ...]], delimiter: str, end: str, mark: str
) -> None:
    lines = [delimiter.join(map(repr, row)) for row in rows]
    content = mark + end.join([delimiter.join(("b", "t", "a")), *lines, ""])
    made = loaded(tmp_path, content)
    expected = np.array(rows)
    np.testing.assert_array_equal(made.inputs, expected[:, [2, 0]])
    np.testing.assert_array_equal(made.targets, expected[:, [1]])
    assert (made.input_names, made.target_names) == (("a", "b"), ("t",))


def test_other_columns_may_hold_anything_and_lines_may_be_blank(tmp_path: Path) -> None:
    made = loaded(tmp_path, 'name,a,b,t\n"one, first",1,2,0.5\n\n,3,4,1.5\n')
    np.testing.assert_array_equal(made.inputs, [[1, 2], [3, 4]])
    assert made.kind == "regression"
    assert made.classes is None


def test_text_targets_are_classes_by_name(tmp_path: Path) -> None:
    made = loaded(tmp_path, "a,b,t\n1,2,red\n3,4,blue\n5,6,green\n")
    assert made.classes == ("blue", "green", "red")
    assert made.target_names == made.classes
    np.testing.assert_array_equal(made.targets, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])


@pytest.mark.parametrize(
    ("outputs", "targets", "names"),
    [(1, [[1], [0]], ("t",)), (2, [[0, 1], [1, 0]], ("no", "yes"))],
)
def test_two_classes_fit_one_output_or_two(
    tmp_path: Path, outputs: int, targets: list[list[int]], names: tuple[str, ...]
) -> None:
    made = loaded(tmp_path, "a,b,t\n1,2,yes\n3,4,no\n", outputs=outputs)
    np.testing.assert_array_equal(made.targets, targets)
    assert (made.classes, made.target_names) == (("no", "yes"), names)


def test_class_indices_become_one_hot_for_several_outputs(tmp_path: Path) -> None:
    made = loaded(tmp_path, "a,b,t\n1,2,2\n3,4,0\n", outputs=3)
    np.testing.assert_array_equal(made.targets, [[0, 0, 1], [1, 0, 0]])
    assert made.classes == ("0", "1", "2")


@pytest.mark.parametrize("outputs", [None, 1])
def test_a_column_of_zeros_and_ones_is_two_classes(tmp_path: Path, outputs: int | None) -> None:
    made = loaded(tmp_path, "a,b,t\n1,2,1\n3,4,0\n", outputs=outputs)
    np.testing.assert_array_equal(made.targets, [[1], [0]])
    assert (made.kind, made.classes) == ("classification", ("0", "1"))


def test_several_target_columns_may_be_one_hot(tmp_path: Path) -> None:
    made = loaded(tmp_path, "a,s,t\n1,0,1\n3,1,0\n", ("a",), ("s", "t"))
    assert (made.kind, made.classes) == ("classification", ("s", "t"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n\n", "the first line should name the columns"),
        ("a,b,t\n", "has a header but no samples"),
        ("a,b,t\n1,2\n", r"line 2: has 2 fields, but the header names 3"),
        ("a,b,t\n1,2,3\n\n1,2,3,4\n", r"line 4: has 4 fields"),
        ("a,b,t\n1,2,3\n1,x,3\n", r"line 3, column b: 'x' is no number"),
        ("a,b,t\n1,,3\n", r"line 2, column b: there is no number"),
        ("a,b,t\n1,1_000,3\n", r"line 2, column b: '1_000' is no number"),
        ("a;b;t\n1;0,5;3\n", r"'0,5' is no number; write one such as 0.5"),
        ("a,b,t\n1,nan,3\n", r"line 2, column b: 'nan' is not a finite number"),
        ("a,b,t\n1,2,inf\n", r"line 2, column t: 'inf' is not a finite number"),
        ("a,b,t\n1e999,2,3\n", r"line 2, column a: '1e999' is not a finite number"),
        ("a,b,t\n1,2,3\n1,2,red\n", r"line 3, column t: 'red' is no number"),
        ("a,b,t\n1,2,red\n1,2,\n", r"line 3, column t: there is no class name"),
        ("a,b,t\n1,2,red\n1,2,red\n", "every sample is of the class 'red'"),
        ("a,b,tt\n1,2,3\n", "line 1: there is no column 't'; did you mean tt?"),
        ("left,right,up\n1,2,3\n", "there are left, right, up"),
        ("a,a,t\n1,2,3\n", "2 columns are called 'a'"),
        ('a,b,t\n1,2,"3\n', "is no proper CSV"),
        ('a,b,"t\n1,2,3\n', "is no proper CSV"),
        ("a,b,t\n1,2,\0\n", "holds zero bytes"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is not UTF-8 text"),
        ("a,b,t\n" + "9" * 200_000 + ",2,3\n", "field larger than field limit"),
    ],
)
def test_each_bad_file_is_refused_with_its_place(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        loaded(tmp_path, content)
    assert "data.csv" in caught.value.place


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.text(alphabet='abt019.,;\n\r"-e\t \0é', max_size=40))
def test_any_text_is_read_or_refused(tmp_path: Path, rest: str) -> None:
    with suppress(DataError):
        assert len(loaded(tmp_path, "a,b,t\n" + rest)) > 0


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="named twice among the inputs and targets"):
        loaded(tmp_path, "a,b,t\n1,2,3\n", ("a", "t"), ("t",))


def test_too_many_classes_are_refused(tmp_path: Path) -> None:
    lines = "".join(f"1,2,name{i}\n" for i in range(1001))
    with pytest.raises(DataError, match="names 1,001 classes; 2 to 1,000 are read"):
        loaded(tmp_path, "a,b,t\n" + lines)


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)
    with pytest.raises(DataError, match="at most 268,435,456 are read"):
        load_csv(path, CsvRequest(("a",), ("t",)))


def test_a_missing_file_is_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file") as caught:
        load_csv(tmp_path / "gone.csv", CsvRequest(("a",), ("t",)))
    assert caught.value.missing
