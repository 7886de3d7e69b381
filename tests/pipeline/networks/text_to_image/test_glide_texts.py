"""What GLIDE makes of prompts."""

from __future__ import annotations

import pytest
import torch

from pipeline.catalogue.glide_tokenizer import PADDING, load_glide_tokenizer
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.glide_parts import GlideReading
from tests.pipeline.merges import save_merges
from tests.pipeline.networks.published import CPU
from tests.pipeline.networks.text_to_image.glide.networks import load_seeded
from tools.references.glide import REDUCED


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> GlideReading:
    folder = tmp_path_factory.mktemp("glide")
    save_merges(folder)
    tokenizer = load_glide_tokenizer(folder, 16)
    base, upsampler = (load_seeded(folder, REDUCED[name].config) for name in ("base", "upsampler"))
    # Equal weights would hide one in the other's place.
    upsampler.text.positional_embedding.mul_(2)
    return GlideReading(PromptReader("GLIDE", tokenizer, 16), base.text, upsampler.text, CPU)


def test_a_prompt_is_read_for_either_network(texts: GlideReading) -> None:
    condition = texts("the cat")
    ids = torch.tensor([texts.reader.tokenizer.row("the cat")])
    sequence, time = texts.base(ids)
    assert condition.sequence is not None
    assert condition.mask is None, "padding is looked at too"
    torch.testing.assert_close(condition.sequence, sequence[0])
    torch.testing.assert_close(condition.vectors["time"], time[0])
    assert texts.upsampler is not None
    sequence, time = texts.upsampler(ids)
    torch.testing.assert_close(condition.vectors["finishing"].view(16, -1), sequence[0])
    torch.testing.assert_close(condition.vectors["finishing_time"], time[0])
    assert (condition.vectors["time"] - condition.vectors["finishing_time"]).abs().max() > 1e-3


def test_the_empty_prompt_is_padding_alone(texts: GlideReading) -> None:
    sequence, time = texts.base(torch.full((1, 16), PADDING))
    empty = texts("")
    assert empty.sequence is not None
    torch.testing.assert_close(empty.sequence, sequence[0])
    torch.testing.assert_close(empty.vectors["time"], time[0])


def test_without_an_upsampler_nothing_is_read_for_it(texts: GlideReading) -> None:
    assert GlideReading(texts.reader, texts.base, None, CPU)("").vectors.keys() == {"time"}


def test_a_prompt_that_is_too_long_is_refused_or_cut(texts: GlideReading) -> None:
    long = "the sea " + "cat " * 20
    with pytest.raises(ModelError) as caught:
        texts(long)
    assert str(caught.value).startswith(
        "a prompt is longer than the encoder GLIDE reads, which has room for 16 tokens: "
    )
    cut = GlideReading(texts.reader.truncating(), texts.base, None, CPU)(long)
    ids = torch.tensor([texts.reader.tokenizer.row(long)])
    torch.testing.assert_close(cut.sequence, texts.base(ids)[0][0])
