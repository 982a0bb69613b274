"""The table of permissions: who may call what. It is read off the endpoints' guards, so it cannot be out of date."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from roto_hub.auth.guards import Guard, StudioGuard, caller
from roto_hub.auth.permissions import ROLES, may

PATH_WIDTH = 60


def permission_table(routers: Iterable[APIRouter]) -> str:
    """A line an endpoint: method, path, and which of the roles may; ``-`` where not."""
    lines = sorted(line for router in routers for line in _lines(router))
    head = f"{'':7}{'':{PATH_WIDTH}}" + "".join(f"{role:12}" for role in ("stranger", *ROLES, "admin"))
    return "\n".join(line.rstrip() for line in (head, *lines)) + "\n"


def _lines(router: APIRouter) -> Iterator[str]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            allowed = _allowed(list(_calls(route.dependant)))
            marks = "".join(f"{'yes' if one else '-':12}" for one in allowed)
            for method in sorted(route.methods or ()):
                yield f"{method:7}{route.path:{PATH_WIDTH}}{marks}"


def _allowed(calls: list[object]) -> list[bool]:
    """For nobody in particular, each role, and administrators."""
    guards = [call for call in calls if isinstance(call, Guard)]
    if not guards:
        return [caller not in calls] + [True] * (len(ROLES) + 1)
    if any(isinstance(guard, StudioGuard) for guard in guards):
        return [False] * (len(ROLES) + 1) + [True]
    return [False, *(all(may(role, guard.permission) for guard in guards) for role in ROLES), True]


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)
