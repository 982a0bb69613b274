"""XML in and out, safely: no document types, no entities, nothing fetched."""

import re

from lxml import etree

from roto_shared.errors import FormatError

Element = etree._Element

_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(text: str) -> Element:
    """The root element. Raises FormatError, naming the line, for damaged XML and for any document type or entity."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text):
        raise FormatError(
            "The file declares a document type or entities, which shape files never do.", "Do not use it."
        )
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise FormatError(f"Line {line}: {error.msg}.", "The file is damaged or cut off; export it again.") from error


def xml_text(element: Element) -> str:
    """An element with everything in it, as it was written."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def indented_text(element: Element) -> str:
    """An element with everything in it, a line for each part."""
    etree.indent(element, space=" ")
    return etree.tostring(element, encoding="unicode") + "\n"


def printable(name: str) -> str:
    """A name without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("_", name)
