"""What the starter cannot paint is said before it tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.starter_facts import TRAINED_SIZES
from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import VIDEO, write


def warnings(folder: Path, text: str) -> list[str]:
    """As `line:column: path: message`."""
    path = write(folder, text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


def test_a_subject_that_it_does_not_know(tmp_path: Path) -> None:
    assert warnings(tmp_path, f'{VIDEO}prompts: {{0: a ship, 1s: ["a dragon"]}}\n') == [
        "2:27: prompts.1s.0: the starter knows no subject in this prompt, and these words mean "
        'nothing to it: "dragon". It paints lighthouse, castle, ship, tree, house, pyramid, '
        "mountain, windmill, balloon, temple, bridge, road, tunnel, planet, spaceship, or a "
        "landscape; docs/starter.md shows all that it knows"
    ]


def test_a_subject_that_it_has_a_near_word_for(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{VIDEO}prompts: a painting of a lighthose and a cathedral\n") == [
        "2:10: prompts: the starter knows no subject in this prompt, and these words mean nothing "
        'to it: "lighthose" (did you mean "lighthouse"?), "cathedral" (nearest: "temple"); '
        "docs/starter.md shows all that it knows"
    ]


def test_words_beside_a_subject_that_it_knows(tmp_path: Path) -> None:
    assert warnings(tmp_path, f"{VIDEO}prompts: a gloomy castle and a wolf, 8k\n") == [
        '2:10: prompts: these words mean nothing to the starter: "gloomy" (nearest: "dark"), '
        '"wolf"; docs/starter.md shows all that it knows'
    ]


def test_subjects_that_compete(tmp_path: Path) -> None:
    several = "the starter paints one subject, and not all in this prompt: ship, castle"
    assert warnings(tmp_path, f"{VIDEO}prompts: a boat and a castle\n") == [
        f"2:10: prompts: {several}"
    ]
    assert warnings(tmp_path, f"{VIDEO}prompts: a boat, a castle, wolves\n") == [
        f'2:10: prompts: {several}; these words mean nothing to the starter: "wolves"; '
        "docs/starter.md shows all that it knows"
    ]
    assert not warnings(tmp_path, f"{VIDEO}prompts: [a boat, a castle with a tower]\n")


def test_many_words_are_counted(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, f"{VIDEO}prompts: a castle, ab, cd, ef, gh, ij, kl, ab, mn\n")
    assert 'starter: "ab", "cd", "ef", "gh", "ij", 2 more; docs' in told


def test_a_line_of_a_song_is_not_read_but_what_stays_without_it(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text("[00:00.50]A dragon\n[00:01.00]\n", encoding="utf-8")
    music = "music: {lyrics: song.lrc}\n"
    assert not warnings(tmp_path, f'{VIDEO}{music}prompts: "a castle, {{lyric}}"\n')
    (told,) = warnings(tmp_path, f'{VIDEO}{music}prompts: "a wolf, {{lyric}}"\n')
    assert '"wolf". It paints' in told


def test_a_text_is_told_once_and_other_denoisers_have_other_words(tmp_path: Path) -> None:
    twice = f"{VIDEO}prompts: {{0: a dragon, 1s: a ship, 1.5s: a dragon}}\n"
    assert len(warnings(tmp_path, twice)) == 1
    assert not warnings(tmp_path, f"{twice}models: {{denoiser: pixelartdiffusion4k}}\n")


@pytest.mark.parametrize("size", [*TRAINED_SIZES, (160, 90), (96, 96), (90, 160), (168, 96)])
def test_sizes_that_it_paints(tmp_path: Path, size: tuple[int, int]) -> None:
    video = VIDEO.replace("[96, 96]", str(list(size)))
    assert not warnings(tmp_path, f"{video}prompts: a castle\n")


@pytest.mark.parametrize(
    ("size", "shows", "fitting"),
    [
        ((192, 120), "its subject several times", "[144, 96]"),
        ((144, 144), "its subject several times", "[120, 120]"),
        ((96, 192), "its subject several times", "[96, 144]"),
        ((96, 64), "only a part of its subject, or none", "[144, 96]"),
        ((32, 32), "only a part of its subject, or none", "[120, 120]"),
    ],
)
def test_sizes_beyond_its_training(
    tmp_path: Path, size: tuple[int, int], shows: str, fitting: str
) -> None:
    video = VIDEO.replace("[96, 96]", str(list(size)))
    assert warnings(tmp_path, f"{video}prompts: a castle\n") == [
        "1:15: video.size: the starter was trained on 144 x 96, 120 x 120 and 96 x 144 pixels, and "
        f"a picture of {size[0]} x {size[1]} may show {shows}; write size: {fitting}, and give "
        "the video another size with output: {size: ...}"
    ]
