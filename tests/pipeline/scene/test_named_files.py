"""Which files the text of a scene may name."""

from __future__ import annotations

from pathlib import Path

from pipeline.scene.named_files import MOST, named_files

TEXT = """\
music: {file: song.wav, marks: taps/mine.txt}
prompts: a castle by the sea
stray: [a.b.c, {more: "https://example.com/a.png"}, 3.5, ../base.yaml]
"""


def test_texts_with_an_ending_or_a_folder_are_files(tmp_path: Path) -> None:
    here = tmp_path.resolve()
    names = ("song.wav", "taps/mine.txt", "a.b.c", "../base.yaml")
    assert named_files(TEXT, here) == tuple((here / name).resolve() for name in names)


def test_files_that_are_named_by_keys_are_files_too(tmp_path: Path) -> None:
    here = tmp_path.resolve()
    text = "loras: {ink.safetensors: 0.8}\nembeddings: {a.word: b.pt}\n"
    profile = "profiles: {soft: {loras: {fog.safetensors: {0: 0}}}}\n"
    names = ("b.pt", "ink.safetensors", "fog.safetensors")
    assert named_files(text + profile, here) == tuple(here / name for name in names)


def test_what_is_no_yaml_names_none(tmp_path: Path) -> None:
    assert named_files("a: [", tmp_path) == ()
    assert named_files("", tmp_path) == ()


def test_there_is_an_end_to_them(tmp_path: Path) -> None:
    text = "\n".join(f"- {n}.png" for n in range(MOST + 10))
    assert len(named_files(text, tmp_path)) == MOST
