"""The training loop that all starter models share: seeded, resumable, with progress.

A checkpoint holds the model, its moving average, the optimiser and the number of samples seen.
Which pictures a step sees and which noise it draws is a function of (seed, step), so that a resumed
training goes on exactly where it stopped. The learning rate warms up, stays, and falls to zero over
the last stretch ("warmup-stable-decay"; Hu et al. 2024, section 4), so that one run can be extended
by asking for more samples before its decay begins.
"""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)
Batch = Callable[[int, torch.Generator], Tensor]
"""`(batch size, generator) -> loss`: draws a batch and returns its differentiable scalar loss."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of one training; read from a configuration file."""

    samples: int
    """Pictures to see in all."""
    batch: int
    lr: float
    weight_decay: float = 0.01
    warmup: int = 5_000
    """Samples over which the learning rate rises."""
    decay: float = 0.25
    """Share of the samples, at the end, over which the learning rate falls to zero."""
    ema: float = 0.999
    clip_norm: float = 1.0
    seed: int = 0
    checkpoint_minutes: float = 4.0
    log_seconds: float = 20.0

    def learning_rate(self, seen: int) -> float:
        """The learning rate after `seen` samples."""
        rising = min(1.0, (seen + self.batch) / self.warmup)
        falling = min(1.0, (self.samples - seen) / max(1.0, self.decay * self.samples))
        return self.lr * rising * max(0.0, falling)


class Training(Generic[Network]):
    """One model on its way; `run` continues from the checkpoint in `out`, if there is one."""

    def __init__(self, model: Network, loss: Batch, recipe: Recipe, out: Path) -> None:
        self.model = model
        self.average = copy.deepcopy(model).requires_grad_(False)
        self.seen = 0
        self._loss = loss
        self._recipe = recipe
        self._out = out
        self._checkpoint = out / "checkpoint.pt"
        self._optimizer = torch.optim.AdamW(
            model.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay, fused=True
        )
        out.mkdir(parents=True, exist_ok=True)
        if self._checkpoint.exists():
            self._restore()

    def run(self, when_saved: Callable[[Network, int], None] = lambda model, seen: None) -> None:
        """Train to the end; `when_saved` gets the moving average after every checkpoint."""
        recipe = self._recipe
        if self.seen >= recipe.samples:
            when_saved(self.average, self.seen)
        saved = logged = started = time.monotonic()
        first, total, count = self.seen, 0.0, 0
        for generator in self._steps():
            total += self._step(generator)
            count += 1
            now = time.monotonic()
            done = self.seen >= recipe.samples
            if now - logged > recipe.log_seconds or done:
                rate = (self.seen - first) / (now - started)
                left = max(0, recipe.samples - self.seen) / rate
                print(
                    f"{self.seen:>9,} of {recipe.samples:,} samples  loss {total / count:.4f}  "
                    f"lr {recipe.learning_rate(self.seen):.1e}  {rate:.0f}/s  "
                    f"{left / 60:.1f} min left",
                    flush=True,
                )
                logged, total, count = now, 0.0, 0
            if now - saved > 60 * recipe.checkpoint_minutes or done:
                self._save()
                when_saved(self.average, self.seen)
                saved = time.monotonic()

    def _steps(self) -> Iterator[torch.Generator]:
        while self.seen < self._recipe.samples:
            step = self.seen // self._recipe.batch
            # PyTorch's CPU generator heeds only 32 bits of a seed: both numbers go into them.
            mixed = np.random.SeedSequence((self._recipe.seed, step)).generate_state(1)
            yield torch.Generator().manual_seed(int(mixed[0]))

    def _step(self, generator: torch.Generator) -> float:
        recipe = self._recipe
        for group in self._optimizer.param_groups:
            group["lr"] = recipe.learning_rate(self.seen)
        self.model.train()
        loss = self._loss(recipe.batch, generator)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.model.parameters(), recipe.clip_norm)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.seen += recipe.batch
        self._follow()
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average; early on it forgets faster, or the start would hold it back."""
        step = self.seen // self._recipe.batch
        weight = 1 - min(self._recipe.ema, (1 + step) / (10 + step))
        average, current = self.average.state_dict(), self.model.state_dict()
        floating = [key for key, value in average.items() if value.is_floating_point()]
        torch._foreach_lerp_(
            [average[key] for key in floating], [current[key] for key in floating], weight
        )
        for key in average.keys() - set(floating):
            average[key].copy_(current[key])

    def _save(self) -> None:
        temporary = self._checkpoint.with_suffix(".tmp")
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "seen": self.seen,
            },
            temporary,
        )
        os.replace(temporary, self._checkpoint)

    def _restore(self) -> None:
        state = torch.load(self._checkpoint, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.seen = state["seen"]
        print(f"continuing after {self.seen:,} samples", flush=True)
