"""Downloads that break off, from a real TLS server on this machine."""

import time
from pathlib import Path

import pytest
from tests.daemon.weights.conftest import CONTENT, Shop

from roto_daemon.weights import download as module
from roto_daemon.weights.download import download
from roto_shared.errors import WeightsError


def fetch(shop: Shop, target: Path, attempts: int = 1) -> list[int]:
    written: list[int] = []
    download(shop.url, target, written.append, pauses_s=(0.0,) * (attempts - 1))
    return written


def test_a_file_arrives_whole_and_tells_how_far_it_is(shop, tmp_path):
    written = fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert written[-1] == len(CONTENT)
    assert [path.name for path in tmp_path.iterdir()] == ["model.part"]


def test_a_download_that_breaks_off_goes_on_where_it_stopped(shop, tmp_path):
    shop.drops = [300_000, 200_000]
    fetch(shop, tmp_path / "model.part", attempts=3)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, "bytes=300000-", "bytes=500000-"]


def test_the_next_pull_goes_on_where_the_last_one_was_given_up(shop, tmp_path):
    shop.drops = [300_000]
    with pytest.raises(WeightsError, match="goes on where this stopped"):
        fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").stat().st_size == 300_000
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, "bytes=300000-"]


def test_a_server_that_falls_silent_is_asked_again(shop, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_S", 0.5)
    shop.stalls = [300_000]
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert len(shop.asked) == 2


def test_it_waits_longer_after_every_broken_attempt(shop, tmp_path):
    shop.drops = [1, 1, 1]
    begin = time.monotonic()
    download(shop.url, tmp_path / "model.part", lambda _written: None, pauses_s=(0.1, 0.2, 0.3))
    assert time.monotonic() - begin >= 0.6
    assert list(module.PAUSES_S) == sorted(module.PAUSES_S)


def test_a_file_that_changed_meanwhile_is_fetched_anew(shop, tmp_path):
    shop.drops = [300_000]
    with pytest.raises(WeightsError):
        fetch(shop, tmp_path / "model.part")
    shop.content, shop.tag = CONTENT[::-1], '"v2"'
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT[::-1]


def test_a_file_of_another_size_under_the_same_mark_is_fetched_anew(shop, tmp_path):
    shop.drops = [300_000]
    with pytest.raises(WeightsError):
        fetch(shop, tmp_path / "model.part")
    shop.content = CONTENT[::-1] + b"longer"
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == shop.content
    assert shop.asked == [None, "bytes=300000-", None]


def test_a_part_that_begins_elsewhere_is_not_taken(shop, tmp_path):
    shop.drops, shop.shift = [300_000], 16
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, "bytes=300000-", None]


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_what_no_strong_mark_vouches_for_is_fetched_anew(shop, tmp_path, tag):
    shop.tag, shop.drops = tag, [300_000]
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT
    assert shop.asked == [None, None]


def test_a_server_that_cannot_continue_begins_anew(shop, tmp_path):
    shop.ranges, shop.drops = False, [300_000]
    fetch(shop, tmp_path / "model.part", attempts=2)
    assert (tmp_path / "model.part").read_bytes() == CONTENT


def test_a_beginning_that_is_longer_than_the_file_is_thrown_away(shop, tmp_path):
    (tmp_path / "model.part").write_bytes(CONTENT + b"more")
    (tmp_path / "model.part.tag").write_text(f'"v1"\n{len(CONTENT)}')
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT


def test_a_beginning_whose_mark_cannot_be_read_is_thrown_away(shop, tmp_path):
    (tmp_path / "model.part").write_bytes(b"of something else")
    (tmp_path / "model.part.tag").write_text("")
    fetch(shop, tmp_path / "model.part")
    assert (tmp_path / "model.part").read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "remedy"), [(404, "Try again later"), (401, "roto models import")])
def test_a_refusal_is_told_and_not_tried_again(shop, tmp_path, status, remedy):
    shop.statuses = [status] * 3
    with pytest.raises(WeightsError, match=f"answers {status}.*{remedy}"):
        fetch(shop, tmp_path / "model.part", attempts=3)
    assert len(shop.asked) == 1


def test_a_busy_server_is_asked_again(shop, tmp_path):
    shop.statuses = [503, 429]
    fetch(shop, tmp_path / "model.part", attempts=3)
    assert (tmp_path / "model.part").read_bytes() == CONTENT


def test_a_log_in_page_is_not_taken_for_the_file(shop, tmp_path):
    shop.kind = "text/html; charset=utf-8"
    with pytest.raises(WeightsError, match="web page"):
        fetch(shop, tmp_path / "model.part")
    assert not (tmp_path / "model.part").exists()


def test_an_answer_whose_end_nobody_can_tell_is_refused(shop, tmp_path):
    shop.tells_length = False
    with pytest.raises(WeightsError, match="how long"):
        fetch(shop, tmp_path / "model.part")


def test_it_follows_to_another_address_but_never_out_of_tls(shop, tmp_path):
    shop.moved_to = "http://localhost/model.pt"
    with pytest.raises(WeightsError, match=r"http://localhost/model\.pt is not an https address"):
        fetch(shop, tmp_path / "model.part", attempts=3)
    assert len(shop.asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(shop, tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    begin = time.monotonic()
    with pytest.raises(WeightsError, match="CERTIFICATE_VERIFY_FAILED"):
        download(shop.url, tmp_path / "model.part", lambda _written: None, pauses_s=(5.0,))
    assert time.monotonic() - begin < 4, "it waits for what does not pass"
