"""What the pictures of networks depend on: their files, each by its sum, and a few settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, partial
from pathlib import Path

from pipeline.catalogue.located import LocatedNetworks, NetworkFiles
from pipeline.catalogue.network_digests import network_digest, network_digests
from pipeline.catalogue.publication import Published
from pipeline.catalogue.published_tokenizers import tokenizer_files
from pipeline.catalogue.store import ModelStore
from pipeline.files.hashing import bytes_digest
from pipeline.spec.fingerprints import NETWORK_ROLES, PRECISION, SHARE, FileRole, Fingerprint
from pipeline.spec.sources import LINEAR


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
