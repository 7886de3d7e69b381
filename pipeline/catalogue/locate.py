"""From the networks that a plan names to their files on this disk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from pipeline.catalogue.additions import ADDED, additions_of
from pipeline.catalogue.facts import (
    STARTER_FOLDERS,
    folder_of,
    guided_config,
    pipeline_of,
    reads_embeddings,
)
from pipeline.catalogue.find import find
from pipeline.catalogue.located import (
    AdditionKey,
    DepthFiles,
    LocatedNetworks,
    LpipsFiles,
    NetworkFiles,
)
from pipeline.catalogue.missing_models import missing_error, missing_for
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import LPIPS, PUBLISHED, needed_by
from pipeline.catalogue.published_tokenizers import tokenizer_files
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.spec.fingerprints import (
    asks,
)
from pipeline.spec.plan import Plan
from pipeline.spec.sources import (
    DIS,
    LINEAR,
    STARTER,
    CheckpointSource,
    NamedSource,
    NetworkSet,
    Source,
)


def locate_all(plan: Plan, store: ModelStore) -> dict[str, LocatedNetworks]:
    """The files of the networks that the frames of `plan` ask, by the names of their sets."""
    return {name: _located(plan, name, store) for name in plan.networks}


def _located(plan: Plan, name: str, store: ModelStore) -> LocatedNetworks:
    models, asking = plan.networks[name], [spec for spec in plan if spec.networks == name]
    named = [*_encoders(models), *additions_of(models)]
    return locate(
        models,
        store,
        with_depth=any(asks(spec, "depth") for spec in asking),
        with_secondary=any(asks(spec, "secondary") for spec in asking),
        with_lpips=any(asks(spec, "perceptual") for spec in asking),
        with_flow=any(asks(spec, "flow") for spec in asking),
        only=[key for key in named if any(asks(spec, *key) for spec in asking)],
    )


def locate(
    models: NetworkSet,
    store: ModelStore,
    *,
    with_depth: bool = True,
    with_secondary: bool = False,
    with_lpips: bool = False,
    with_flow: bool = False,
    only: Collection[AdditionKey] | None = None,
) -> LocatedNetworks:
    """The files of `models`, those that are published in `store`.

    Of its encoders, and of what is added to the denoiser, `only` those with these roles and names.

    Raises:
        ModelError: a published one is not in the store, which names the command that fetches all
            that are not; or there is none of a name; or a configuration cannot be read; or a
            secondary model is wanted where the scene has none.
    """
    depth = models.depth if with_depth else ()
    secondary = _required(models.secondary) if with_secondary else None
    lpips = [NamedSource(name) for name in LPIPS] if with_lpips else []
    flow = models.flow if with_flow and models.flow != NamedSource(DIS) else None
    guiding, added = _chosen(_encoders(models), only), _chosen(additions_of(models), only)
    several = (*guiding.values(), *lpips, *added.values(), *(one.source for one in depth))
    files = _finder([models.denoiser, secondary, flow, *several], models.preset, store)
    return LocatedNetworks(
        denoiser=files(models.denoiser, Role.DENOISER),
        encoders={name: files(source, Role.ENCODER) for (_, name), source in guiding.items()},
        prompt_encoder=_STARTER_CLIP if reads_embeddings(models.denoiser) else None,
        secondary=None if secondary is None else files(secondary, Role.SECONDARY),
        depth=tuple(DepthFiles(d.name, files(d.source, Role.DEPTH), d.share) for d in depth),
        lpips=LpipsFiles(*(files(part, Role.PERCEPTUAL) for part in lpips)) if lpips else None,
        precision=models.precision,
        truncate_prompts=models.truncate_prompts,
        flow=None if flow is None else files(flow, Role.FLOW),
        additions={key: files(source, ADDED[key[0]]) for key, source in added.items()},
        linear_decoder=models.guidance_decoder == NamedSource(LINEAR),
    )


_STARTER_CLIP = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])


def _encoders(models: NetworkSet) -> dict[AdditionKey, Source]:
    return {("encoder", name): source for name, source in models.encoders.items()}


def _chosen(
    sources: Mapping[AdditionKey, Source], keys: Collection[AdditionKey] | None
) -> dict[AdditionKey, Source]:
    """The `sources` under some of their keys, or all."""
    return {key: source for key, source in sources.items() if keys is None or key in keys}


def _ships(source: Source) -> bool:
    return isinstance(source, NamedSource) and source.name == STARTER


def _required(secondary: Source | None) -> Source:
    if secondary is None:
        raise ModelError(
            "guidance.gradient is secondary, but there is no secondary model; "
            "write gradient: denoiser or gradient: none, or models: {secondary: secondary}"
        )
    return secondary


def _finder(
    sources: Iterable[Source | None], preset: str, store: ModelStore
) -> Callable[[Source, Role], NetworkFiles]:
    """Where each of `sources` lies; the published ones are in the store."""
    return partial(_files, entries=_entries(sources, preset, store), store=store)


def _entries(
    sources: Iterable[Source | None], preset: str, store: ModelStore
) -> dict[str, Published]:
    """What is published of `sources`, by its names; all of it is in the store."""
    entries = {
        source.name: _published(source.name, store)
        for source in sources
        if isinstance(source, NamedSource) and not _ships(source)
    }
    if missing := missing_for(entries.values(), store):
        is_preset = set(missing) == set(missing_for(needed_by(preset), store))
        names = " ".join(entry.name for entry in missing)
        raise missing_error(missing, store, f"--preset {preset}" if is_preset else names)
    return entries


def _published(name: str, store: ModelStore) -> Published:
    """What is published under `name`; open_clip is asked for what was never fetched only."""
    fetched = {entry.name: entry for entry in store.others(PUBLISHED)}
    return PUBLISHED.get(name) or fetched.get(name) or find(name)


def _files(
    source: Source, role: Role, *, entries: Mapping[str, Published], store: ModelStore
) -> NetworkFiles:
    folder = folder_of(source, role)
    if folder is not None:
        return NetworkFiles(folder)
    is_guided = role is Role.DENOISER and pipeline_of(source) is None
    config = guided_config(source) if is_guided else None
    if isinstance(source, CheckpointSource):
        architecture = None if is_guided else source.config
        return NetworkFiles(Path(source.file), config, architecture=architecture)
    assert isinstance(source, NamedSource)
    entry = entries[source.name]
    tokenizer = tuple(store.path(file) for file in tokenizer_files(entry))
    return NetworkFiles(store.path(entry), config, entry, tokenizer)
