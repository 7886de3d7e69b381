"""What the starter cannot paint is said before it tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.prompt_readers import starter_tokenizer
from pipeline.catalogue.starter_facts import CONNECTING, SUBJECTS, TRAINED_SIZES
from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import VIDEO, write
from tools.world.editions import EDITIONS, SHIPPED
from tools.world.words import SUBJECTS as PAINTED

ROOT = Path(__file__).parents[3]


def warnings(folder: Path, text: str) -> list[str]:
    """As `line:column: path: message`."""
    path = write(folder, text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


def words_of(folder: Path, prompt: str) -> str:
    """What is said of the words of a prompt; empty where nothing is."""
    told = warnings(folder, f"{VIDEO}prompts: {prompt}\n")
    return "".join(told).partition("mean nothing to it: ")[2].partition(". What")[0]


def test_a_subject_that_it_does_not_know(tmp_path: Path) -> None:
    assert warnings(tmp_path, f'{VIDEO}prompts: {{0: a ship, 1s: ["a dragon"]}}\n') == [
        "2:27: prompts.1s.0: the starter knows no subject in this prompt, and these words mean "
        'nothing to it: "dragon". What it paints: lighthouse, castle, ship, tree, house, pyramid, '
        "or a landscape; docs/starter.md says more"
    ]


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("two castles", '"two", "castles" (did you mean "castle"?)'),
        ("a painting of a lighthose by the sea", '"lighthose" (did you mean "lighthouse"?)'),
        ("a b1 c2 d3 e4 f5 g6 h7", '"b1", "c2", "d3", "e4", "f5", 2 more'),
        ("this is for my dragon of 1997", '"dragon"'),
        # Where it knows a subject, the field's filler and names change nothing.
        ("a Lighthouse by Zdzislaw Beksinski, hyperrealistic", ""),
        ("the sea at night, trending on artstation", ""),
        ("a view of fog", ""),
    ],
)
def test_words_that_mean_nothing(tmp_path: Path, prompt: str, words: str) -> None:
    assert words_of(tmp_path, prompt) == words


def test_a_text_is_told_once_and_other_denoisers_have_other_words(tmp_path: Path) -> None:
    twice = f"{VIDEO}prompts: {{0: a dragon, 1s: a ship, 1.5s: a dragon}}\n"
    assert len(warnings(tmp_path, twice)) == 1
    assert not warnings(tmp_path, f"{twice}models: {{denoiser: pixelartdiffusion4k}}\n")


@pytest.mark.parametrize("size", [*TRAINED_SIZES, (112, 80), (64, 64), (80, 112), (96, 96)])
def test_sizes_that_it_paints(tmp_path: Path, size: tuple[int, int]) -> None:
    video = VIDEO.replace("[64, 64]", str(list(size)))
    assert not warnings(tmp_path, f"{video}prompts: a castle\n")


@pytest.mark.parametrize(
    ("size", "shows", "fitting"),
    [
        ((128, 80), "its subject several times", "[96, 64]"),
        ((112, 112), "its subject several times", "[80, 80]"),
        ((64, 128), "its subject several times", "[64, 96]"),
        ((128, 48), "only a part of its subject, or none", "[96, 64]"),
        ((32, 32), "only a part of its subject, or none", "[80, 80]"),
    ],
)
def test_sizes_beyond_its_training(
    tmp_path: Path, size: tuple[int, int], shows: str, fitting: str
) -> None:
    video = VIDEO.replace("[64, 64]", str(list(size)))
    assert warnings(tmp_path, f"{video}prompts: a castle\n") == [
        "1:15: video.size: the starter was trained on 96 x 64, 80 x 80 and 64 x 96 pixels, and a "
        f"picture of {size[0]} x {size[1]} may show {shows}; write size: {fitting}, and give "
        "the video another size with output: {size: ...}"
    ]


def test_the_subjects_are_those_of_the_painted_world_that_it_was_trained_on() -> None:
    subjects = EDITIONS[SHIPPED].values["subject"]
    heads = {phrase.split()[-1] for name in subjects for phrase in PAINTED[name]}
    known = set(starter_tokenizer().words)
    # Words of a later edition, for subjects of this one, are not in its vocabulary.
    assert set(SUBJECTS) == heads & known
    assert CONNECTING.isdisjoint(known)


def test_the_sizes_are_those_of_the_manual_and_the_training() -> None:
    manual = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")
    wide, square, tall = (f"{width} x {height}" for width, height in TRAINED_SIZES)
    assert f"trained on {wide}, {square} and {tall} pixels" in manual
    training = (ROOT / "tools" / "train" / "README.md").read_text(encoding="utf-8")
    recipe = (ROOT / "tools" / "train" / "denoiser.yaml").read_text(encoding="utf-8")
    assert "margin: 8 " in recipe
    for width, height in TRAINED_SIZES:
        assert f"--size {width + 8}x{height + 8} " in training
