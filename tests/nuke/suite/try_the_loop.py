"""The loop of an artist: open, click, track, commit, edit a key, send it back, undo."""

import re
import struct
import unittest

from plate_files import FIRST, LAST, centre, make_plate
from stage import Stage

import nuke
from roto_shared.protocol.data import CurveSettings

FRAMES = LAST - FIRST + 1
FIRST_KEY = re.compile(r"\{\{\{(x[0-9a-f]{8}) 0 1 ")
"""The first key of a coordinate that moves, as the format has it."""


def value_of(text):
    """A float of the format."""
    return struct.unpack(">f", bytes(bytearray.fromhex(text[1:])))[0]


def text_of(value):
    """A float as the format has it."""
    return "x" + "".join("{:02x}".format(byte) for byte in bytearray(struct.pack(">f", value)))


class TheLoop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pattern = make_plate()

    def setUp(self):
        self.stage = Stage(self.pattern)

    def tearDown(self):
        self.stage.close()

    def track(self):
        stage = self.stage
        stage.press("open")
        stage.until(lambda state: state.picture is not None)
        stage.presenter.choose(target="", live=False, curves=CurveSettings(track=False))
        stage.click(*centre(FIRST))
        stage.until(lambda state: bool(state.masks))
        stage.press("track")
        stage.until(lambda state: state.working is None and len(state.timeline["object1"]) == FRAMES)

    def commit(self):
        self.stage.press("commit")
        state = self.stage.until(lambda state: state.working is None and state.told.startswith("Roto"))
        return nuke.toNode(state.choices.target)

    def test_a_click_becomes_a_native_node_and_one_undo_takes_it_out(self):
        self.track()
        node = self.commit()
        name = node.name()
        self.assertIn("curvegroup", node["curves"].toScript())
        self.assertEqual(self.stage.state.keys["object1"][0], FIRST)
        nuke.Undo.undo()
        self.assertIsNone(nuke.toNode(name))

    def test_an_edited_key_is_sent_back_and_held_in_one_undo_step(self):
        self.track()
        node = self.commit()
        text = node["curves"].toScript()
        first = FIRST_KEY.search(text)
        wanted = value_of(first.group(1)) + 3.0
        edited = text[: first.start(1)] + text_of(wanted) + text[first.end(1) :]
        with nuke.Undo("the artist's edit"):
            node["curves"].fromScript(edited)
        self.stage.press("send_edits")
        self.stage.until(lambda state: state.working is None and "your edits are held" in state.told)
        held = FIRST_KEY.search(node["curves"].toScript())
        self.assertAlmostEqual(value_of(held.group(1)), wanted, places=2)
        nuke.Undo.undo()
        self.assertAlmostEqual(value_of(FIRST_KEY.search(node["curves"].toScript()).group(1)), wanted, places=4)
        nuke.Undo.undo()
        self.assertAlmostEqual(value_of(FIRST_KEY.search(node["curves"].toScript()).group(1)), wanted - 3.0, places=4)

    def test_shapes_that_nobody_touched_are_no_edits(self):
        self.track()
        node = self.commit()
        text = node["curves"].toScript()
        self.stage.presenter.choose(target=node.name())
        self.commit()
        self.assertIsNone(self.stage.state.trouble)
        self.assertEqual(node["curves"].toScript(), text)

    def test_shapes_go_into_an_artist_s_node_and_leave_the_rest_of_it(self):
        self.track()
        own = self.commit()
        text = own["curves"].toScript().replace("object1", "artist")
        own["curves"].fromScript(text)
        self.stage.presenter.choose(target=own.name())
        self.commit()
        names = re.findall(r"\{layer (\S+)", own["curves"].toScript())
        self.assertEqual(names, ["Root", "object1", "artist"])

    def test_shapes_follow_the_track_in_one_undo_step(self):
        self.track()
        self.stage.presenter.choose(live=True)
        self.stage.presenter.prompting.click(centre(LAST))
        self.stage.press("track")
        state = self.stage.until(lambda state: state.working is None and state.told.startswith("Roto"))
        name = state.choices.target
        nuke.Undo.undo()
        self.assertIsNone(nuke.toNode(name))

    def test_a_shape_drawn_by_hand_is_a_prompt(self):
        self.track()
        drawn = self.commit()
        for node in nuke.selectedNodes():
            node.setSelected(False)
        drawn.setSelected(True)
        self.stage.presenter.prompting.delete_object("object1")
        self.stage.until(lambda state: not state.masks)
        self.stage.presenter.shaping.prompt_from_scene()
        state = self.stage.until(lambda state: "object1" in state.masks)
        self.assertEqual(state.timeline["object1"][FIRST].state, "prompted")

    def test_a_prompt_node_s_handle_is_a_click_once_it_rests(self):
        from roto_nuke.prompt_node import make_prompt_node

        stage = self.stage
        stage.press("open")
        stage.until(lambda state: state.picture is not None)
        node = make_prompt_node("handle")
        height = node.height()
        for index, value in enumerate((centre(FIRST)[0], height - centre(FIRST)[1])):
            node["roto_point1"].setValue(value, index)
        stage.until(lambda state: "handle" in state.masks)
        self.assertEqual(stage.state.book.prompt(FIRST, "handle").positive, (centre(FIRST),))

    def test_what_was_said_is_there_again_in_another_panel(self):
        self.track()
        said = self.stage.state.book
        self.stage.close()
        self.stage.read.setSelected(True)
        self.stage = Stage(self.pattern, self.stage.read)
        self.stage.press("open")
        state = self.stage.until(lambda state: bool(state.masks))
        self.assertEqual(state.book, said)
        self.assertEqual(len(state.timeline["object1"]), FRAMES)

    def test_the_panel_follows_nuke_s_frame(self):
        self.track()
        nuke.frame(LAST)
        state = self.stage.until(lambda state: state.frame == LAST and bool(state.masks))
        self.assertEqual(self.stage.host.frame(), LAST)
        self.assertIn("object1", state.masks)

    def test_a_closed_script_takes_its_prompts_with_it(self):
        self.track()
        nuke.scriptClear()
        self.assertIsNone(self.stage.state.session)
        self.assertEqual(self.stage.state.book.names, ())
        self.assertEqual(self.stage.host.saved().get("prompts", ""), "")
        self.stage.close()
        self.stage = Stage(self.pattern)

    def test_closing_in_mid_track_ends_at_once_and_keeps_what_is_done(self):
        self.track()
        self.stage.presenter.prompting.click((5.0, 90.0), positive=False)
        self.stage.press("track")
        self.stage.close()
        self.stage = Stage(self.pattern, self.stage.read)

    def test_a_daemon_that_stops_is_started_again_by_the_next_click(self):
        self.track()
        self.stage.presenter.household.stop()
        self.stage.until(lambda state: state.told == "The daemon stopped.")
        self.stage.presenter.open()
        state = self.stage.until(lambda state: bool(state.masks), forgiving=True)
        self.assertEqual(len(state.timeline["object1"]), FRAMES)
