"""Java reads what was written, whatever its characters."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.java_properties import read_properties, write_properties

TEXT = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text == text.strip())


def lines(tmp_path: Path, **pairs: str) -> list[str]:
    write_properties(tmp_path / "x.properties", pairs)
    return (tmp_path / "x.properties").read_bytes().decode("latin-1").split("\n")


def test_characters_beyond_ascii_are_escaped(tmp_path: Path) -> None:
    assert lines(tmp_path, a="/home/prüfung/日本/😀")[0] == (
        r"a=/home/pr\u00fcfung/\u65e5\u672c/\ud83d\ude00"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("my project, v2", "my project, v2"),
        (r"C:\new", r"C:\\new"),
        ("a#b!c:d=e", "a#b!c:d=e"),
        ("two\nlines", r"two\nlines"),
        (" led by a space", r"\ led by a space"),
        ("50% of $HOME; 'x' \"y\"", "50% of $HOME; 'x' \"y\""),
        ("\u0085\u2028", r"\u0085\u2028"),
        ("", ""),
    ],
)
def test_a_value_is_one_line(tmp_path: Path, value: str, written: str) -> None:
    assert lines(tmp_path, a=value) == [f"a={written}", ""]
    assert read_properties(tmp_path / "x.properties") == {"a": value}


@settings(deadline=None)
@given(st.dictionaries(TEXT, TEXT, max_size=4))
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "x.properties"
    write_properties(path, pairs)
    assert read_properties(path) == pairs


def test_a_file_is_read_as_java_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "x.properties"
    path.write_text(
        "# comment\n! comment \\\n a = b \nlong=one,\\\n    two\n"
        "k\\=ey=v\\u00fc\nplain=ü\nempty=\n",
        encoding="utf-8",
    )
    assert read_properties(path) == {
        "a": "b",
        "long": "one,two",
        "k=ey": "vü",
        "plain": "ü",
        "empty": "",
    }
    path.write_text("a=b\n\nnonsense\n")
    with pytest.raises(ValueError, match=r"x\.properties:3: 'nonsense'"):
        read_properties(path)
