"""The words and braces of Nuke's ``curves`` knob, with their places in the text, and back to text.

Tcl lists: ``{}`` nest; blanks, tabs and newlines separate alike, the wider blanks of other scripts do not; a word with
blanks is ``"…"``, a backslash keeps what follows it [seen]. Words stay as they are written, quotes included, so nothing
is lost between text and tree.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from roto_shared.errors import FormatError

_TOKEN = re.compile(
    r"""
    \{[^{}"\\]*\}                # a list of plain words, the bulk of every file
    | [{}]
    | "(?:[^"\\]|\\.)*"
    | (?:[^\s{}"\\]|\\.)(?:[^\s{}\\]|\\.)*
    | \S                         # a stray quote or a backslash at the very end
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)

_BLANKS = re.compile(r"[ \t\n\r]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


class Branch(NamedTuple):
    """A braced list: its words and lists, and where its braces stand in the text (``text[start:end]``)."""

    items: "tuple[Node, ...]"
    start: int
    end: int

    @property
    def head(self) -> str:
        """The first word, which names what the list is; empty where it starts with a list or is empty."""
        return self.items[0] if self.items and isinstance(self.items[0], str) else ""


Node = str | Branch


def parse(text: str, start: int = 0) -> Branch:
    """The list whose opening brace is the first thing at or after ``start``. Raises FormatError, naming the line."""
    items: list[Node] = []
    outer: list[tuple[list[Node], int]] = []
    opened = -1
    for match in _TOKEN.finditer(text, start):
        token, place = match.group(), match.start()
        if token == "{":
            outer.append((items, opened))
            items, opened = [], place
            continue
        if token == "}":
            node: Node = Branch(tuple(items), opened, match.end())
            if not outer:
                raise _damage(text, place, "a closing brace that was never opened")
            items, opened = outer.pop()
        elif token[0] == "{":
            node = Branch(tuple(_plain_words(token[1:-1])), place, match.end())
        else:
            node = _word(token, text, place)
        if not outer:
            return _whole(node, text, place)
        items.append(node)
    raise _damage(text, len(text), "the end of the text, but braces are still open" if outer else "no list in braces")


def _plain_words(text: str) -> list[str]:
    return text.split() if text.isascii() else _BLANKS.split(text.strip(" \t\n\r"))


def is_one_list(text: str) -> bool:
    """Whether a text is a single list by Tcl's own rule, where only a backslash hides a brace, quotes do not."""
    depth = 0
    for match in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth <= 0:
            return depth == 0 and match.end() == len(text) and text[0] == "{"
    return False


def _whole(node: Node, text: str, place: int) -> Branch:
    if isinstance(node, str):
        raise _damage(text, place, f"“{node[:20]}” where a list in braces should be")
    return node


def _word(token: str, text: str, place: int) -> str:
    if token in ('"', "\\"):
        raise _damage(text, place, "a quote that is never closed")
    return token


def _damage(text: str, place: int, what: str) -> FormatError:
    return FormatError(f"Line {line_of(text, place)}: {what}.", "The text is damaged or cut off; export it again.")


def part(branch: Branch, *heads: str) -> Branch | None:
    """The first list inside ``branch`` that one of ``heads`` names."""
    return next((item for item in branch.items if isinstance(item, Branch) and item.head in heads), None)


def line_of(text: str, place: int) -> int:
    """Line number, from 1, of a place in the text."""
    return text.count("\n", 0, place) + 1


def unparse(node: Node) -> str:
    """Shortest text of a node: one blank between words."""
    return node if isinstance(node, str) else "{" + " ".join(unparse(item) for item in node.items) + "}"


def words(node: Node) -> Iterator[str]:
    """Every word and brace in order: what two texts must share to say the same."""
    if isinstance(node, str):
        yield node
        return
    yield "{"
    for item in node.items:
        yield from words(item)
    yield "}"


def unquote(word: str) -> str:
    """A name as people see it: without quotes, backslashes resolved."""
    inner = word[1:-1] if word[:1] == '"' else word
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)


def quote(name: str) -> str:
    """A name as a word of the list: quoted where it has blanks, with backslashes before what would end it."""
    escaped = re.sub(r'([\\{}"\[\]$])', r"\\\1", name)
    return f'"{escaped.replace(" ", chr(92) + " ")}"' if not name or re.search(r"\s", name) else escaped
