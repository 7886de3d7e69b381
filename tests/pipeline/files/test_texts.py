from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files.texts import as_text, read_text

WORDS = "gr\u00fcn \u20ac\nund"


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        WORDS.encode("utf-16"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        WORDS.encode("cp1252"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode(),
    ],
)
def test_a_text_in_the_encodings_of_other_programs(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    assert read_text(file) == WORDS


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"a\x81b", b"\xff\xfea"])
def test_no_text(content: bytes) -> None:
    with pytest.raises(ValueError) as error:
        as_text(content, Path("song.txt"))
    assert str(error.value) == '"song.txt" is not a text; export it as a text file in UTF-8'


def test_a_file_that_is_empty_too_large_or_not_there(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"")
    with pytest.raises(ValueError, match=r"words.txt\" is empty, 0 bytes; export it again$"):
        read_text(file)
    file.write_bytes(b"12345")
    assert read_text(file, most=5) == "12345"
    with pytest.raises(ValueError, match=r"is larger than 4 bytes; is it the right file\?$"):
        read_text(file, most=4)
    with pytest.raises(ValueError, match=r"cannot be read: No such file or directory$"):
        read_text(tmp_path / "no.txt")
