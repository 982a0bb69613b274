"""Objects that get a name which another one had: nothing of that one comes back with it."""

from __future__ import annotations

import numpy as np
import pytest
from disc_work import DISC, open_session

from roto_daemon.outputs.masks import encode_png
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError, StorageError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination, FinishSettings, ObjectPrompt, Picture

SQUARE = ObjectPrompt("square", ((8.5, 54.5),))


@pytest.fixture
def session(client: DaemonClient, disc_clip) -> str:
    """A session in which the disc and the square are clicked on the first frame."""
    name = open_session(client, disc_clip).session
    client.ask(messages.Segment(name, 1001, (DISC, SQUARE)))
    return name


def mask(client: DaemonClient, session: str, name: str) -> Picture | None:
    (found,) = client.ask(messages.MaskQuery(session, 1001, (name,))).objects
    return found.mask


def take_back(client: DaemonClient, session: str, name: str) -> None:
    client.ask(messages.Segment(session, 1001, (ObjectPrompt(name),)))


def test_a_finish_of_an_object_that_is_gone_is_not_taken_over_with_its_name(client, session) -> None:
    client.ask(messages.FinishMasks(session, FinishSettings(grow_px=3.0), ("square",)))
    before = mask(client, session, "disc")
    take_back(client, session, "square")
    client.ask(messages.RenameObject(session, "disc", "square"))
    assert client.ask(messages.Export(session, ("report",))).texts["report"]
    assert mask(client, session, "square") == before


def test_an_object_keeps_its_finish_under_a_name_that_had_another(client, session, disc_clip) -> None:
    for name, grow_px in (("disc", 2.0), ("square", -1.0)):
        client.ask(messages.FinishMasks(session, FinishSettings(grow_px=grow_px), (name,)))
    take_back(client, session, "square")
    client.ask(messages.RenameObject(session, "disc", "square"))
    assert open_session(client, disc_clip).finish == {"square": FinishSettings(grow_px=2.0)}


def test_a_click_that_a_crash_took_the_mask_of_is_not_said_of_what_gets_its_name(client, daemon, session) -> None:
    held = daemon.house.shelf.get(session)
    (held.folder / "prompted" / "square" / "1001.png").write_bytes(b"")
    with pytest.raises(StorageError, match="gone or damaged"):
        client.ask(messages.MaskQuery(session, 1001, ("square",)))
    client.ask(messages.RenameObject(session, "disc", "square"))
    assert held.prompt(1001, "square").positive == DISC.positive
    daemon.house.shelf.close(session)
    assert daemon.house.shelf.get(session).prompt(1001, "square").positive == DISC.positive


def test_a_name_that_others_are_made_of_is_not_taken_though_its_object_is_gone(client, session, disc_clip) -> None:
    client.ask(messages.CombineObjects(session, Combination("both", "union", ("disc", "square"), keep=True)))
    take_back(client, session, "square")
    other = ObjectPrompt("other", mask=picture_of(disc_clip))
    client.ask(messages.Segment(session, 1001, (other,)))
    with pytest.raises(InputError, match="cannot be the name"):
        client.ask(messages.RenameObject(session, "other", "square"))


def test_after_a_restart_an_object_with_a_name_that_another_one_had_is_not_called_as_that_one_is(
    client, daemon, session, disc_clip
) -> None:
    client.ask(messages.RenameObject(session, "disc", "hero"))
    client.ask(messages.CombineObjects(session, Combination("disc", "union", ("hero", "square"), keep=True)))
    client.ask(messages.FinishMasks(session, FinishSettings(grow_px=2.0), ("disc",)))
    before = open_session(client, disc_clip)
    daemon.house.shelf.close(session)
    after = open_session(client, disc_clip)
    assert [made.name for made in after.combined] == ["disc"]
    assert (after.combined, after.finish) == (before.combined, before.finish)


def picture_of(clip) -> Picture:
    shown = np.zeros_like(clip.truth(1001))
    shown[2:9, 80:90] = 1
    return Picture("image/png", shown.shape[1], shown.shape[0], encode_png(shown))
