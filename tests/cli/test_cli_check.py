"""``roto check``: a file against its host's rules."""

import json

from roto_seg.exits import Exit


def test_a_sound_file_is_said_to_be_so(roto, tmp_path):
    good = tmp_path / "good.curves"
    good.write_text("{{v x3f99999a} {f 0} {n {layer Root {f 2097152} {t x44700000 x44070000} {a}}}}")
    result = roto("check", good)
    assert result.exit_code == Exit.OK
    assert "keeps to every rule" in result.output


def test_broken_rules_are_told_by_line_and_end_with_3(roto, tmp_path):
    bad = tmp_path / "bad.fxs"
    bad.write_text('<Silhouette width="1">\n<Layer type="Layer" hidden="no"/>\n</Silhouette>')
    result = roto("check", bad)
    assert result.exit_code == Exit.INPUT
    assert "line 2: hidden=“no”" in result.output
    told = json.loads(roto("check", bad, "--json").output)
    assert [finding["line"] for finding in told["findings"]] == [1, 2]


def test_other_files_are_refused(roto, tmp_path):
    (tmp_path / "x.txt").write_text("")
    assert roto("check", tmp_path / "x.txt").exit_code == Exit.INPUT
