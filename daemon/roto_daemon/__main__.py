"""``python -m roto_daemon``: run the daemon in this process until it is stopped."""

import signal
import sys

from roto_daemon.log import open_log
from roto_daemon.settings import load_settings
from roto_daemon.threads import keep_algebra_single
from roto_shared.errors import RotoError


def main() -> int:
    """Exit code 0 after a stop, 5 where the daemon could not run."""
    keep_algebra_single()
    from roto_daemon.app import run_daemon  # loads numpy

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        settings = load_settings()
        open_log(settings.log_file, settings.log_level)
        run_daemon(settings)
    except KeyboardInterrupt:
        return 0
    except RotoError as error:
        print(error, file=sys.stderr)
        return 5
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
