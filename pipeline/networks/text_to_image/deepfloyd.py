"""DeepFloyd IF: a U-Net over small pictures that reads its prompt through T5, and a second stage.

Its makers followed Imagen (Saharia et al. 2022, arXiv:2205.11487).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from pipeline.networks.text_to_image.condition import Condition


@dataclass(frozen=True, slots=True, eq=False)
class IfBackbone:
    """The U-Net of the first stage as a `Backbone`."""

    unet: Any

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in small pictures `(N, 3, h, w)`; the predicted variance is dropped.

        The U-Net looks at all tokens of the prompt, padding too, as it was trained to.
        """
        output: Tensor = self.unet(x, t, condition.sequence, return_dict=False)[0]
        return output[:, : x.shape[1]]
