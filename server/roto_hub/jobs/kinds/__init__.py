"""What each kind of job asks of the daemon. Nothing here knows the database."""

from collections.abc import Callable
from typing import Any

from roto_hub.jobs.kinds.bench import Bench
from roto_hub.jobs.kinds.click import click
from roto_hub.jobs.kinds.delivery import export
from roto_hub.jobs.kinds.plate import check, proxy
from roto_hub.jobs.kinds.reshape import reshape
from roto_hub.jobs.kinds.segment import segment

Kind = Callable[[Bench, dict[str, Any]], dict[str, Any]]

KINDS: dict[str, Kind] = {
    "check": check,
    "proxy": proxy,
    "click": click,
    "segment": segment,
    "reshape": reshape,
    "export": export,
}
