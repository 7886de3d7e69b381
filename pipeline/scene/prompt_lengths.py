"""Prompts that are longer than an encoder of the scene reads, told before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyframes.curve import Curve
from keyframes.mistakes import Located, Route
from pipeline.catalogue.facts import reads_embeddings, weighs_words
from pipeline.catalogue.prompt_reader import PromptReader, TooLong
from pipeline.catalogue.prompt_readers import denoiser_reader, prompt_reader
from pipeline.scene.reading.networks import EncoderChoice
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.scene.schema import Scene
from pipeline.scene.settings import Models
from pipeline.scene.written_prompts import sung_texts, written_texts
from pipeline.spec.sources import STARTER, NamedSource
from pipeline.spec.step_schedule import StepSchedule


def too_long_prompts(scene: Scene, written: object) -> Iterator[Located]:
    """A mistake for each place in `written`, the section `prompts`, where a text is too long.

    It stands where the reading would end, or at the beginning of a text with `{lyric}`, of which
    the first line that is too long is told. Of several encoders the one that reads least has a say.

    Raises:
        ModelError: an encoder of the scene cannot be used.
    """
    if scene.models.truncate_prompts:
        return
    guides = _may_be_on(scene.guidance.clip_guidance_scale)
    readers = _readers(scene.models, scene.models.encoders if guides else ())
    for path, text in written_texts(scene.prompts, written):
        too_long = _first_end(readers, text)
        if too_long is not None:
            yield Located(path, too_long.message, column=too_long.read)
    lines = [line.text for line in scene.music.timing.lines]
    told: set[Route] = set()
    weighs = weighs_words(scene.models.denoiser)
    for path, text in sung_texts(scene.prompts, written, lines, weighs=weighs):
        too_long = None if path in told else _first_end(readers, text)
        if too_long is not None:
            told.add(path)
            yield Located(path, f"with a line of the song {too_long.message}")


def _may_be_on(scale: Scheduled) -> bool:
    """Whether a scale may be above 0 on some frame; a formula may."""
    if isinstance(scale, StepSchedule):
        return not scale.is_zero
    return not isinstance(scale, Curve) or any(key.value for key in scale.keys)


def _readers(models: Models, guides: Sequence[EncoderChoice]) -> list[PromptReader]:
    """The readers of a scene's prompts that have a greatest length, each once.

    Encoders that do not guide read nothing.

    Beside a denoiser that knows weights of words the encoders read plain words.
    """
    told = [NamedSource(STARTER)] if reads_embeddings(models.denoiser) else []
    sources = dict.fromkeys([*told, *(encoder.source for encoder in guides)])
    readers = [reader for source in sources if (reader := prompt_reader(source))]
    if not weighs_words(models.denoiser):
        return readers
    # What most scenes need not wait for.
    from pipeline.catalogue.weightless import without_weights

    own = denoiser_reader(models.denoiser)
    return [*map(without_weights, readers), *([own] if own else [])]


def _first_end(readers: Sequence[PromptReader], text: str) -> TooLong | None:
    refusals = [refusal for reader in readers if (refusal := reader.too_long(text))]
    return min(refusals, key=lambda refusal: refusal.read, default=None)
