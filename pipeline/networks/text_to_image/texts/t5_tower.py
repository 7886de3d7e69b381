"""T5's encoder as text-to-image networks ask it: a sequence of a fixed length.

Raffel et al. 2020, arXiv:1910.10683; as the text encoder of pictures Saharia et al. 2022,
arXiv:2205.11487.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.t5_tokenizer import PADDING
from pipeline.networks.memory.offload import loaded_on


class T5Tower:
    """A `T5EncoderModel` of transformers, and the reader of its prompts.

    With `masked` the encoder does not look at padding. Its weights stay where they are, but for
    while it works on `device`.
    """

    def __init__(
        self, model: Any, reader: PromptReader, device: torch.device, *, masked: bool
    ) -> None:
        self.model = model
        self.device = device
        self.width = int(model.config.d_model)
        self._reader = reader
        self._masked = masked

    @torch.no_grad()
    def __call__(self, text: str) -> tuple[Tensor, Tensor]:
        """What the encoder makes of a prompt, `(L, D)` in float32, and where it has tokens, `(L,)`.

        Raises:
            ModelError: the prompt is longer than the network reads.
            ValueError: a weight of its words makes no sense.
        """
        [row] = self._reader.rows([text])
        ids = torch.tensor([row], device=self.device)
        mask = ids != PADDING
        with loaded_on(self.model, self.device):
            output = self.model(ids, attention_mask=mask.long() if self._masked else None)
        return output.last_hidden_state[0].float(), mask[0]
