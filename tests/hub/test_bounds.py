"""What the hub takes of an artist, the daemon and the tables take too, and the other way round."""

from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import inspect

from roto_daemon.finishing.finish import check_finish
from roto_geometry.settings import FitSettings
from roto_hub.api.schemas.base import Name
from roto_hub.api.schemas.segment import CurvesIn, FinishIn
from roto_hub.db.connect import Database
from roto_hub.db.migrate import migrate
from roto_hub.db.models import LONGEST_NAME
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


def test_the_longest_name_that_is_taken_fits_every_table_that_keeps_names(tmp_path: Path):
    name = TypeAdapter(Name)
    assert name.validate_python("n" * LONGEST_NAME) == "n" * LONGEST_NAME
    with pytest.raises(ValidationError):
        name.validate_python("n" * (LONGEST_NAME + 1))
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    migrate(database)
    tables = inspect(database.engine)
    kept = {
        table: column["type"].length
        for table in ("users", "api_keys", "teams", "projects", "templates", "shots", "workers")
        for column in tables.get_columns(table)
        if column["name"] == "name"
    }
    database.close()
    assert len(kept) == 7
    assert set(kept.values()) == {LONGEST_NAME}
