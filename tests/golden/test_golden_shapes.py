"""The very files that users receive, byte for byte.

Where a change is meant, run ``python tests/golden/test_golden_shapes.py``, read the difference, and commit it.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from roto_formats.registry import read_document, write_document
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    MotionBlur,
    Provenance,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
)
from roto_shared.timeline import Interpolation, Key

FOLDER = Path(__file__).parent
ENDINGS = (".nk", ".fxs", ".svg", ".json")


def oval(x: float, y: float, across: float, down: float) -> tuple[Knot, ...]:
    """Four knots that draw an oval around (x, y), clockwise from the top."""
    a, b = 0.5523 * across, 0.5523 * down
    return (
        Knot(x, y - down, -a, 0.0, a, 0.0),
        Knot(x + across, y, 0.0, -b, 0.0, b),
        Knot(x, y + down, a, 0.0, -a, 0.0),
        Knot(x - across, y, 0.0, b, 0.0, -b),
    )


def document() -> ShapeDocument:
    """A head that nods with its layer, a hole in it that opens for five frames, a hand that is held and let go."""
    hole = KeyedShape(
        "mouth",
        (ShapeKey(1003.0, oval(320.0, 270.0, 40.0, 8.0)), ShapeKey(1007.0, oval(320.0, 272.0, 40.0, 24.0))),
        lifetime=Lifetime(1003.0, 1007.0),
        blend=Blend.SUBTRACT,
    )
    head = KeyedShape(
        "head",
        tuple(
            ShapeKey(frame, oval(x, 220.0, 110.0, 140.0), Interpolation.SMOOTH)
            for frame, x in ((1001.0, 320.0), (1005.0, 330.0), (1010.0, 318.5))
        ),
        colour=(1.0, 0.5, 0.25),
        motion_blur=MotionBlur(),
        edited=(1005.0,),
    )
    nod = tuple(
        TransformKey(frame, Transform((0.0, move), turn, pivot=(320.0, 240.0)))
        for frame, move, turn in ((1001.0, 0.0, 0.0), (1010.0, 12.0, 15.0))
    )
    hand = KeyedShape(
        "left hand",
        tuple(
            ShapeKey(frame, oval(x, 400.0, 30.0, 30.0), Interpolation.HOLD)
            for frame, x in ((1001.0, 100.0), (1006.0, 160.0))
        ),
        opacity=(Key(1001.0, (1.0,)), Key(1010.0, (0.5,))),
    )
    made = Provenance("embedded", "embedded-1", "0.1.0", '[{"frame": 1001, "point": [320, 220]}]')
    return ShapeDocument(640, 480, (Layer("face", (hole, head), nod), hand), 1001, 1010, 24.0, 1.0, "Shot 010", made)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_written_file_is_the_golden_one(ending, tmp_path):
    write_document(document(), tmp_path / f"shapes{ending}")
    written, golden = (folder / f"shapes{ending}" for folder in (tmp_path, FOLDER))
    assert written.read_text() == golden.read_text(), "if this is meant, run python tests/golden/test_golden_shapes.py"


@pytest.mark.parametrize("ending", [".nk", ".fxs", ".json"])
def test_the_golden_file_reads_back_and_is_written_as_it_was(ending, tmp_path):
    again = tmp_path / f"again{ending}"
    found = read_document(FOLDER / f"shapes{ending}")
    assert list(write_document(replace(found, name=document().name), again)) == []
    assert again.read_text() == (FOLDER / f"shapes{ending}").read_text()


def test_the_stored_form_is_the_document_itself():
    assert read_document(FOLDER / "shapes.json") == document()


if __name__ == "__main__":
    for kind in ENDINGS:
        for note in write_document(document(), FOLDER / f"shapes{kind}"):
            print(f"{kind}: {note}")
