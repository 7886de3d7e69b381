"""The published depth estimators: MiDaS and DPT (Ranftl et al. 2020, 2021; Birkl et al. 2023)."""

from __future__ import annotations

from pipeline.catalogue.publication import Published, Role

_MIDAS = "https://github.com/isl-org/MiDaS/releases/download"
_MIDAS_FORK = "https://github.com/AlexeyAB/MiDaS/releases/download/midas_dpt"
_DPT = "https://github.com/intel-isl/DPT/releases/download/1_0"


def _depth(
    name: str,
    file: str,
    size: int | None,
    sha256: str,
    *mirrors: str,
    numbers: int | None = None,
) -> Published:
    """A depth estimator, from a repository under the MIT licence."""
    return Published(
        name=name,
        role=Role.DEPTH,
        file=file,
        mirrors=mirrors,
        size=size,
        licence="MIT",
        sha256=sha256,
        architecture=name,
        numbers=numbers,
    )


DEPTH_ESTIMATORS: tuple[Published, ...] = (
    _depth(
        "midas_v21_small",
        "midas_v21_small-70d6b9c8.pt",
        85_761_505,
        "70d6b9c891758c67f974a6097fb0c608c7ee67fb81ac3e5588847d5596d56fca",
        f"{_MIDAS}/v2_1/midas_v21_small_256.pt",
        f"{_MIDAS_FORK}/midas_v21_small-70d6b9c8.pt",
    ),
    _depth(
        "midas_v21",
        "midas_v21-f6b98070.pt",
        422_509_849,
        "f6b980704cfd7259c7cc2b058c2f160159c55e84b3b6c08331b4156a84629f70",
        f"{_MIDAS}/v2_1/midas_v21_384.pt",
        f"{_MIDAS_FORK}/midas_v21-f6b98070.pt",
    ),
    _depth(
        "dpt_large",
        "dpt_large-midas-2f21e586.pt",
        1_376_378_527,
        "2f21e586477d90cb9624c7eef5df7891edca49a1c4795ee2cb631fd4daa6ca69",
        f"{_DPT}/dpt_large-midas-2f21e586.pt",
        f"{_MIDAS}/v3/dpt_large_384.pt",
    ),
    _depth(
        "dpt_hybrid",
        "dpt_hybrid-midas-501f0c75.pt",
        None,
        "501f0c75b3bca7daec6b3682c5054c09b366765aef6fa3a09d03a5cb4b230853",
        f"{_DPT}/dpt_hybrid-midas-501f0c75.pt",
        f"{_MIDAS}/v3/dpt_hybrid_384.pt",
        numbers=121_196_289,
    ),
    _depth(
        "dpt_swin2_tiny_256",
        "dpt_swin2_tiny_256.pt",
        None,
        "",
        f"{_MIDAS}/v3_1/dpt_swin2_tiny_256.pt",
        numbers=39_750_635,
    ),
)

DEPTH_CONFIGURATIONS = tuple(entry.architecture for entry in DEPTH_ESTIMATORS)
"""What a depth network in a file of one's own may be: the architectures that can be built."""
