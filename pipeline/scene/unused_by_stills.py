"""Settings of frames that grow from others, in a scene of stills, which has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keyframes.mistakes import Located
from pipeline.scene.sections import ShotRead

_OF_GROWN = ("then", "fade")
_FIRST_THEN = ("init_scale", "init_hold", "detail_hold")


def unused_by_stills(part: ShotRead) -> Iterator[Located]:
    """What is to be said of settings for frames that grow, of which stills have none."""
    if "inbetween" in part.data.get("sampler", ()):
        yield Located(
            ("sampler", "inbetween"),
            "this has no effect: between stills there are no frames; remove it",
        )
    places = [("guidance", name) for name in _FIRST_THEN]
    for section, name in (("sampler", "skip_steps"), ("sampler", "strength"), *places):
        settings = part.data.get(section)
        written = settings.get(name) if isinstance(settings, Mapping) else None
        for key in _OF_GROWN:
            if isinstance(written, Mapping) and key in written:
                yield Located(
                    (section, name, key),
                    "this has no effect: stills grow from no other frame; remove it",
                    at_key=True,
                )
