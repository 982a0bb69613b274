"""The loop of an artist: open, click, track, commit, undo."""

import unittest

from stage import FIRST, LAST, Stage, centre, make_plate

import nuke


class TheLoop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pattern = make_plate()

    def setUp(self):
        self.stage = Stage(self.pattern)

    def tearDown(self):
        self.stage.close()

    def test_a_click_becomes_a_native_node_and_one_undo_takes_it_out(self):
        stage = self.stage
        stage.press("open")
        stage.until(lambda state: state.picture is not None)
        stage.click(*centre(FIRST))
        stage.until(lambda state: bool(state.masks))
        stage.press("track")
        frames = LAST - FIRST + 1
        stage.until(lambda state: state.working is None and len(state.timeline["object1"]) == frames)
        stage.press("commit")
        told = stage.until(lambda state: state.told.startswith("Roto")).told
        name = told.splitlines()[0]
        self.assertIn("curvegroup", nuke.toNode(name)["curves"].toScript())
        nuke.Undo.undo()
        self.assertIsNone(nuke.toNode(name))
