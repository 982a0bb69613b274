"""A plate on disk, made with the standard library alone: any host's Python can."""

import os
import struct
import tempfile
import zlib

WIDTH, HEIGHT, RADIUS = 128, 96, 16
FIRST, LAST = 1001, 1012


def centre(frame):
    """Where the disc is, plate px, y down."""
    return (30.0 + 5.0 * (frame - FIRST), 40.0)


def make_plate():
    """A red disc that moves right over grey, as PNG files in a temporary folder; answers their pattern."""
    folder = tempfile.mkdtemp(prefix="roto-try-")
    for frame in range(FIRST, LAST + 1):
        x, y = centre(frame)
        rows = []
        for row in range(HEIGHT):
            line = b"".join(
                b"\xff\x00\x00" if (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2 <= RADIUS**2 else b"\x80\x80\x80"
                for column in range(WIDTH)
            )
            rows.append(b"\x00" + line)
        _write_png(os.path.join(folder, "disc.{}.png".format(frame)), b"".join(rows))
    return os.path.join(folder, "disc.%04d.png").replace("\\", "/")


def _write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        )
