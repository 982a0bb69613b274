"""The motion that slide is measured against."""

from pathlib import Path

import numpy as np
import pytest

from roto_daemon.benchmarks.curves.flow import from_inside, object_flow, sure_flow
from roto_daemon.benchmarks.curves.footage import Footage


def test_flow_on_the_edge_is_the_objects_and_not_the_grounds(sequences: Path):
    footage = Footage(sequences / "moving")
    masks = dict(footage.masks("gt"))
    flow = object_flow(footage, masks)
    assert flow is not None
    edge = masks[2] & ~np.roll(masks[2], 2, axis=1)
    assert np.median(flow(2)[edge], axis=0) == pytest.approx([3, 0], abs=0.3)


def test_flow_is_believed_where_it_comes_home_and_leads_to_the_next_masks_edge(sequences: Path):
    footage = Footage(sequences / "moving")
    masks = dict(footage.masks("gt"))
    edge = masks[2] & ~np.roll(masks[2], 2, axis=1)
    flow = sure_flow(footage, masks)
    assert flow is not None
    believed = np.isfinite(flow(2)[edge]).all(axis=1)
    assert believed.mean() > 0.8
    assert np.median(flow(2)[edge][believed], axis=0) == pytest.approx([3, 0], abs=0.3)


def test_flow_is_not_believed_where_the_next_masks_edge_is_elsewhere(sequences: Path):
    footage = Footage(sequences / "moving")
    masks = dict(footage.masks("gt"))
    flow = sure_flow(footage, masks | {3: np.roll(masks[3], 12, axis=1)})
    assert flow is not None
    edge = masks[2] & ~np.roll(masks[2], 2, axis=1)
    assert np.isnan(flow(2)[edge]).all(axis=1).mean() > 0.8


def test_without_pictures_there_is_no_flow(sequences: Path):
    footage = Footage(sequences / "still")
    masks = dict(footage.masks("gt"))
    assert object_flow(footage, masks) is None
    assert sure_flow(footage, masks) is None


def test_values_come_from_three_pixels_inside_and_from_the_middle_of_what_is_thin():
    mask = np.zeros((40, 60), bool)
    mask[10:30, 5:25] = mask[18:21, 40:58] = True
    flow = np.zeros((40, 60, 2), np.float32)
    flow[13:27, 8:22] = 1
    flow[19, 40:58] = 2
    taken = from_inside(flow, mask)
    assert (taken[10:30, 5:25] == 1).all()
    assert (taken[18:21, 42:56] == 2).all()


def test_without_a_mask_flow_stays_as_it_is():
    flow = np.ones((4, 5, 2), np.float32)
    assert from_inside(flow, np.zeros((4, 5), bool)) is flow
