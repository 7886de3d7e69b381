"""Which family of text-to-image networks a denoiser is of, by its files. Imports no torch."""

from __future__ import annotations

from pipeline.catalogue.glide_folder import is_glide
from pipeline.catalogue.located import NetworkFiles
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.pipelines import Family, is_pipeline, pipeline_facts


def family_of(files: NetworkFiles) -> Family | None:
    """The family of a denoiser; None for one that is no text-to-image network.

    Raises:
        ModelError: it is a pipeline that is not known, or something in its folder is not allowed.
    """
    published = None if files.published is None else files.published.architecture
    named = ARCHITECTURES.get(files.architecture or published or "")
    if named is not None:
        return named.family
    if is_glide(files.path):
        return Family.GLIDE
    if files.config is not None or not is_pipeline(files.path):
        return None
    return pipeline_facts(files.path).family
