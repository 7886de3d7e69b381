"""Number and kinds of the cutouts that CLIP judges, as a function of the progress.

Convention:
    The names are Disco Diffusion's. This file needs the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.spec.step_schedule import StepSchedule


@dataclass(frozen=True, slots=True)
class Cutouts:
    """The cutouts of one evaluation.

    Raises:
        ValueError: no cutouts at all, or a number out of range.
    """

    cut_overview: int
    """Number of cutouts that show the whole picture, 0 or more."""
    cut_innercut: int
    """Number of inner cuts, which show a part of the picture, 0 or more."""
    cut_ic_pow: float
    """Power of the uniform random number that sizes an inner cut; above 1 favours small ones."""
    cut_icgray_p: float
    """Share of the inner cuts that are grey, in [0, 1]."""

    def __post_init__(self) -> None:
        for name in ("cut_overview", "cut_innercut"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it is 0 or more")
        if not self.cut_overview + self.cut_innercut:
            raise ValueError("cut_overview and cut_innercut are both 0; CLIP needs a cutout to see")
        if not self.cut_ic_pow >= 0:
            raise ValueError(f"cut_ic_pow is {self.cut_ic_pow:g}; it is 0 or more")
        if not 0 <= self.cut_icgray_p <= 1:
            raise ValueError(f"cut_icgray_p is {self.cut_icgray_p:g}; it lies in [0, 1]")


@dataclass(frozen=True, slots=True)
class CutSchedule:
    """`Cutouts` as a function of the progress in [0, 1).

    Raises:
        ValueError: some progress would have no valid `Cutouts`.
    """

    cut_overview: StepSchedule
    cut_innercut: StepSchedule
    cut_ic_pow: StepSchedule
    cut_icgray_p: StepSchedule

    def __post_init__(self) -> None:
        parts = (self.cut_overview, self.cut_innercut, self.cut_ic_pow, self.cut_icgray_p)
        for start in sorted({start for part in parts for start, _ in part.steps}):
            try:
                self(start)
            except ValueError as error:
                raise ValueError(f"from progress {start:g}: {error}") from error

    def __call__(self, progress: float) -> Cutouts:
        """The cutouts that hold at `progress`."""
        return Cutouts(
            cut_overview=_whole("cut_overview", self.cut_overview(progress)),
            cut_innercut=_whole("cut_innercut", self.cut_innercut(progress)),
            cut_ic_pow=self.cut_ic_pow(progress),
            cut_icgray_p=self.cut_icgray_p(progress),
        )


def _whole(name: str, value: float) -> int:
    if value != int(value):
        raise ValueError(f"{name} is {value:g}; it is a whole number")
    return int(value)
