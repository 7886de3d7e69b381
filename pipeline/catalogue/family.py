"""What a text-to-image network is, by where it lies. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from pipeline.catalogue.glide_folder import glide_facts, is_glide
from pipeline.catalogue.located import NetworkFiles
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.pipelines import Family, PipelineFacts, is_pipeline, pipeline_facts


def facts_of_folder(folder: Path) -> PipelineFacts | None:
    """The facts of the text-to-image network in a folder; None for a denoiser of another kind.

    Raises:
        ModelError: it is a pipeline that is not known, or something in it is not allowed.
    """
    if is_glide(folder):
        return glide_facts(folder)
    return pipeline_facts(folder) if is_pipeline(folder) else None


def family_of(files: NetworkFiles) -> Family | None:
    """The family of a denoiser; None for one that is no text-to-image network.

    Raises:
        ModelError: it is a pipeline that is not known, or something in its folder is not allowed.
    """
    published = None if files.published is None else files.published.architecture
    named = ARCHITECTURES.get(files.architecture or published or "")
    if named is None and files.config is None:
        named = facts_of_folder(files.path)
    return None if named is None else named.family
