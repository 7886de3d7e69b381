"""From the networks that a plan names to their files on this disk, and what these files are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
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
from pipeline.catalogue.network_digests import network_digest, network_digests
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import LPIPS, PUBLISHED, needed_by
from pipeline.catalogue.published_tokenizers import tokenizer_files
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.files.hashing import bytes_digest
from pipeline.spec.fingerprints import (
    NETWORK_ROLES,
    PRECISION,
    SHARE,
    FileRole,
    Fingerprint,
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
    asking = [spec for spec in plan if spec.networks == name]
    return locate(
        plan.networks[name],
        store,
        with_depth=any(asks(spec, "depth") for spec in asking),
        with_secondary=any(asks(spec, "secondary") for spec in asking),
        with_lpips=any(asks(spec, "perceptual") for spec in asking),
        with_flow=any(asks(spec, "flow") for spec in asking),
        encoders=tuple(
            encoder
            for encoder in plan.networks[name].encoders
            if any(asks(spec, "encoder", encoder) for spec in asking)
        ),
        additions=[
            key
            for key in additions_of(plan.networks[name])
            if any(asks(spec, *key) for spec in asking)
        ],
    )


def locate(
    models: NetworkSet,
    store: ModelStore,
    *,
    with_depth: bool = True,
    with_secondary: bool = False,
    with_lpips: bool = False,
    with_flow: bool = False,
    encoders: Collection[str] | None = None,
    additions: Collection[AdditionKey] | None = None,
) -> LocatedNetworks:
    """The files of `models`, those that are published in `store`.

    Of its encoders those of the names `encoders`, or all; so of what is added to the denoiser.

    Raises:
        ModelError: a published one is not in the store, which names the command that fetches all
            that are not; or there is none of a name; or a configuration cannot be read; or a
            secondary model is wanted where the scene has none.
    """
    depth = models.depth if with_depth else ()
    secondary = _required(models.secondary) if with_secondary else None
    lpips = [NamedSource(name) for name in LPIPS] if with_lpips else []
    flow = models.flow if with_flow and models.flow != NamedSource(DIS) else None
    guiding = {
        name: source
        for name, source in models.encoders.items()
        if encoders is None or name in encoders
    }
    added = {
        key: source
        for key, source in additions_of(models).items()
        if additions is None or key in additions
    }
    asked = (models.denoiser, *guiding.values(), secondary, flow, *lpips, *added.values())
    entries = _entries([*asked, *(one.source for one in depth)], models.preset, store)
    files = partial(_files, entries=entries, store=store)
    starter_clip = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])
    return LocatedNetworks(
        denoiser=files(models.denoiser, Role.DENOISER),
        encoders={name: files(source, Role.ENCODER) for name, source in guiding.items()},
        prompt_encoder=starter_clip if reads_embeddings(models.denoiser) else None,
        secondary=None if secondary is None else files(secondary, Role.SECONDARY),
        depth=tuple(DepthFiles(d.name, files(d.source, Role.DEPTH), d.share) for d in depth),
        lpips=LpipsFiles(*(files(part, Role.PERCEPTUAL) for part in lpips)) if lpips else None,
        precision=models.precision,
        truncate_prompts=models.truncate_prompts,
        flow=None if flow is None else files(flow, Role.FLOW),
        additions={key: files(source, ADDED[key[0]]) for key, source in added.items()},
        linear_decoder=models.guidance_decoder == NamedSource(LINEAR),
    )


def fingerprints(
    networks: LocatedNetworks, store: ModelStore, roles: Collection[FileRole] = NETWORK_ROLES
) -> tuple[Fingerprint, ...]:
    """What the pictures of the networks depend on, each file with its SHA-256.

    Networks of other `roles` are passed over. Published files were verified when they came, and are
    not read again. The shares of blended depth estimators count too, and so does a precision that
    the scene names; `auto` does not, as a device has no part in a frame's digest.

    Raises:
        ModelError: a folder is missing or empty, or a file cannot be read.
    """
    digests = cache(partial(_digests, store=store))
    files = [
        Fingerprint(role, name, what, digest)
        for role, name, network in networks.by_role()
        if role in roles
        for what, digest in digests(network).items()
    ]
    blend = networks.depth if len(networks.depth) > 1 else ()
    shares = [Fingerprint("depth", one.name, SHARE, f"{one.share!r}") for one in blend]
    settings = (*shares, *_precisions(networks), *_linear_decoder(networks))
    return (*files, *(one for one in settings if one.role in roles))


def _precisions(networks: LocatedNetworks) -> Iterator[Fingerprint]:
    """Fingerprints of a precision that the scene names, for networks whose last digits go by it."""
    if networks.precision == "auto":
        return
    for role, name, _ in networks.by_role():
        if role in ("denoiser", "depth"):
            yield Fingerprint(role, name, PRECISION, networks.precision)


def _linear_decoder(networks: LocatedNetworks) -> Iterator[Fingerprint]:
    """The fingerprint of the map that guidance sees latents through, which has no file."""
    if networks.linear_decoder:
        yield Fingerprint("guidance decoder", "", "", LINEAR)


def _digests(files: NetworkFiles, store: ModelStore) -> dict[str, str]:
    """By the file within the network, which is "" for one that is the whole network."""
    if files.path.is_relative_to(_PACKAGE):
        remedy = "install the package again"
    else:
        remedy = "name another network in the scene's `models`, or put this one back"
    if files.published is not None:
        entries = _named_files(files.published)
        records = {what: store.record(entry) for what, entry in entries.items()}
        # `locate` gives verified files only.
        return {what: record.sha256 for what, record in records.items() if record is not None}
    if files.config is not None or files.path.is_file():
        config = files.architecture or ""
        if files.config is not None:
            config = files.config.model_dump_json()
        return {"": network_digest(files.path, remedy), "config": bytes_digest(config.encode())}
    return network_digests(files.path, remedy)


def _named_files(entry: Published) -> dict[str, Published]:
    """The files of a published model by their names within the network."""
    if entry.parts:
        return {part.file.removeprefix(f"{entry.file}/"): part for part in entry.parts}
    return {"": entry, **{part.name: part for part in tokenizer_files(entry)}}


_PACKAGE = Path(__file__).parent


def _ships(source: Source) -> bool:
    return isinstance(source, NamedSource) and source.name == STARTER


def _required(secondary: Source | None) -> Source:
    if secondary is None:
        raise ModelError(
            "guidance.gradient is secondary, but there is no secondary model; "
            "write gradient: denoiser or gradient: none, or models: {secondary: secondary}"
        )
    return secondary


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
