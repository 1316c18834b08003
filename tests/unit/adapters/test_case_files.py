"""Files of cases, whole and broken: each line is read or refused, and the next one is still read."""

import json
from pathlib import Path

import pytest

from knelpunt.adapters.files import cases as case_files
from knelpunt.adapters.files.cases import Line, read_lines
from knelpunt.domain.shapes import FileRefused


def write(path: Path, content: bytes) -> list[Line]:
    path.write_bytes(content)
    return list(read_lines(path))


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"{not json}", "geen geldige JSON"),
        (b"[1, 2]", "geen JSON-object"),
        (b'"text"', "geen JSON-object"),
        (b'{"title": "\xff"}', "geen geldige UTF-8"),
        (b'{"a": 1, "a": 2}', "Het veld 'a' staat er twee keer"),
        (json.dumps({str(n): n for n in range(60_000)}).encode(), "meer dan 100 velden"),
        (json.dumps({"a": [{str(n): n for n in range(101)}]}).encode(), "meer dan 100 velden"),
        (b"[" * 100_000, "geen geldige JSON"),
        (b'{"year": ' + b"1" * 10_000 + b"}", "geen geldige JSON"),
        (b'{"title": "' + b"x" * case_files.MAX_LINE_BYTES + b'"}', "langer dan een miljoen"),
    ],
)
def test_a_broken_line_is_refused_and_the_next_one_is_read(tmp_path: Path, raw: bytes, problem: str) -> None:
    first, second = write(tmp_path / "cases.jsonl", raw + b'\n{"id": "b"}\n')
    assert first.data is None
    assert first.problem is not None
    assert problem in first.problem
    assert second == Line(2, data={"id": "b"})


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    lines = write(tmp_path / "cases.jsonl", b'\xef\xbb\xbf{"id": "a"}\n\n  \n{"id": "b"}')
    assert [(line.number, line.data) for line in lines] == [(1, {"id": "a"}), (4, {"id": "b"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_row_becomes_the_same_object(tmp_path: Path, delimiter: str) -> None:
    heading = ["id", "year", "title", "blocking", "label_law", "source_url", "note"]
    row = ["a", "2019", '"Met ""aanhaling"""', '"wabo|2.1|source; lokaal||inferred"', "chw", "https://e.nl", ""]
    lines = write(tmp_path / "c.csv", "\n".join([delimiter.join(heading), delimiter.join(row)]).encode())
    assert lines == [
        Line(
            2,
            data={
                "id": "a",
                "year": 2019,
                "title": 'Met "aanhaling"',
                "blocking": [
                    {"law": "wabo", "article": "2.1", "basis": "source"},
                    {"law": "lokaal", "article": None, "basis": "inferred"},
                ],
                "label": {"law": "chw"},
                "source": {"url": "https://e.nl"},
                "note": None,
            },
        )
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"a,b,c", "De regel heeft 3 velden; de kop heeft er 2."),
        (b'"a"b,c', "De regel is geen geldige CSV."),
        (b"a,\xff", "De regel is geen geldige UTF-8."),
    ],
)
def test_a_broken_row_is_refused_and_the_next_one_is_read(tmp_path: Path, row: bytes, problem: str) -> None:
    first, second = write(tmp_path / "c.csv", b"id,title\n" + row + b"\nd,e\n")
    assert first.problem == problem
    assert second.data == {"id": "d", "title": "e"}


@pytest.mark.parametrize("content", [b"", b"id,name\n", b"title,title\n", b"title" + b",x" * 100])
def test_a_csv_file_without_usable_headings_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused):
        write(tmp_path / "c.csv", content)


def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="kan niet worden gelezen"):
        list(read_lines(tmp_path / "nothing.jsonl"))


def test_a_long_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text("".join(json.dumps({"id": str(number)}) + "\n" for number in range(5000)), encoding="utf-8")
    lines = read_lines(path)
    assert next(lines).data == {"id": "0"}
    lines.close()
