"""The published networks for optical flow: RAFT (Teed and Deng 2020), as torchvision trained it."""

from __future__ import annotations

from pipeline.catalogue.publication import NOT_STATED, Published, Role

_PYTORCH = "https://download.pytorch.org/models"


def _raft(name: str, file: str, sha256: str, numbers: int) -> Published:
    """A network of torchvision, in one of the files that it takes unless told otherwise."""
    return Published(
        name=name,
        role=Role.FLOW,
        file=file,
        mirrors=(f"{_PYTORCH}/{file}",),
        size=None,
        licence=NOT_STATED,
        # PyTorch's files are named by the first digits of their sums.
        sha256=sha256,
        architecture=name,
        numbers=numbers,
    )


FLOW_ESTIMATORS: tuple[Published, ...] = (
    _raft("raft_large", "raft_large_C_T_SKHT_V2-ff5fadd5.pth", "ff5fadd5", 5_260_431),
    _raft("raft_small", "raft_small_C_T_V2-01064c6d.pth", "01064c6d", 990_162),
)
