"""``python -m roto_seg``."""

from roto_seg.main import run

if __name__ == "__main__":
    run()
