"""Configuration files: what is read, and what is said about a file that is not right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.catalogue.config import ForeignConfig, OwnConfig, listed, read_config
from pipeline.errors import ModelError


class Planes(OwnConfig):
    near: float
    far: float = 2.0


class Camera(OwnConfig):
    name: str
    planes: Planes | None = None
    lens: Planes = Planes(near=1)


class Loose(ForeignConfig):
    width: int


def complaint(path: Path, text: str | bytes, kind: type[OwnConfig] | type[ForeignConfig]) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ModelError) as caught:
        read_config(path, kind)
    first, *faults, last = str(caught.value).splitlines()
    assert first == f"{path}: this configuration cannot be used:"
    assert last == "restore the file, or use another model"
    return "\n".join(line.removeprefix("  ") for line in faults)


def test_values_and_defaults_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"name": "a", "planes": {"near": 1}}', encoding="utf-8")
    assert read_config(path, Camera) == Camera(name="a", planes=Planes(near=1, far=2))


def test_a_foreign_file_keeps_what_is_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"width": 3, "layers": [1, 2]}', encoding="utf-8")
    assert read_config(path, Loose).model_dump() == {"width": 3, "layers": [1, 2]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", "name: is missing"),
        ('{"name": 3}', "name: found 3; it should be a valid string"),
        ('{"name": null}', "name: found nothing; it should be a valid string"),
        ('{"name": "a", "planes": [1]}', "planes: found a list; it should be an object"),
        ('{"name": "a", "planes": {}}', "planes.near: is missing"),
        (
            '{"name": "a", "planes": {"near": true}}',
            "planes.near: found true; it should be a valid number",
        ),
        (
            '{"name": "a", "planes": {"near": NaN}}',
            "planes.near: found nan; it should be a finite number",
        ),
        (
            '{"name": "a", "planes": {"near": 1, "fart": 2}}',
            'planes.fart: unknown key (did you mean "far"?); allowed: near, far',
        ),
        (
            '{"name": "a", "lens": {"near": 1, "wide": 2}}',
            "lens.wide: unknown key; allowed: near, far",
        ),
        (
            '{"name": 3, "planets": {}}',
            "name: found 3; it should be a valid string\n"
            'planets: unknown key (did you mean "planes"?); allowed: name, planes, lens',
        ),
        ("[]", "found a list; it should be an object"),
    ],
)
def test_every_fault_has_its_key_what_was_found_and_what_is_allowed(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert complaint(tmp_path / "config.json", text, Camera) == expected


@pytest.mark.parametrize(
    "text",
    [b"", b'{"name": ', b"\x80\x02}q\x00.", 100_000 * b"[", '{"name": "\xe4"}'.encode("latin-1")],
    ids=["empty", "torn", "a pickle", "deep", "not UTF-8"],
)
def test_a_file_that_is_not_json_is_named(tmp_path: Path, text: bytes) -> None:
    said = complaint(tmp_path / "config.json", text, Camera)
    assert re.fullmatch(r"not valid JSON: .* at line 1 column \d+", said)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with pytest.raises(ModelError) as caught:
        read_config(path, Camera)
    assert str(caught.value) == (
        f"{path}: cannot be read (No such file or directory); is the model's folder whole?"
    )


def test_many_faults_are_counted() -> None:
    assert listed(["a", "b"]) == "  a\n  b"
    assert listed([*"abcdefg"]) == "  a\n  b\n  c\n  d\n  e\n  and 2 more"
