"""What PyTorch finds on this machine, in words: devices, precisions and attention kernels."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import torch

LIBRARIES = ("torchvision", "transformers", "rf-sam-2", "rf-cutie", "timm", "safetensors")


def inspect_torch() -> dict[str, str]:
    """Facts by name; a GPU's are there only where there is one."""
    facts = {"PyTorch": torch.__version__, **{name: _version(name) for name in LIBRARIES}}
    facts["threads"] = str(torch.get_num_threads())
    if torch.backends.mps.is_available():
        facts["Apple GPU"] = "usable (mps)"
    if not torch.cuda.is_available():
        return {**facts, "CUDA": f"no device; built for {torch.version.cuda or 'none'}"}
    for index in range(torch.cuda.device_count()):
        facts[f"CUDA device {index}"] = _device(index)
    facts["bfloat16"] = _yes(torch.cuda.is_bf16_supported())
    facts["cuDNN"] = str(torch.backends.cudnn.version())
    facts["attention kernels"] = ", ".join(_kernels())
    return facts


def _device(index: int) -> str:
    found = torch.cuda.get_device_properties(index)
    free, total = torch.cuda.mem_get_info(index)
    memory = f"{free / 2**30:.1f} of {total / 2**30:.1f} GiB free"
    return f"{found.name}, {memory}, compute capability {found.major}.{found.minor}, CUDA {torch.version.cuda}"


def _kernels() -> list[str]:
    cuda = torch.backends.cuda
    enabled = (
        ("flash", cuda.flash_sdp_enabled()),
        ("memory-efficient", cuda.mem_efficient_sdp_enabled()),
        ("plain", cuda.math_sdp_enabled()),
    )
    return [name for name, on in enabled if on]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
