"""Messages keep their meaning on the wire, and stored wire files keep being understood."""

import dataclasses
import re
from pathlib import Path

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_shared.errors import InputError, ProtocolError, RotoError, error_from_wire
from roto_shared.protocol import codec, messages
from roto_shared.protocol.codec import Envelope, decode, decode_address, encode
from roto_shared.protocol.messages import ANSWERS, MESSAGES, REQUESTS, ObjectPrompt, Picture, PlateRef
from roto_shared.protocol.version import PROTOCOL, is_compatible
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey

GOLDEN = Path(__file__).parents[1] / "golden" / "wire"
PROTOCOL_PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"

SHAPE = KeyedShape("edge", tuple(ShapeKey(float(f), (Knot(float(f), 2.5, -1, 0, 1, 0), Knot(7, 8))) for f in (1, 5)))
DOCUMENT = ShapeDocument(64, 48, (Layer("dog", (SHAPE,)),), 1, 5)
PICTURE = Picture("image/png", 64, 48, bytes(range(256)) * 2)

EXAMPLES = (
    messages.Hello("nuke", "Nuke 15.1"),
    messages.OpenSession(PlateRef("/plates/sh010/sh010.####.exr", 1001), "embedded", "sh010"),
    messages.Segment(
        "0123456789abcdef", 1001, (ObjectPrompt("dog", ((10.5, 20.0),), ((1.0, 2.0),), (0.0, 0.0, 9.0, 9.5)),)
    ),
    messages.Segment("0123456789abcdef", 1001, (ObjectPrompt("dog", mask=PICTURE),), messages.CurveSettings("tight")),
    messages.Track("0123456789abcdef", "forward", 1001, 1100, ("dog",), masks=True),
    messages.TrackedFrame(
        1002, 1, 99, (messages.ObjectState("dog", 0.5, "needs_click", PICTURE, DOCUMENT.children[0]),)
    ),
    messages.Fitted(DOCUMENT, {"dog": {"iou": 0.97}}),
    messages.Failed("plate", "Frame 7 is damaged.", "Copy it again."),
    messages.SessionOpened("0123456789abcdef", 64, 48, (1, 2), 24.0, 1.0, "embedded", {"dog": (1, 2)}, {"dog": (1,)}),
    messages.Refit("0123456789abcdef", DOCUMENT, "dog", (1.0,), "arm", DOCUMENT, fade_frames=0.0),
    messages.CarryChange(DOCUMENT, DOCUMENT, reach_frames=24.0, fading=True),
    messages.AddKnot(DOCUMENT, "arm", 1.0, (4.0, 5.5)),
    messages.Fitted(DOCUMENT, {}, ("arm: it is locked and stays as it is.",)),
    messages.RenameObject("0123456789abcdef", "object1", "hero"),
)


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)
def test_a_message_arrives_as_it_was_sent(message):
    envelope = Envelope(7, message, "token")
    assert decode(encode(envelope)) == envelope


def test_large_binary_data_travels_beside_the_map_and_not_in_it():
    header, attachment = encode(Envelope(1, messages.Frame(3, PICTURE)))
    assert attachment == PICTURE.data
    assert len(header) < len(PICTURE.data)


def test_knots_travel_as_one_block_of_doubles():
    parts = encode(Envelope(1, messages.Fitted(DOCUMENT, {})))
    body = msgpack.unpackb(parts[0], strict_map_key=False)["body"]
    knots = body["document"]["children"][0]["children"][0]["keys"][0]["knots"]
    assert isinstance(knots, bytes)
    assert len(knots) == 2 * 6 * 8


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.bin")), ids=lambda p: p.stem)
def test_wire_files_of_this_major_version_are_still_read_and_written_to_the_byte(path):
    parts = msgpack.unpackb(path.read_bytes())
    assert encode(decode(parts)) == parts


def test_there_is_a_wire_file_for_every_example():
    assert {path.stem for path in GOLDEN.glob("*.bin")} == {f"{i}-{type(m).__name__}" for i, m in enumerate(EXAMPLES)}


@pytest.mark.parametrize(("kind", "cls"), MESSAGES.items())
def test_every_message_and_field_is_documented(kind, cls):
    page = PROTOCOL_PAGE.read_text(encoding="utf-8")
    assert f"### `{kind}`" in page
    section = page.split(f"### `{kind}`")[1].split("\n### ")[0]
    for field in dataclasses.fields(cls):
        assert f"`{field.name}`" in section


@pytest.mark.parametrize("request_class", REQUESTS.values())
def test_every_request_says_what_answers_it(request_class):
    answers = {cls.__name__ for cls in ANSWERS.values()}
    told = set(re.findall(r"[Aa]nswered by (\w+)", request_class.__doc__))
    assert told
    assert told <= answers


def test_every_error_code_is_documented():
    page = PROTOCOL_PAGE.read_text(encoding="utf-8")
    codes = {cls.code for cls in _family(RotoError)}
    assert [code for code in codes if f"`{code}`" not in page] == []


def _family(cls):
    return {cls}.union(*(_family(child) for child in cls.__subclasses__()))


def test_an_error_is_raised_again_as_the_same_class():
    for cls in _family(RotoError):
        error = error_from_wire(cls.code, "What happened.", "What to do.")
        assert type(error) is cls
        assert str(error) == "What happened. What to do."


def test_unknown_fields_of_a_newer_minor_version_are_ignored():
    header = {"v": [1, 9], "id": 1, "kind": "hello", "token": "", "body": {"client": "x", "mood": "fine"}}
    assert decode([msgpack.packb(header)]).message == messages.Hello("x")


def test_only_the_major_version_decides_whether_two_sides_understand_each_other():
    assert is_compatible((PROTOCOL[0], PROTOCOL[1] + 5))
    assert not is_compatible((PROTOCOL[0] + 1, 0))


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("hello", {}, "client"),
        ("track", {"session": 5}, "session"),
        ("segment", {"session": "s", "frame": 1, "prompts": [{"object": "a", "positive": [[1, "2"]]}]}, "positive"),
        ("segment", {"session": "s", "frame": True, "prompts": []}, "frame"),
        ("segment", {"session": "s", "frame": 1, "prompts": [{"object": "a", "box": [1, 2, 3]}]}, "box"),
        ("open_session", {"plate": "a path"}, "plate"),
        ("change_settings", {"values": {"engine": 3}}, "engine"),
    ],
)
def test_a_misfit_names_its_field(kind, body, field):
    header = {"v": [1, 0], "id": 1, "kind": kind, "token": "", "body": body}
    with pytest.raises(InputError, match=field):
        decode([msgpack.packb(header)])


@given(st.lists(st.binary(max_size=200), max_size=4))
def test_garbage_is_refused_in_words(parts):
    with pytest.raises(RotoError):
        decode(parts)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**31), 2**31)
        | st.floats()
        | st.text(max_size=5)
        | st.binary(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    ),
    st.sampled_from(sorted(MESSAGES)),
)
def test_a_well_formed_map_with_a_strange_body_never_raises_anything_else(body, kind):
    body = body if isinstance(body, dict) else {"session": body, "frame": body, "prompts": body, "plate": body}
    parts = [msgpack.packb({"v": [1, 0], "id": 1, "kind": kind, "token": "", "body": body})]
    try:
        envelope = decode(parts)
    except RotoError:
        return
    assert type(envelope.message) is MESSAGES[kind]


def test_a_reference_to_a_missing_attachment_is_refused():
    body = {"frame": 1, "picture": {"media": "image/png", "width": 1, "height": 1, "data": msgpack.ExtType(1, b"\0\5")}}
    header = {"v": [1, 0], "id": 1, "kind": "frame_is", "token": "", "body": body}
    with pytest.raises(ProtocolError, match="attachment"):
        decode([msgpack.packb(header)])


@pytest.mark.parametrize("read", [decode, decode_address])
def test_a_message_of_too_many_parts_is_not_read(read):
    with pytest.raises(ProtocolError, match="At most 512 MiB in 4096 parts"):
        read([*encode(Envelope(1, EXAMPLES[0])), *[b""] * 4096])


def test_an_address_is_looked_for_among_the_first_fields_alone():
    address = {"v": [1, 0], "id": 1, "kind": "hello", "token": ""}
    parts = [msgpack.packb({**dict.fromkeys("abcdefghijkl"), **address, "body": {}})]
    assert decode_address(parts) == address
    with pytest.raises(ProtocolError, match="lacks"):
        decode_address([msgpack.packb({**dict.fromkeys("abcdefghijklm"), **address})])


def test_a_message_that_is_too_large_is_refused_before_it_is_sent(monkeypatch):
    monkeypatch.setattr(codec, "MAX_MESSAGE_BYTES", 400)
    with pytest.raises(ProtocolError, match="too large"):
        encode(Envelope(1, messages.Frame(3, PICTURE)))


def write_golden_wire_files() -> None:
    """Run this module to write the wire files anew, after a change of the protocol's version."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for number, message in enumerate(EXAMPLES):
        parts = encode(Envelope(number, message, "token"))
        (GOLDEN / f"{number}-{type(message).__name__}.bin").write_bytes(msgpack.packb(parts))


if __name__ == "__main__":
    write_golden_wire_files()
