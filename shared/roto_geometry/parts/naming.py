"""Names of parts by their place, as an artist would say them; what a silhouette cannot tell is not claimed."""

import numpy as np

from roto_geometry.arclength import Contour

from .cutting import Cutting

ASIDE = 0.4


def part_names(cutting: Cutting) -> tuple[str, ...]:
    """“body” for the largest part, “upper left limb” and the like for those on it, “… tip” for those on a limb."""
    outlines = [Contour(part.points) for part in cutting.parts]
    body = int(np.argmax([outline.area for outline in outlines]))
    names = {body: "body"}
    waiting = [body]
    while waiting:
        root = waiting.pop(0)
        for a, b, _ in cutting.joints:
            other = a + b - root
            if root not in (a, b) or other in names:
                continue
            names[other] = placed_name(outlines[body], outlines[other], "limb" if root == body else "tip")
            waiting.append(other)
    return tuple(names[index] for index in range(len(outlines)))


def placed_name(body: Contour, limb: Contour, kind: str) -> str:
    """What a limb, a tip or a piece is called by where it lies from the body: “upper left limb”, “lower limb” …"""
    way = limb.centre - body.centre
    x, y = way / max(float(np.hypot(*way)), 1e-9)
    words = [
        "lower" if y > ASIDE else "upper" if y < -ASIDE else "",
        "right" if x > ASIDE else "left" if x < -ASIDE else "",
    ]
    return " ".join(filter(None, [*words, kind]))
