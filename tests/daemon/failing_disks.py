"""Disks and processes that give up in the middle of a step."""

import errno
from pathlib import Path

from roto_daemon.sessions.masks import MaskStore
from roto_shared.whole_file import write_whole


def cut_off(monkeypatch, most, error):
    """From the step ``most`` on, no file gets another name and the journal no line."""
    steps = iter(range(most))

    def cut(act):
        def step(*given):
            if next(steps, None) is None:
                raise error
            return act(*given)

        return step

    monkeypatch.setattr(Path, "hardlink_to", cut(Path.hardlink_to))
    monkeypatch.setattr("roto_daemon.sessions.masks.write_whole", cut(write_whole))
    monkeypatch.setattr(MaskStore, "_append", cut(MaskStore._append))


def no_links(*_given):
    raise OSError(errno.EPERM, "Operation not permitted")
