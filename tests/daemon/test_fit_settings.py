"""What an artist says of curves, as it arrives at the fit."""

import pytest

from roto_daemon.pipelines.fit import fit_settings, settings_for
from roto_geometry.settings import PRESETS, FitSettings
from roto_shared.errors import InputError
from roto_shared.protocol.data import CurveSettings
from roto_shared.timeline import Interpolation


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_preset_alone_is_the_preset(preset):
    assert fit_settings(CurveSettings(preset)) == PRESETS[preset]


def test_what_is_said_overrides_the_preset_and_nothing_else():
    settings = fit_settings(CurveSettings("tight", key_density=2.0, interpolation="smooth", parts=False, bake=True))
    assert (settings.key_density, settings.interpolation, settings.parts) == (2.0, Interpolation.SMOOTH, False)
    assert settings.detail == PRESETS["tight"].detail
    assert settings.tolerance_px == PRESETS["tight"].tolerance_px


def test_denser_keys_keep_closer_between_keys():
    assert FitSettings(tolerance_px=1.0, key_density=2.0).key_tolerance_px == 0.5


@pytest.mark.parametrize(("format", "keys"), [("nk", None), ("json", None), ("fxs", "linear"), (".FXS", "linear")])
def test_every_host_gets_the_keys_that_suit_it_unless_something_is_said(format, keys):
    assert settings_for(format, CurveSettings()).interpolation == keys
    assert settings_for(format, CurveSettings(interpolation="smooth")).interpolation == "smooth"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (CurveSettings("tightest"), "tightest"),
        (CurveSettings(tolerance_px=0.0), "tolerance_px"),
        (CurveSettings(smoothness=1.5), "smoothness"),
        (CurveSettings(most_parts=0), "most_parts"),
        (CurveSettings(interpolation="hold"), "hold"),
        (CurveSettings(detail=float("nan")), "detail"),
        (CurveSettings(shutter=float("nan")), "shutter"),
    ],
)
def test_what_makes_no_sense_is_named(said, named):
    with pytest.raises(InputError, match=named):
        fit_settings(said)
