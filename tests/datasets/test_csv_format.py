from pathlib import Path

import pytest

from bpgui.datasets.csv_format import CsvFormat, detected
from bpgui.datasets.csv_survey import guessed_roles, surveyed
from bpgui.datasets.errors import DataError

FLOWERS = Path(__file__).parent / "flowers.csv"


def put(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n3,4\n", (",", ".", "utf-8", True)),
        ("a;b\n1,5;2\n3;4,5\n", (";", ",", "utf-8", True)),
        ("1,5;2,5\n3,5;4,5\n", (";", ",", "utf-8", False)),
        ("1.5;2.5\n3;4.5\n", (";", ".", "utf-8", False)),
        ("a\tb\n1\t2\n", ("\t", ".", "utf-8", True)),
        ("a|b\n1|2\n", ("|", ".", "utf-8", True)),
        ("a b\n1  2\n3 4\n", (" ", ".", "utf-8", True)),
        ("first name,b c d e\nx y z,1\n", (",", ".", "utf-8", True)),
        ("Größe;b\n1;2\n".encode("cp1252"), (";", ".", "cp1252", True)),
        ("Größe;b\n1;2\n".encode("utf-8-sig"), (";", ".", "utf-8", True)),
        ("Größe;b\n1;2\n".encode("utf-16"), (";", ".", "utf-16", True)),
        ("a,b\r1,2\r3,4\r", (",", ".", "utf-8", True)),
        ("one\n1\n2\n", (",", ".", "utf-8", True)),
    ],
)
def test_what_a_file_is_written_like(
    tmp_path: Path, content: str | bytes, expected: tuple[str, str, str, bool]
) -> None:
    path = put(tmp_path, content)
    assert detected(path) == CsvFormat(*expected)
    assert len(surveyed(path, detected(path)).rows) >= 1


def test_iris_with_decimal_commas_is_surveyed() -> None:
    survey = surveyed(FLOWERS, detected(FLOWERS))
    assert (survey.surveyed, survey.complete, survey.format.decimal) == (150, True, ",")
    first, *_, last = survey.columns
    assert (first.kind, first.low, first.high, first.gaps) == ("number", 4.3, 7.9, 0)
    assert last.counts == (("Iris-setosa", 50), ("Iris-versicolor", 50), ("Iris-virginica", 50))
    assert guessed_roles(survey.columns) == ("input",) * 4 + ("target",)
    assert survey.rows[0] == ("5,1", "3,5", "1,4", "0,2", "Iris-setosa")


@pytest.mark.parametrize(
    ("content", "roles"),
    [
        ("id,a,b\n1,2,3\n2,5,6\n3,7,9\n", ("ignore", "input", "target")),
        ("a,same,kind\n1,7,x\n2,7,y\n4,7,x\n3,7,y\n", ("input", "ignore", "target")),
        ("class,a,b\n1,2.5,3\n2,5,6\n3,7,9.5\n1,8,3\n", ("target", "input", "input")),
        ("kind,a,b\nx,2.5,3\ny,5,6\nx,7,9.5\n", ("target", "input", "input")),
        ("a,empty,b\n1,,3\n2,,6\n7,,9\n", ("input", "ignore", "target")),
        ("a,color,kind\n" + "2,red,x\n5,blue,y\n" * 3, ("input", "input", "target")),
        ("color,shape,price\n" + "red,o,3\nblue,v,7\n" * 3, ("input", "input", "target")),
        ("color,class,b\n" + "red,1,3\nblue,2,7\n" * 3, ("input", "target", "input")),
        ("name,b,kind\nAda,1,x\nBob,2,y\nCy,5,x\nDi,7,y\n", ("ignore", "input", "target")),
    ],
)
def test_what_each_column_is_for(tmp_path: Path, content: str, roles: tuple[str, ...]) -> None:
    path = put(tmp_path, content)
    assert guessed_roles(surveyed(path, detected(path)).columns) == roles


def test_gaps_faults_and_constants_are_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b,c,d\n1,NA,7,1\n2,4,7,inf\n?,5,7,3\n3,six,7,4\n4,8,7,6\n")
    a, b, c, d = surveyed(path, detected(path)).columns
    assert (a.gaps, a.markers, a.fault) == (1, ("?",), None)
    assert (b.gaps, b.markers, b.fault) == (1, ("NA",), (5, "six"))
    assert (c.constant, d.fault) == (True, (3, "inf"))
    assert (a.low, a.high, a.mean) == (1.0, 4.0, 2.5)


def test_the_beginning_of_a_large_file_stands_for_it(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\n" + "1.25,2.5\n3.75,4.5\n" * 200_000)
    survey = surveyed(path, detected(path))
    assert not survey.complete
    assert 200_000 < survey.surveyed < 400_000
    assert (len(survey.rows), survey.size) == (100, path.stat().st_size)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), r"is not UTF-8 text \(byte 1, "),
        ("a,b\n3\n1,2\n", r"line 2: has 1 field, but the header names 2"),
        (",".join(f"c{i}" for i in range(20_001)) + "\n", "has 20,001 columns; at most 20,000"),
        ("\n\n\n", "is empty"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(DataError, match=message):
        surveyed(path, detected(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder; give a file"):
        detected(tmp_path)


def test_what_comes_before_a_fault_is_surveyed(tmp_path: Path) -> None:
    survey = surveyed(put(tmp_path, "a,b\n1,2\n3,4\n5\n6,7\n"), CsvFormat(","))
    assert (survey.surveyed, survey.complete, survey.rows) == (2, False, (("1", "2"), ("3", "4")))
    assert "line 4: has 1 field," in str(survey.fault)
