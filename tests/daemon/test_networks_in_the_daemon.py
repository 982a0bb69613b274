"""Networks of the published sizes through the daemon's messages: filled from files, clicked, tracked, given back."""

from typing import Any

import cv2
import numpy as np
import pytest

from roto_daemon.backends.neural.untrained import write_untrained
from roto_daemon.backends.table import find_engine
from roto_shared.errors import MissingWeightsError, WeightsError
from roto_shared.protocol import messages
from roto_shared.protocol.data import ObjectPrompt, PlateRef

ENGINE = "sam2.1-tiny+cutie-small"
CLICK = (ObjectPrompt("disc", ((20.5, 30.5),)),)


@pytest.fixture
def weights(settings) -> None:
    for model in find_engine(ENGINE):
        write_untrained(model, settings.weights_dir)


def test_an_engine_of_two_networks_is_clicked_and_tracks(client, daemon, disc_clip, weights):
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), ENGINE))
    assert opened.engine == ENGINE
    clicked = client.ask(messages.Segment(opened.session, 1001, CLICK, alternatives=True))
    assert 0 <= clicked.objects[0].confidence <= 1
    assert len(clicked.objects[0].alternatives) == 2, "a first click may mean three things"
    mask = cv2.imdecode(np.frombuffer(disc_clip.path(1001).read_bytes(), np.uint8), 0)
    given = messages.Picture(
        "image/png", 97, 63, cv2.imencode(".png", (mask < 100).astype(np.uint8) * 255)[1].tobytes()
    )
    client.ask(messages.Segment(opened.session, 1001, (ObjectPrompt("disc", mask=given),)))
    events: list[Any] = []
    client.ask(messages.Track(opened.session, last=1003, masks=True), events.append)
    steps = [event for event in events if isinstance(event, messages.TrackedFrame)]
    assert [step.frame for step in steps] == [1002, 1003]
    assert steps[0].objects[0].mask is not None
    assert (steps[0].objects[0].mask.width, steps[0].objects[0].mask.height) == (97, 63)
    assert client.ask(messages.StatusQuery()).engines == ("sam2.1-tiny", "cutie-small")
    daemon.house.engines.unload_idle(-1)
    assert client.ask(messages.StatusQuery()).engines == ()
    client.ask(messages.Track(opened.session, last=1004))


def test_an_engine_without_weights_says_how_to_get_them(client, disc_clip):
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "sam2.1-large"))
    with pytest.raises(MissingWeightsError, match=r"roto models pull sam2\.1_hiera_large"):
        client.ask(messages.Segment(opened.session, 1001, CLICK))


def test_weights_of_another_network_are_named(client, settings, disc_clip, weights):
    (settings.weights_dir / "sam2.1_hiera_tiny.pt").replace(settings.weights_dir / "sam2.1_hiera_large.pt")
    opened = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), "sam2.1-large"))
    with pytest.raises(WeightsError, match="of another network"):
        client.ask(messages.Segment(opened.session, 1001, CLICK))
