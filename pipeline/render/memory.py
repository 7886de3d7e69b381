"""What a frame leaves beside its picture for the frames that grow from it.

A picture is 8 bits deep and says nothing of the noise that it came from. What the next frames need
beyond it is a `Memory`: each part is a value with an array form, and a part that is None is begun
anew by the frame that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Protocol, Self

from keyframes.quoting import visible
from pipeline.diffusion.noise_field import NoiseField
from pipeline.errors import RunError
from pipeline.files.arrays import Arrays
from pipeline.render.crossing import KeyPicture
from pipeline.render.keeping import Kept
from pipeline.render.points import Points


class Part(Protocol):
    """A part of a memory: a value with an array form."""

    def to_arrays(self) -> Arrays:
        """The value as named arrays."""
        ...

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The value whose `to_arrays` are `arrays`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What one frame leaves for those that grow from it; empty where nothing asks for more."""

    kept: Kept | None = None
    """The shot's coarse form, colours and sharpness, as far as frames keep to them."""
    key: KeyPicture | None = None
    """The picture that a cross-fade of prompts leads to, while it lasts."""
    noise: NoiseField | None = None
    """The noise that moves with the picture, as far as frames are not painted by their own."""
    points: Points | None = None
    """What the camera has seen of the shot, where `camera.memory` is `shot`."""

    def to_arrays(self) -> dict[str, Any]:
        """All parts as arrays, named `<part>.<array>`; empty for an empty memory."""
        parts: dict[str, Part | None] = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            f"{name}.{array}": values
            for name, part in parts.items()
            if part is not None
            for array, values in part.to_arrays().items()
        }

    def painted_over(self) -> Memory:
        """What still holds once another picture stands in the place of the frame's own.

        The noise and the picture that a cross-fade leads to are none of it.
        """
        return Memory(key=self.key, noise=self.noise)

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Memory:
        """The memory whose `to_arrays` are `arrays`; RunError for a part of another release."""
        parts: dict[str, dict[str, Any]] = {}
        for name, values in arrays.items():
            part, _, array = name.partition(".")
            parts.setdefault(part, {})[array] = values
        if unknown := [name for name in parts if name not in PARTS]:
            raise RunError(
                f'frames of this run remember "{visible(unknown[0])}", which this release does not '
                f"know ({', '.join(PARTS)}): another one rendered them; go on with that, or render "
                "into another folder"
            )
        made: dict[str, Any] = {name: PARTS[name].from_arrays(of) for name, of in parts.items()}
        return cls(**made)


PARTS: Mapping[str, type[Part]] = MappingProxyType(
    {"kept": Kept, "key": KeyPicture, "noise": NoiseField, "points": Points}
)
"""The kinds of the fields of `Memory`, by their names."""

NOTHING = Memory()
