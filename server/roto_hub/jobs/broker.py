"""Celery: how a job's number reaches its worker. The database is the queue of record; a message is only a nudge."""

from celery import Celery

from roto_hub.jobs import folder_broker
from roto_hub.settings import HubSettings

RUN_JOB = "roto_hub.run_job"
POLL_S = 0.05
"""How often a worker looks into the folder that is the broker where there is no Redis (measured: 79 ms a task)."""


def make_celery(settings: HubSettings) -> Celery:
    """Celery with Redis as its broker, or a folder."""
    celery = Celery("roto_hub", broker=settings.broker_url or folder_broker.register())
    celery.conf.update(
        task_ignore_result=True,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        task_serializer="json",
        accept_content=["json"],
    )
    if not settings.broker_url:
        celery.conf.worker_enable_remote_control = False  # its mailbox in the folder is not safe for two workers
        folders = {name: settings.data_dir / "broker" / name for name in ("messages", "control", "processed")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        celery.conf.broker_transport_options = {
            "data_folder_in": str(folders["messages"]),
            "data_folder_out": str(folders["messages"]),
            "control_folder": str(folders["control"]),
            "processed_folder": str(folders["processed"]),
            "store_processed": False,
            "polling_interval": POLL_S,
        }
    return celery


def queue_of(worker: str) -> str:
    """The queue that one worker alone listens to."""
    return f"worker.{worker}"
