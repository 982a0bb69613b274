"""The stand-in is no invention: every name in it is the vendor's, and takes what the vendor's takes."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import threading
from pathlib import Path

import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]

Signatures = dict[str, list[ast.arguments]]


def vendor_names() -> tuple[set[str], Signatures]:
    """Top-level names of the vendor's stubs, and the signatures of its functions and methods by dotted name."""
    found = importlib.util.find_spec("nuke-stubs")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(next(iter(found.submodule_search_locations)))
    names: set[str] = set()
    signatures: Signatures = {}
    for file in ("_nuke.pyi", "executeInMain.pyi", "utils.pyi", "callbacks.pyi", "overrides.pyi"):
        for item in ast.parse((folder / file).read_text()).body:
            names |= _take(item, "", signatures)
    return names, signatures


def _take(item: ast.stmt, owner: str, signatures: Signatures) -> set[str]:
    if isinstance(item, ast.FunctionDef):
        signatures.setdefault(owner + item.name, []).append(item.args)
        return {item.name}
    if isinstance(item, ast.ClassDef):
        for inner in item.body:
            _take(inner, f"{item.name}.", signatures)
        bases = [base.id for base in item.bases if isinstance(base, ast.Name)]
        signatures[f"{item.name}:bases"] = [ast.arguments([], [ast.arg(b) for b in bases], None, [], [], None, [])]
        return {item.name}
    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
        return {item.target.id}
    return set()


NAMES, SIGNATURES = vendor_names()


def signatures_of(owner: str, method: str) -> list[ast.arguments]:
    """The vendor's signatures of a method, its own or a base's; empty where there is none."""
    if f"{owner}.{method}" in SIGNATURES:
        return SIGNATURES[f"{owner}.{method}"]
    bases = [arg.arg for told in SIGNATURES.get(f"{owner}:bases", []) for arg in told.args]
    return next((found for base in bases if (found := signatures_of(base, method))), [])


def fits(ours: inspect.Signature, theirs: ast.arguments, is_method: bool) -> bool:
    """Whether everything that may be given to ours may be given to theirs, by the same names."""
    if theirs.vararg is not None:
        return True
    told = [arg.arg for arg in theirs.args][1 if is_method else 0 :]
    own = [name for name in ours.parameters if name != "self"]
    return own == told[: len(own)]


METHODS = [
    (owner, name)
    for owner in ("Knob", "Menu", "MenuItem", "Node", "Root", "String_Knob", "Undo")
    for name, member in vars(getattr(nuke, owner)).items()
    if callable(getattr(nuke, owner).__dict__.get(name, None) or member) and not name.startswith("_")
]


@pytest.mark.parametrize("name", nuke.__all__)
def test_every_name_is_the_vendor_s(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize(("owner", "name"), METHODS)
def test_every_method_is_the_vendor_s_and_takes_what_it_takes(owner: str, name: str) -> None:
    theirs = signatures_of(owner, name)
    assert theirs, f"Nuke's {owner} has no {name}"  # not even one that takes anything
    ours = inspect.signature(inspect.getattr_static(getattr(nuke, owner), name).__get__(None, getattr(nuke, owner)))
    assert any(fits(ours, one, is_method=True) for one in theirs)


@pytest.mark.parametrize("name", [name for name in nuke.__all__ if inspect.isfunction(getattr(nuke, name))])
def test_every_function_takes_what_the_vendor_s_takes(name: str) -> None:
    assert any(fits(inspect.signature(getattr(nuke, name)), one, is_method=False) for one in SIGNATURES[name])


def test_the_api_is_for_the_main_thread_alone() -> None:
    node, raised = nuke.createNode("Roto"), []
    label = node["label"]

    def work() -> None:
        for act in (nuke.selectedNodes, node.name, label.value, lambda: nuke.frame(5)):
            with pytest.raises(RuntimeError, match="off Nuke's main thread"):
                act()
            raised.append(act)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(raised) == 4


def test_asking_the_main_thread_from_the_main_thread_hangs_nuke() -> None:
    with pytest.raises(RuntimeError, match="hangs"):
        nuke.executeInMainThread(print)


def test_a_group_is_one_step_of_undo() -> None:
    nuke.createNode("Read")
    with nuke.Undo("all of it"):
        nuke.createNode("Roto")["label"].setValue("x")
        nuke.createNode("Grade")
    nuke.Undo.undo()
    assert list(_studio.script.nodes) == ["Read1"]


def test_a_knob_that_does_not_exist_is_no_knob() -> None:
    node = nuke.createNode("Roto")
    assert node.knob("curvse") is None
    with pytest.raises(NameError):
        node["curvse"]


def test_a_deleted_node_s_handle_is_dead() -> None:
    node = nuke.createNode("Roto")
    nuke.delete(node)
    with pytest.raises(ValueError, match="not attached"):
        node.name()


def test_a_handle_of_a_node_that_is_gone_is_of_none_that_is_called_like_it() -> None:
    gone = nuke.createNode("Dot")
    nuke.delete(gone)
    new = nuke.createNode("Dot")
    assert (new.name(), new == gone) == ("Dot1", False)
    with pytest.raises(ValueError, match="not attached"):
        gone.name()
