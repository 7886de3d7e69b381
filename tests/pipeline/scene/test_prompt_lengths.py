"""Prompts that are too long are told by check, in the words of the render."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.prompt_readers import prompt_reader
from pipeline.catalogue.publication import Role
from pipeline.errors import ModelError
from pipeline.networks.encoders.open_clip_folder import load_encoder
from pipeline.spec.sources import STARTER, NamedSource
from tests.pipeline.networks.hub import save_tokenizer
from tests.pipeline.networks.tiny import CPU, save_word_clip
from tests.pipeline.scene_files import VIDEO, complaints, load

LONG = " ".join(["a tall lighthouse,"] * 21)
"""63 words, of which the starter reads 62."""
REMEDY = (
    "shorten it, split it into several prompts with weights, or write "
    "models: {truncate_prompts: true} to have it cut there"
)


def test_it_is_told_with_what_would_be_left_out(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, f'{VIDEO}prompts:\n  0: the sea\n  12: ["{LONG}", fog]\n')
    # Where the reading would end.
    column = 9 + len(LONG) - len(" lighthouse,")
    assert told == (
        f"4:{column}: prompts.12.0: a prompt is longer than the encoder starter reads, which has "
        'room for 62 tokens: it would read up to "…ll lighthouse, a tall lighthouse, a tall '
        f'lighthouse, a tall" and leave out "lighthouse,"; {REMEDY}'
    )


def test_render_says_the_same(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, f"{VIDEO}prompts: {LONG}\n")
    encoder = load_encoder(STARTER_FOLDERS[Role.ENCODER], CPU)
    with pytest.raises(ModelError) as caught:
        encoder.encode_texts([LONG])
    assert told.partition(": prompts: ")[2] == str(caught.value)


@pytest.mark.slow
def test_check_and_render_draw_the_line_at_the_same_word(tmp_path: Path) -> None:
    random = Random(5)
    words = ("lighthouse", "o'clock", "8k", "Zdzisław,", "--", "x_y", "sea.", "🙂", "été")
    encoder = load_encoder(STARTER_FOLDERS[Role.ENCODER], CPU)
    reader = prompt_reader(NamedSource(STARTER))
    assert reader is not None
    refused = 0
    for _ in range(200):
        text = " ".join(random.choices(words, k=random.randint(40, 90)))
        told = reader.too_long(text)
        try:
            encoder.encode_texts([text])
        except ModelError as error:
            refused += 1
            assert told is not None and told.message == str(error)
        else:
            assert told is None
    assert 20 < refused < 180


@pytest.mark.parametrize(
    ("prompts", "path"),
    [
        ("{0}", "prompts"),
        ("{{text: {0}}}", "prompts.text"),
        ("[the sea, {0}]", "prompts.1"),
        ("{{0: the sea, 1s: {{text: {0}, weight: -0.5}}}}", "prompts.1s.text"),
    ],
)
def test_every_notation_has_its_place(tmp_path: Path, prompts: str, path: str) -> None:
    first, *_ = complaints(tmp_path, f"{VIDEO}prompts: {prompts.format(LONG.replace(',', ''))}\n")
    assert first.split(": ")[1] == path


def test_prompts_may_be_cut_and_unread_ones_be_long(tmp_path: Path) -> None:
    load(tmp_path, f"{VIDEO}prompts: {LONG}\nmodels: {{truncate_prompts: true}}\n")
    load(tmp_path, f"{VIDEO}prompts: [the sea, {{text: '{LONG}', weight: 0}}]\n")


def test_the_encoder_that_reads_least_has_a_say(tmp_path: Path) -> None:
    save_word_clip(tmp_path / "clip")
    short = f"{VIDEO}prompts: castle dawn sea castle dawn sea fog\n"
    encoders = "models: {encoders: [starter, clip]}\n"
    (first, *_) = complaints(tmp_path, short + encoders)
    assert f"the encoder {tmp_path.resolve()}/clip reads, which has room for 6 tokens" in first
    (long,) = complaints(tmp_path, f"{VIDEO}prompts: {LONG}\n{encoders}")
    assert "/clip reads" in long


@pytest.mark.parametrize(
    ("scale", "is_read"),
    [("0", False), ("{0%: 0, 50%: 0}", False), ("{0: 0, 2: 100}", True), ("'frame'", True)],
)
def test_an_encoder_that_never_guides_has_no_say(tmp_path: Path, scale: str, is_read: bool) -> None:
    models = "models: {denoiser: sdxl, encoders: starter}\n"
    text = f"{VIDEO}prompts: {LONG}\n{models}guidance: {{clip_guidance_scale: {scale}}}\n"
    if is_read:
        (told,) = complaints(tmp_path, text)
        assert "the encoder starter reads" in told
    else:
        load(tmp_path, text)


def test_published_encoders_count_their_own_tokens(tmp_path: Path) -> None:
    models = "models: {encoders: ViT-B-32/openai, denoiser: pixelartdiffusion4k}\n"
    # Longer than the starter reads, in words, and shorter than CLIP does, in tokens.
    load(tmp_path, f"{VIDEO}prompts: {' '.join(['sea'] * 75)}\n{models}")
    (first,) = complaints(tmp_path, f"{VIDEO}prompts: {' '.join(['sea'] * 76)}\n{models}")
    assert "the encoder ViT-B-32/openai reads, which has room for 75 tokens" in first
    assert 'and leave out "sea";' in first


def test_a_tokenizer_of_the_hub_counts_once_it_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.catalogue.published_tokenizers import tokenizer_file
    from pipeline.catalogue.store import VARIABLE, ModelStore

    store = ModelStore(tmp_path / "store")
    monkeypatch.setenv(VARIABLE, str(store.root))
    models = "models: {encoders: ViT-B-16-SigLIP/webli, denoiser: pixelartdiffusion4k}\n"
    scene = f"{VIDEO}prompts: {' '.join(['sea'] * 70)}\n{models}"
    load(tmp_path, scene)
    for file, end in zip(
        save_tokenizer(store.root), ("tokenizer.json", "tokenizer_config.json"), strict=True
    ):
        entry = tokenizer_file("timm/ViT-B-16-SigLIP", end)
        file.rename(store.path(entry))
        store.remember(entry, "0" * 64)
    first, *_ = complaints(tmp_path, scene)
    assert "ViT-B-16-SigLIP/webli reads, which has room for 64 tokens" in first
