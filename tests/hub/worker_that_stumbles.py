"""A hub's worker whose Celery gives up the first time that Redis goes, as it does with a message half acknowledged."""

from celery.worker.consumer import Consumer

from roto_seg.main import run

_go_on = Consumer.on_connection_error_after_connected


def _stumble(self: Consumer, error: Exception) -> None:
    Consumer.on_connection_error_after_connected = _go_on
    raise AttributeError("'NoneType' object has no attribute 'hostname'") from error


Consumer.on_connection_error_after_connected = _stumble
run()
