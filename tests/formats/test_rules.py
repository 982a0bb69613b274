"""The rules of the hosts' formats: real files keep to them, ours do, and each is told when it is broken."""

from pathlib import Path

import pytest

from roto_formats.registry import document_text, read_document
from roto_formats.rules.nuke import nuke_findings
from roto_formats.rules.silhouette import silhouette_findings
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey

KNOTS = (Knot(10.0, 10.0), Knot(40.0, 12.0, -3.0, 1.0, 3.0, -1.0), Knot(20.0, 40.0))
MOVED = tuple(knot._replace(x=knot.x + 5) for knot in KNOTS)
SHAPE = KeyedShape("shape 1", (ShapeKey(1001.0, KNOTS), ShapeKey(1005.0, MOVED)))
OURS = ShapeDocument(128, 96, (Layer("hero", (SHAPE,)), Layer("two", (SHAPE,))), 1001, 1005)
FXS, CURVES = document_text(OURS, ".fxs")[0], document_text(OURS, ".curves")[0]


def test_files_that_nuke_wrote_keep_to_every_rule(shared_folder: Path) -> None:
    files = sorted((shared_folder / "corpus" / "nuke").glob("*.curves"))
    assert files
    assert {file.name: nuke_findings(file.read_text()) for file in files if nuke_findings(file.read_text())} == {}


def test_of_silhouette_s_files_only_what_nobody_knows_is_told(shared_folder: Path) -> None:
    files = sorted((shared_folder / "corpus" / "silhouette").glob("*.fxs"))
    assert files
    marks = {finding.mark for file in files for finding in silhouette_findings(file.read_text())}
    assert marks <= {"?"}


@pytest.mark.parametrize("kind", ["nk", "curves"])
def test_what_we_write_for_nuke_keeps_to_every_rule(shared_folder: Path, kind: str) -> None:
    assert nuke_findings(document_text(OURS, f".{kind}")[0]) == []
    for file in sorted((shared_folder / "corpus" / "silhouette").glob("*.fxs")):
        assert nuke_findings(document_text(read_document(file), f".{kind}")[0]) == [], file.name


def test_what_we_write_for_silhouette_keeps_to_every_rule(shared_folder: Path) -> None:
    assert silhouette_findings(FXS) == []
    for file in sorted((shared_folder / "corpus" / "nuke").glob("*.curves")):
        assert silhouette_findings(document_text(read_document(file), ".fxs")[0]) == [], file.name


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<Silhouette ", "<Silly ", "not <Silhouette>"),
        (' width="128"', "", "lacks “width”"),
        ('label="two"', 'label="hero"', "siblings are called"),
        ('type="Shape"', 'type="Blob"', "of type “Blob”"),
        ('hidden="False"', 'hidden="no"', "neither True nor False"),
        ("<Value>Add</Value>", "<Value>Screen</Value>", "the mode “Screen”"),
        ('interp="linear"', 'interp="spline"', "not known to be a spelling"),
        ('type="Bezier"', 'type="Xspline"', "whose points nobody knows"),
        ("<Point>(", "<Point>(1e-3,0.0),(", "no fixed-point number"),
        ('frame="4"', 'frame="-4"', "do not ascend"),
    ],
)
def test_a_broken_rule_of_silhouette_s_is_told_with_its_line(before: str, after: str, told: str) -> None:
    broken = (
        FXS.replace(before, after)
        if before != "<Silhouette "
        else FXS.replace("Silhouette ", "Silly ")
        .replace("</Silhouette>", "</Silly>")
        .replace("<!-- Silly", "<!-- Silhouette")
    )
    assert broken != FXS
    findings = silhouette_findings(broken)
    assert any(told in finding.what for finding in findings), findings
    assert all(finding.line >= 1 for finding in findings)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("x41200000", "10.5", "no whole number and no x"),
        ("x41200000", "X41200000", "no whole number and no x"),
        ("{layer Root", "{layer Top", "not the layer Root"),
        ("bezier", "nurbs", "of kind “nurbs”"),
        ("{n", "{m", "does not begin with v, f and n"),
        ("{px {x447a4000 x447b4000}", "{px {x447a4000 x447b4000 x447c4000}", "keys where there are 3 times"),
        ("{{{0 -}} {{0 -}}}", "{{{x {2} {0 -}}} {{0 -}}}", "a run of keys that does not say how many"),
        ("{curvegroup", "{curvegrope", "an element “curvegrope”"),
    ],
)
def test_a_broken_rule_of_nuke_s_is_told(before: str, after: str, told: str) -> None:
    broken = CURVES.replace(before, after)
    assert broken != CURVES
    assert any(told in finding.what for finding in nuke_findings(broken)), nuke_findings(broken)


def test_the_long_form_is_told() -> None:
    assert "long form" in nuke_findings('curves {AnimTree: "" {}}')[0].what
