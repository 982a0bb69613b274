"""Objects of one document that cut one another: holes take away from all that lies below them, of any object.

Hosts know no holes of one object alone [told], and no order of layers helps where two objects with holes overlap. So it
is told, and an artist puts such objects into nodes of their own. A few frames are looked at, since objects that cross
do so for a while.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from roto_shared.shapes import Blend, Layer, ShapeDocument

from .raster import Matte, rasterise

LOOKS = 12
LEAST_SHARE, LEAST_PX2 = 0.005, 25.0
"""How much of an object must be gone on a frame to be told: this share of it, and five by five px."""


def cut_objects(document: ShapeDocument) -> list[str]:
    """A sentence for every layer of the document that shapes of the layers above it cut."""
    layers = [child for child in document.children if isinstance(child, Layer)]
    above = next((index for index, layer in enumerate(layers) if _takes_away(layer)), len(layers))
    return [] if above + 1 >= len(layers) else list(_told(document, layers[above + 1 :]))


def _takes_away(layer: Layer) -> bool:
    return any(shape.blend is not Blend.ADD for shape in ShapeDocument(1, 1, (layer,)).shapes())


def _told(document: ShapeDocument, below: Sequence[Layer]) -> Iterator[str]:
    frames = np.unique(np.linspace(document.first_frame, document.last_frame, LOOKS).round().astype(int))
    together = {int(frame): rasterise(document, int(frame)) for frame in frames}
    for layer in below:
        cut = [frame for frame, matte in together.items() if _is_cut(document, layer, frame, matte)]
        if cut:
            yield (
                f"“{layer.name}” is cut by holes of what lies above it, as on frame {cut[0]}: "
                "give it a node of its own, or put it on top."
            )


def _is_cut(document: ShapeDocument, layer: Layer, frame: int, together: Matte) -> bool:
    alone = rasterise(document, frame, within=layer)
    gone = float(np.maximum(alone - together, 0).sum())
    return gone > max(LEAST_PX2, LEAST_SHARE * float(alone.sum()))
