"""Published models by name, also those that only open_clip knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from keyframes.nearest import nearest
from pipeline.catalogue.open_clip_encoders import tokenizer_repository
from pipeline.catalogue.open_clip_files import QUICK_GELU
from pipeline.catalogue.publication import NOT_STATED, Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_tokenizers import CONFIG, VOCABULARY, tokenizer_file
from pipeline.errors import ModelError

_TOKENIZER_FILE = re.compile(rf"(.+)/({re.escape(VOCABULARY)}|{re.escape(CONFIG)})")
_HUB_WEIGHTS = "open_clip_model.safetensors"


def find(name: str) -> Published:
    """The published model `name`, or a file of a published folder by its place in the store.

    An encoder may be any `architecture/pretrained` of open_clip, which is imported only for a name
    that is not in `PUBLISHED`.

    Raises:
        ModelError: nobody knows this name, or open_clip gives no address that we can use, or
            weights that are not all of the network.
    """
    if name in PUBLISHED:
        return PUBLISHED[name]
    if part := _part(name):
        return part
    if of_tokenizer := _TOKENIZER_FILE.fullmatch(name):
        return tokenizer_file(*of_tokenizer.groups())
    architecture, slash, pretrained = name.partition("/")
    if not slash:
        raise _unknown(name, PUBLISHED)
    plain = f"{architecture.removesuffix(QUICK_GELU)}/{pretrained}"
    if plain in PUBLISHED and PUBLISHED[plain].architecture == architecture:
        return PUBLISHED[plain]
    return _from_open_clip(architecture, pretrained)


def _part(name: str) -> Published | None:
    folder = PUBLISHED.get(name.partition("/")[0])
    parts = folder.parts if folder else ()
    return next((part for part in parts if part.name == name), None)


def _unknown(name: str, known: Iterable[str]) -> ModelError:
    return ModelError(
        f'there is no published model "{name}"{nearest(name, known)}; '
        "`discoreel models list` names those that there are, and an encoder may be any "
        "architecture/pretrained of open_clip"
    )


def _from_open_clip(architecture: str, pretrained: str) -> Published:
    import open_clip

    # open_clip reads a tag in any case, with hyphens or not; here it has one name.
    name = f"{architecture}/{pretrained.lower().replace('-', '_')}"
    config: Mapping[str, Any] = open_clip.get_pretrained_cfg(architecture, pretrained)
    if not config:
        theirs = ("/".join(pair) for pair in open_clip.list_pretrained())
        raise _unknown(name, [*PUBLISHED, *theirs])
    tokenizer = tokenizer_repository(name, open_clip.get_model_config(architecture))
    mirror, sha256 = _source(config)
    if not mirror:
        raise ModelError(
            f"{name}: open_clip {open_clip.__version__} names no address for it; use another one"
        )
    if config.get("quick_gelu") and not architecture.endswith(QUICK_GELU):
        architecture += QUICK_GELU
    return Published(
        name=name,
        role=Role.ENCODER,
        # On the hub nearly all of them have the same name.
        file=f"{name.replace('/', '-')}{_suffix(mirror)}",
        mirrors=(mirror,),
        size=None,
        licence=NOT_STATED,
        sha256=sha256,
        architecture=architecture,
        tokenizer=tokenizer,
    )


def _source(config: Mapping[str, Any]) -> tuple[str, str]:
    """The address of the weights and what is known of their sum, or two empty texts.

    The hub's safetensors come before an address of a pickle, unless that one tells a sum.
    """
    url, hub = config.get("url", ""), config.get("hf_hub", "")
    # As OpenAI and OpenCLIP write them: /<64 digits>/<file>, or <file>-<8 digits>.pt
    sum_in_url = re.search(r"/([0-9a-f]{64})/|-([0-9a-f]{8})\.pth?$", url)
    if sum_in_url:
        return url, sum_in_url[1] or sum_in_url[2]
    if hub:
        repository, _, file = hub.rpartition("/")
        return f"https://huggingface.co/{repository}/resolve/main/{file or _HUB_WEIGHTS}", ""
    return url, ""


def _suffix(address: str) -> str:
    return f".{address.rpartition('.')[2]}"
