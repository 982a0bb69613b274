"""Where networks run and in which precision; what happens when the memory there does not suffice."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch

from roto_daemon.settings import DEVICES, PRECISIONS
from roto_shared.errors import InputError, OutOfMemoryError


@dataclass(frozen=True)
class Device:
    """A place for networks: ``kind`` is cuda, mps or cpu; ``dtype`` is what their products are computed in.

    ``compiled`` has PyTorch compile them at their first use, which takes minutes and may make them quicker.
    """

    kind: str
    dtype: torch.dtype = torch.float32
    compiled: bool = False

    @contextmanager
    def run(self) -> Iterator[None]:
        """Inference here, in this precision. Raises OutOfMemoryError when the memory does not suffice."""
        with ExitStack() as stack:
            stack.enter_context(torch.inference_mode())
            if self.dtype is not torch.float32:
                stack.enter_context(torch.autocast(self.kind, dtype=self.dtype))
            try:
                yield
            except torch.OutOfMemoryError as error:
                self.free()
                raise OutOfMemoryError(
                    f"The memory of the device “{self.kind}” does not suffice for this.",
                    'Choose a smaller model, set `device = "cpu"`, or close other programs that use the GPU.',
                ) from error

    def free(self) -> None:
        """Give what PyTorch keeps in reserve back to the driver."""
        gc.collect()
        if self.kind == "cuda":
            torch.cuda.empty_cache()
        elif self.kind == "mps":
            torch.mps.empty_cache()

    @property
    def total_mb(self) -> int | None:
        """All memory of a GPU, MiB; None where it is the machine's own."""
        return torch.cuda.get_device_properties(0).total_memory >> 20 if self.kind == "cuda" else None


def graphics_memory() -> tuple[str, int, int] | None:
    """A GPU's name, and how much of its memory is taken and there is, MiB; None without one."""
    if not torch.cuda.is_available():
        return None
    free, total = torch.cuda.mem_get_info(0)
    return torch.cuda.get_device_name(0), (total - free) >> 20, total >> 20


def choose_device(wanted: str = "auto", precision: str = "auto", compiled: bool = False) -> Device:
    """The device a user asked for by setting. Raises InputError for one that is not here.

    Without a say: a GPU before the CPU; bfloat16 on GPUs that compute in it (as SAM 2 was published), else float32.
    """
    if wanted not in DEVICES:
        raise InputError(f"There is no kind of device “{wanted}”.", f"Use {', '.join(DEVICES)}.")
    here = _present()
    kind = here[0] if wanted == "auto" else wanted
    if kind not in here:
        raise InputError(f"PyTorch finds no “{kind}” here.", f"It finds {', '.join(here)}; `roto doctor` tells more.")
    return Device(kind, _precision(kind, precision), compiled)


def _present() -> list[str]:
    kinds = [("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()), ("cpu", True)]
    return [kind for kind, present in kinds if present]


def _precision(kind: str, wanted: str) -> torch.dtype:
    if wanted == "auto":
        return torch.bfloat16 if kind == "cuda" and torch.cuda.is_bf16_supported() else torch.float32
    if wanted not in PRECISIONS:
        raise InputError(f"There is no precision “{wanted}”.", f"Use {', '.join(PRECISIONS)}.")
    return getattr(torch, wanted)
