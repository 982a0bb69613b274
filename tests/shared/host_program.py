"""What a host's own Python must be able to do with roto_shared and roto_panel: import them, store and send a document.

Runs under every host's Python, so it keeps to Python 3.7 and to what is installed there. Prints how many modules it
imported.
"""

import importlib
import json
import pkgutil

import roto_panel
import roto_shared
from roto_panel.book import PromptBook
from roto_panel.plates import PlateWork, with_plate
from roto_panel.saved import PROMPTS, book_from_text, book_text
from roto_shared.protocol.codec import Envelope, decode, encode
from roto_shared.protocol.messages import OpenSession, PlateRef
from roto_shared.schema import document_from_plain, document_to_plain
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey, knots_at
from roto_shared.timeline import Interpolation

NEEDS_QT = ("roto_panel.qt", "roto_panel.widgets")

imported = [
    importlib.import_module(found.name)
    for package in (roto_shared, roto_panel)
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    if found.name not in NEEDS_QT
]
imported += [
    importlib.import_module(found.name)
    for package in imported
    if hasattr(package, "__path__")
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
]

corners = (Knot(1.5, 2.25), Knot(9.0, 2.0, -1.0, 0.5, 1.0, -0.5), Knot(5.0, 8.0))
moved = tuple(knot._replace(x=knot.x + 4.0) for knot in corners)
shape = KeyedShape("triangle", (ShapeKey(1001.0, corners, Interpolation.SMOOTH), ShapeKey(1005.0, moved)))
document = ShapeDocument(64, 48, (Layer("object", (shape,)),), 1001, 1005)

stored = json.dumps(document_to_plain(document))
assert document_from_plain(json.loads(stored)) == document
assert [knot.x for knot in knots_at(shape, 1003.0)] == [knot.x + 2.0 for knot in corners]

asked = Envelope(7, OpenSession(PlateRef("plate.####.exr", 1001), "disc", "key"), "token")
assert decode(encode(asked)) == asked

book = PromptBook().with_object("hero").clicked(1001, "hero", (1.0, 2.0))
assert book_from_text(book_text(book)) == book
kept = with_plate({PROMPTS: book_text(book)}, PlateWork("a.####.exr"))
for plate, said in (("b.####.exr", PromptBook()), ("a.####.exr", book)):
    kept = with_plate(kept, PlateWork(plate))
    assert book_from_text(kept[PROMPTS]) == said

print(len(imported))
