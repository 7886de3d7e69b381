"""Encoders in the formats in which they are published: OpenAI's programs, OpenCLIP's states."""

from __future__ import annotations

from pathlib import Path

import torch
from open_clip.model import CLIP
from torch import Tensor, nn

from pipeline.catalogue.publication import Published, Role


def entry(name: str, architecture: str, file: str) -> Published:
    """What is known of a published encoder."""
    return Published(name, Role.ENCODER, file, (), None, "", "", architecture)


class _Program(nn.Module):
    """The tensors of a CLIP model with the sizes that OpenAI's programs hold beside them."""

    def __init__(self, network: CLIP) -> None:
        super().__init__()
        for name, part in network.named_children():
            self.add_module(name, part)
        for name, value in network.named_parameters(recurse=False):
            self.register_parameter(name, value)
        sizes = {
            "input_resolution": int(torch.tensor(network.visual.image_size).max()),
            "context_length": network.context_length,
            "vocab_size": network.vocab_size,
        }
        for name, size in sizes.items():
            self.register_buffer(name, torch.tensor(size))

    def forward(self, x: Tensor) -> Tensor:
        """What the program does is of no interest here."""
        return x


def save_program(path: Path, network: CLIP) -> Path:
    """As OpenAI publishes CLIP: a TorchScript archive, its layers in half precision."""
    program = torch.jit.trace(_Program(network), torch.zeros(1))
    torch.jit.save(program, str(path))
    return path


def save_state(path: Path, network: nn.Module) -> Path:
    """As OpenCLIP publishes its own: the state of a parallel training, with the epoch."""
    state = {f"module.{name}": value for name, value in network.state_dict().items()}
    torch.save({"epoch": 32, "name": "run", "state_dict": state}, path)
    return path
