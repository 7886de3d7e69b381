"""Prompts of Karlo, whose decoder reads the text beside the picture's embedding of the prior."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from keyframes.prompts import Prompt
from keyframes.quoting import quoted
from pipeline.errors import ModelError
from pipeline.files.pictures import read_picture
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.unclip.clip_reader import ClipReader, ReadText
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE, PictureReader
from pipeline.networks.text_to_image.unclip.prior import Prior, text_generator

TEXT = "text_embeds"
"""The name of the whole text's embedding among the vectors of a condition."""


@dataclass(frozen=True, slots=True, eq=False)
class KarloTexts:
    """A `TextSide`: a text's tokens and whole, and the picture that the prior makes of it.

    A picture prompt is its own embedding beside the empty text.
    """

    texts: ClipReader
    prior: Prior
    no_picture: Tensor
    """The learned embedding `(D,)` that stands for no picture."""
    pictures: PictureReader | None
    """What reads picture prompts; None for a model without a picture tower."""

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt, whatever its weight: tokens, their mask, and the vectors `TEXT` and `IMAGE`.

        Raises:
            ModelError: its text is longer than the text tower reads, or it is a picture and the
                model has no picture tower.
            PictureError: its file is no picture.
        """
        empty = self.texts("")
        if not prompt.image:
            text = self.texts(prompt.text)
            return _condition(text, self.prior(text, empty, text_generator(prompt.text)))
        if self.pictures is None:
            raise ModelError(
                f'the prompt "{quoted(prompt.text)}" is a picture, and this denoiser has no '
                "image_encoder to see it with; describe the picture in words, or put image_encoder "
                "and feature_extractor of Karlo's model for image variations into its folder"
            )
        return _condition(empty, self.pictures(read_picture(Path(prompt.text))))

    def empty(self) -> Condition:
        """The empty text, and no picture."""
        return _condition(self.texts(""), self.no_picture)


def _condition(text: ReadText, picture: Tensor) -> Condition:
    vectors = {TEXT: text.pooled.float(), IMAGE: picture.to(text.pooled.device).float()}
    return Condition(text.sequence.float(), text.mask, vectors)
