"""Which tensors of a training's file are the network, and how the network calls them.

Training scripts put a word before every name, and some keep two networks: the one that is trained,
and the running average of its weights (EMA), which makes the better pictures. The average is taken
where it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

Shapes = Mapping[str, Sequence[int]]

NESTINGS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"state_dict": ("state_dict_ema", "ema_state_dict", "ema"), "model": ("model_ema", "ema")}
)
"""Keys under which training scripts put the weights, beside the state of their optimiser, and those
of the running average of the same weights."""

_PREFIXES = ("module.", "model.", "_orig_mod.", "model_ema.")
"""What `DataParallel`, Lightning and `torch.compile` put before the name of every weight."""

_PLAIN = "model."
_AVERAGES = ("model_ema.", "ema_model.", "ema.")
"""What stands before the names of the average, where the trained network is a Lightning `model`."""

_COUNTERS = ("n_averaged",)
"""What torch's `AveragedModel` counts beside the weights."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The network in a file."""

    names: Mapping[str, str]
    """Names of the tensors in the file by those in the network."""
    note: str = ""
    """Which of two networks in the file was picked; empty where there is one."""


AVERAGED = "of two sets of weights the running average (EMA) is used"
PLAIN = "the running average (EMA) of the weights is not whole; the trained weights are used"


def pick(shapes: Shapes) -> Picked:
    """What of the tensors with these names and shapes is the network."""
    names = {name: name for name in shapes if name not in _COUNTERS}
    note = ""
    while True:
        averages = [prefix for prefix in _AVERAGES if _any(names, prefix)]
        if averages and _any(names, _PLAIN):
            plain = _below(_PLAIN, names)
            average = average_of(
                {name: shapes[stored] for name, stored in plain.items()},
                {name: shapes[stored] for name, stored in _below(averages[0], names).items()},
            )
            note = PLAIN if average is None else AVERAGED
            names = plain if average is None else _renamed(average, averages[0], names)
        elif common := next((p for p in _PREFIXES if names and _all(names, p)), None):
            names = _below(common, names)
        else:
            return Picked(names, note)


def average_of(plain: Shapes, average: Shapes) -> dict[str, str] | None:
    """The names of the average by those of `plain`; None where the average lacks one.

    Some trainings keep the average under names without their dots. What else is beside it, such as
    counters, is passed over.
    """
    found = {}
    for name, shape in plain.items():
        theirs = name if name in average else name.replace(".", "")
        if theirs not in average or tuple(average[theirs]) != tuple(shape):
            return None
        found[name] = theirs
    return found


def _renamed(average: Mapping[str, str], prefix: str, names: Mapping[str, str]) -> dict[str, str]:
    return {name: names[f"{prefix}{theirs}"] for name, theirs in average.items()}


def _below(prefix: str, names: Mapping[str, str]) -> dict[str, str]:
    """The names that begin with `prefix`, without it."""
    return {
        name.removeprefix(prefix): stored
        for name, stored in names.items()
        if name.startswith(prefix)
    }


def _any(names: Mapping[str, str], prefix: str) -> bool:
    return any(name.startswith(prefix) for name in names)


def _all(names: Mapping[str, str], prefix: str) -> bool:
    return all(name.startswith(prefix) for name in names)


_ATTENTION = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}
_EARLIER = re.compile(rf"(?<=\.)({'|'.join(_ATTENTION)})(?=\.(weight|bias)$)")


def attention_today(name: str) -> str:
    """A weight's name in today's diffusers, which first called an attention's layers otherwise."""
    return _EARLIER.sub(lambda match: _ATTENTION[match[1]], name)
