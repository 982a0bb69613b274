"""Statistics, out."""

from datetime import date

from pydantic import Field

from roto_hub.api.schemas.base import Out


class DayOut(Out):
    """What was done on a day (UTC): jobs, and frames that were tracked."""

    day: date
    done: int
    failed: int
    frames: int


class StatisticsOut(Out):
    """Counts by state, and medians over the last 30 days; none where nothing was done."""

    shots: dict[str, int]
    jobs: dict[str, int]
    versions: dict[str, int]
    retakes: int
    notes: int
    wait_s: float | None = Field(description="From a job's request to its start, s.")
    run_s: float | None = Field(description="From a job's start to its end, s.")
    frames_a_second: float | None = Field(description="Of segmentations.")
    failed_share: float | None = Field(description="Of jobs that ended, 0 to 1.")
    days: list[DayOut]
