"""What the hub takes of an artist, the daemon takes too, and the other way round."""

from dataclasses import fields

import pytest
from pydantic import ValidationError

from roto_daemon.finishing.finish import check_finish
from roto_geometry.settings import FitSettings
from roto_hub.api.schemas.segment import CurvesIn, FinishIn
from roto_shared import bounds
from roto_shared.errors import InputError
from roto_shared.protocol.data import FinishSettings

CURVES = {"tolerance_px": bounds.TOLERANCE_PX, "key_density": bounds.KEY_DENSITY, "detail": bounds.DETAIL}
FINISH = {"steady_frames": bounds.STEADY_FRAMES, "grow_px": bounds.GROW_PX, "feather_px": bounds.FEATHER_PX}


def _finished(**settings: float) -> None:
    check_finish(FinishSettings(**settings))


BODIES = [(CurvesIn, FitSettings, *one) for one in CURVES.items()]
BODIES += [(FinishIn, _finished, *one) for one in FINISH.items()]


@pytest.mark.parametrize(("body", "daemon", "name", "limits"), BODIES)
def test_hub_and_daemon_take_the_same_numbers(body, daemon, name, limits):
    for value in limits:
        body(**{name: value})
        daemon(**{name: value})
    for value in (limits.least - 1, limits.most + 1):
        with pytest.raises(ValidationError):
            body(**{name: value})
        with pytest.raises(InputError):
            daemon(**{name: value})


def test_every_number_of_finishing_is_compared():
    assert {one.name for one in fields(FinishSettings)} - set(FINISH) == {"fill_holes_px2", "drop_specks_px2"}
