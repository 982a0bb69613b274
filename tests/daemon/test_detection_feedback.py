"""What an artist accepted and rejected, and what that leaves."""

from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.backends.base import Candidate
from roto_daemon.detection.feedback import Feedback, apply_feedback, overlap_of, threshold_of

places = st.integers(0, 20).map(lambda x: (40.0 * x, 0.0, 40.0 * x + 30, 30.0))
candidates = st.lists(
    st.builds(Candidate, st.sampled_from(["dog", "cat"]), places, st.floats(0, 1)),
    max_size=12,
    unique_by=lambda one: (one.label, one.box),
)


def dog(confidence: float, x: float = 0.0) -> Candidate:
    return Candidate("dog", (x, 0.0, x + 30, 30.0), confidence)


@given(candidates, st.data())
def test_accepted_candidates_stay_and_rejected_ones_never_come_back(found, data):
    verdicts = data.draw(st.lists(st.sampled_from(["yes", "no", ""]), min_size=len(found), max_size=len(found)))
    yes = tuple(one for one, verdict in zip(found, verdicts, strict=True) if verdict == "yes")
    no = tuple(one for one, verdict in zip(found, verdicts, strict=True) if verdict == "no")
    left = apply_feedback(found, Feedback(yes, no))
    assert set(yes) <= set(left)
    assert not set(no) & set(left)
    assert [one.confidence for one in left] == sorted((one.confidence for one in left), reverse=True)


@given(candidates)
def test_without_a_word_everything_remains(found):
    assert sorted(apply_feedback(found, Feedback()), key=repr) == sorted(found, key=repr)


def test_a_class_is_cut_between_the_surest_rejected_and_the_least_sure_accepted():
    feedback = Feedback((dog(0.8, 100),), (dog(0.4, 200),))
    assert abs(threshold_of("dog", feedback) - 0.6) < 1e-9
    assert threshold_of("cat", feedback) == 0
    assert apply_feedback([dog(0.7), dog(0.5, 50)], feedback) == (dog(0.7),)


def test_what_is_no_surer_than_a_rejected_one_goes_where_none_was_accepted():
    assert apply_feedback([dog(0.5), dog(0.6, 50)], Feedback(rejected=(dog(0.5, 300),))) == (dog(0.6, 50),)


def test_where_confidence_tells_nothing_the_accepted_bound_it():
    feedback = Feedback((dog(0.3, 100),), (dog(0.9, 200),))
    assert apply_feedback([dog(0.35), dog(0.2, 50)], feedback) == (dog(0.35),)


def test_what_lies_where_a_rejected_one_lay_goes_however_sure():
    assert apply_feedback([dog(0.99)], Feedback(rejected=(Candidate("dog", (2.0, 1.0, 31.0, 30.0), 0.1),))) == ()


def test_overlap_is_shared_area_by_joint_area():
    assert overlap_of((0, 0, 2, 2), (0, 0, 2, 2)) == 1
    assert overlap_of((0, 0, 2, 2), (1, 0, 3, 2)) == 2 / 6
    assert overlap_of((0, 0, 1, 1), (5, 5, 6, 6)) == 0
