"""Statistics, out."""

from datetime import date

from pydantic import Field

from roto_hub.api.schemas.base import Out


class DayOut(Out):
    """What was done on a day (UTC): jobs, frames that were tracked, and the medians of that day."""

    day: date
    done: int
    failed: int
    frames: int
    wait_s: float | None = Field(description="From a job's request to its start, s; none where nothing was done.")
    run_s: float | None = Field(description="From a job's start to its end, s; none where nothing was done.")


class NumbersOut(Out):
    """Counts by state; what was done in the last 30 days, and its medians (none where nothing was done)."""

    shots: dict[str, int]
    jobs: dict[str, int]
    versions: dict[str, int]
    retakes: int
    notes: int
    wait_s: float | None = Field(description="From a job's request to its start, s.")
    run_s: float | None = Field(description="From a job's start to its end, s.")
    frames_a_second: float | None = Field(description="Of segmentations.")
    failed_share: float | None = Field(description="Of jobs that ended, 0 to 1.")
    done: int = Field(description="Jobs of the last 30 days.")
    failed: int = Field(description="Jobs of the last 30 days.")
    frames: int = Field(description="Tracked in the last 30 days.")


class StatisticsOut(NumbersOut):
    """Numbers, and what was done on each of the last 30 days, the latest last."""

    days: list[DayOut]


class ProjectStatisticsOut(Out):
    """A project's numbers, to be compared with others'."""

    project_id: str
    name: str
    numbers: NumbersOut


class StudioStatisticsOut(Out):
    """The numbers of all projects that one may see together, and of each, by name."""

    together: StatisticsOut
    projects: list[ProjectStatisticsOut]
