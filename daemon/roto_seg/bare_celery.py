"""The least that Celery can do on the hub's broker, for the benchmark: a worker whose task writes an empty file."""

from pathlib import Path

from celery import Celery

from roto_hub.jobs.broker import make_celery, queue_of
from roto_hub.jobs.worker import serve
from roto_hub.settings import HubSettings

NAME, TASK = "bare", "bare.touch"
QUEUE = queue_of(NAME)


def make_bare(settings: HubSettings) -> Celery:
    """Celery with the task."""
    celery = make_celery(settings)
    celery.task(name=TASK)(touch)
    return celery


def touch(path: str) -> None:
    """The task."""
    Path(path).touch()


if __name__ == "__main__":
    serve(make_bare(HubSettings()), NAME, 1, is_watched=False)
