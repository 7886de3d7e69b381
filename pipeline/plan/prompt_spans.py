"""What the pictures of a plan show, stretch by stretch, in the words of its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from pathlib import PurePath

from keyframes.prompts import Prompt, Prompts
from pipeline.plan.shown_prompts import (
    shown_prompts,
    shows_both,
    with_prompts_of_their_own,
)
from pipeline.spec.clip import ClipFrame
from pipeline.spec.frame import MAIN, FrameId, FrameSpec, Input, PictureFile
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class PromptSpan:
    """A stretch of frames on which the same prompts stand, or cross-fade."""

    first: int
    last: int
    texts: tuple[str, ...]
    """Texts of the prompts, a picture as `picture like.png`; while they fade, `-fog` is to be
    stayed away from."""
    weights: tuple[float, ...] | None
    """Weights relative to the largest, which is 1 or -1; None where they change between frames."""
    shot: str = ""
    """Name of the shot that the frames are of; empty in a scene without shots."""

    @property
    def words(self) -> str:
        """Prompts in words: `a castle`, `1 a castle + -0.3 fog`, `a castle + the sea, fading`."""
        if self.weights is None:
            return f"{' + '.join(self.texts)}, fading"
        return _words(self.texts, self.weights)


def prompt_spans(plan: Plan) -> Iterator[PromptSpan]:
    """The stretches of the video of `plan` in their order."""
    shown, own = shown_prompts(plan), with_prompts_of_their_own(plan)
    for shot in plan.all_shots:
        specs = [spec for spec in plan if spec.shot == shot.name][: shot.length]
        for span in _of_shot(specs, [spec for spec in specs if spec.id in own], shown):
            named = "" if shot.name == MAIN else shot.name
            yield replace(
                span, first=span.first + shot.first, last=span.last + shot.first, shot=named
            )


def _of_shot(
    specs: Sequence[FrameSpec], seen: Sequence[FrameSpec], shown: Mapping[FrameId, Prompts]
) -> Iterator[PromptSpan]:
    """The stretches of one shot, on the `seen` ones of whose frames the `shown` prompts may change.

    Frames that are only moved show what was painted before them. One between two painted frames
    belongs to the fade from the one to the other if it shows both, and they have other prompts.
    """
    if not seen:
        yield PromptSpan(0, specs[-1].frame, (_origin(specs[0].inputs[0]),), (1.0,))
        return
    runs = [list(run) for _, run in groupby(seen, key=lambda spec: shown[spec.id])]
    course = partial(_course, shown)
    stretches = [list(chain(*group)) for _, group in groupby(runs, key=course)]
    starts = [stretch[0].frame for stretch in stretches]
    ends = [*(start - 1 for start in starts[1:]), specs[-1].frame]
    for stretch, first, last in zip(stretches, (0, *starts[1:]), ends, strict=True):
        prompts = shown[stretch[0].id]
        changes = prompts != shown[stretch[-1].id] or any(map(shows_both, stretch))
        texts = _texts(prompts)
        if changes:
            signs = ("-" if prompt.weight < 0 else "" for prompt in prompts)
            texts = tuple(map("".join, zip(signs, texts, strict=True)))
        weights = None if changes else _beside_each_other(prompts)
        yield PromptSpan(first, last, texts, weights)


def _origin(shown: Input) -> str:
    """What a shot shows in which nothing is painted: a picture, a clip, what was before."""
    if isinstance(shown, PictureFile):
        return _picture(shown.file)
    if isinstance(shown, ClipFrame):
        return f"clip {PurePath(shown.clip).name}"
    return f"the last frame of shot {shown.shot}"


def _course(shown: Mapping[FrameId, Prompts], run: Sequence[FrameSpec]) -> object:
    """A key that neighbouring runs share if they are frames of one fade, and else do not."""
    return _texts(shown[run[0].id]) if len(run) == 1 else id(run)


def _texts(prompts: Iterable[Prompt]) -> tuple[str, ...]:
    return tuple(_picture(prompt.text) if prompt.image else prompt.text for prompt in prompts)


def _picture(path: str) -> str:
    return f"picture {PurePath(path).name}"


def _beside_each_other(prompts: Sequence[Prompt]) -> tuple[float, ...]:
    # A plan's weights add up to 1. The author knows those that were written, which are in the same
    # ratio, and the strongest of which is 1 more often than not.
    largest = max(abs(prompt.weight) for prompt in prompts)
    return tuple(prompt.weight / largest for prompt in prompts)


def _words(texts: Sequence[str], weights: Sequence[float]) -> str:
    shown = [f"{weight:.3g}" for weight in weights]
    if all(number == "1" for number in shown):
        return " + ".join(texts)
    return " + ".join(f"{number} {text}" for number, text in zip(shown, texts, strict=True))
