"""What a set of networks adds to its denoiser, by role and name. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.catalogue.located import AdditionKey
from pipeline.catalogue.publication import Role
from pipeline.spec.fingerprints import FileRole
from pipeline.spec.sources import LINEAR, NamedSource, NetworkSet, Source

ADDED: Mapping[FileRole, Role] = {
    "guidance decoder": Role.AUTOENCODER,
    "refiner": Role.REFINER,
    "second stage": Role.SECOND_STAGE,
    "image prompts": Role.IP_ADAPTER,
    "embedding": Role.EMBEDDING,
    "lora": Role.LORA,
    "control": Role.CONTROLNET,
}
"""What the files of each addition are."""


def additions_of(models: NetworkSet) -> dict[AdditionKey, Source]:
    """Everything that is added to the denoiser and has files."""
    single: dict[FileRole, Source | None] = {
        "guidance decoder": models.guidance_decoder,
        "refiner": models.refiner,
        "second stage": models.second_stage,
        "image prompts": models.image_prompts,
    }
    several: dict[FileRole, Mapping[str, Source]] = {
        "embedding": models.embeddings,
        "lora": models.loras,
        "control": models.controls,
    }
    added: dict[AdditionKey, Source] = {
        (role, ""): source
        for role, source in single.items()
        if source is not None and source != NamedSource(LINEAR)
    }
    for role, named in several.items():
        added |= {(role, name): source for name, source in named.items()}
    return added
