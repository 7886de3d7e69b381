"""Templates are scenes without mistakes or warnings, whose comments teach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from pipeline.catalogue.prompt_readers import starter_tokenizer
from pipeline.errors import Error
from pipeline.plan.make import make_plan
from pipeline.scene.load import read_scene
from pipeline.scene.schema_file import schema_text
from pipeline.scene.starting.picture import sunset_png
from pipeline.scene.starting.song_scene import HeardSection, song_scene
from pipeline.scene.starting.templates import (
    command_word,
    filled,
    needs_picture,
    summaries,
    template,
    templates,
    yaml_text,
)
from tests.media import write_silence
from tests.pipeline.scene.whole_scenes import as_json
from tests.pipeline.scene_files import write

MAIN_USES = {"zoom", "flight", "morph", "music", "stills", "vertical", "loop", "picture"}


def test_there_is_one_for_each_main_use() -> None:
    assert set(templates()) == MAIN_USES


@pytest.mark.parametrize("name", sorted(MAIN_USES))
def test_a_template_is_a_scene_that_nothing_is_said_against(name: str, tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(sunset_png())
    text = filled(template(name), "a b.yaml", "a b.png")
    read = read_scene(write(tmp_path, text))
    assert len(make_plan(read.scene)) > 1 and not read.warnings
    assert list(Draft7Validator(json.loads(schema_text())).iter_errors(as_json(text))) == []


@pytest.mark.parametrize("name", sorted(MAIN_USES))
def test_its_comments_say_what_it_is_how_it_is_rendered_and_what_to_change(name: str) -> None:
    lines = filled(template(name), "night.yaml", "night.png").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert comments[0].endswith(".") and summaries()[name] == comments[0].removeprefix("# ")
    assert "discoreel render night.yaml" in "\n".join(comments)
    assert any(line.startswith("# Change first: ") for line in comments)
    assert sum("  # " in line for line in lines) >= 5 and max(map(len, lines)) <= 100


def test_only_one_begins_from_a_picture() -> None:
    assert [name for name, text in templates().items() if needs_picture(text)] == ["picture"]


def test_a_name_that_is_none_s_lists_the_near_one_and_all() -> None:
    with pytest.raises(Error, match=r'no template "fligt" \(did you mean "flight"\?\).*loop.*zoom'):
        template("fligt")


def test_names_with_blanks_are_quoted() -> None:
    assert command_word("a b.yaml") == '"a b.yaml"' and command_word("a.yaml") == "a.yaml"
    assert yaml_text("é b.png") == '"é b.png"' and yaml_text("ab.png") == "ab.png"


SECTIONS = [
    *(HeardSection("intro", 0.2), HeardSection("verse", 0.5), HeardSection("chorus", 0.9)),
    *(HeardSection("verse 2", 0.5), HeardSection("chorus 2", 0.9)),
]
BLOCK = (
    "music:\n  file: pulse.wav\n  bpm: 120\n  sections:\n    intro: 0s\n    verse: bar 3\n"
    "    chorus: bar 5\n    verse 2: bar 7\n    chorus 2: bar 9"
)


def test_every_subject_and_ground_of_a_song_s_shots_is_one_that_the_starter_knows() -> None:
    sections = [HeardSection(f"part {letter}", 0.5) for letter in "abcdef"]
    text = song_scene("pulse.wav", BLOCK, sections, has_bars=True)
    prompts = [line.split('"')[1] for line in text.splitlines() if " prompts: " in line]
    assert len(prompts) == 6 and not [one for one in prompts if starter_tokenizer().unknown(one)]


def test_a_song_has_a_shot_for_each_section_and_one_subject_for_those_alike(
    tmp_path: Path,
) -> None:
    write_silence(tmp_path / "pulse.wav", 24.0)
    text = song_scene("pulse.wav", BLOCK, SECTIONS, has_bars=True)
    read = read_scene(write(tmp_path, text))
    shots = {shot.name: shot for shot in read.scene.shots}
    assert list(shots) == [section.name for section in SECTIONS] and not read.warnings
    prompts = {name: str(shot.settings.prompts(0.0)) for name, shot in shots.items()}
    assert prompts["verse"] == prompts["verse 2"] != prompts["chorus"] == prompts["chorus 2"]
    assert [name for name, shot in shots.items() if shot.fade] == ["verse 2"]


@pytest.mark.parametrize("sections", [SECTIONS[:2], SECTIONS[:1], []], ids=len)
def test_a_song_without_a_beat_is_painted_every_second(
    sections: list[HeardSection], tmp_path: Path
) -> None:
    write_silence(tmp_path / "pulse.wav", 24.0)
    block = "music:\n  file: pulse.wav\n  sections:\n    intro: 0s\n    verse: 8s"
    text = song_scene("pulse.wav", block, sections, has_bars=False)
    read = read_scene(write(tmp_path, text))
    assert len(read.scene.shots) == (2 if len(sections) == 2 else 0) and not read.warnings


def test_a_name_of_two_lines_stays_in_the_comment() -> None:
    assert "a�b" in song_scene("a\nb", BLOCK, SECTIONS, has_bars=True).splitlines()[0]
