"""What each role may do in a project. Administrators may do everything, everywhere."""

from enum import Enum, auto

ROLES = ("viewer", "artist", "supervisor")
"""From the least to the most; each may do what the ones before it may."""


class Permission(Enum):
    """Something that can be done."""

    SEE = auto()
    COMMENT = auto()
    WORK = auto()
    REVIEW = auto()
    MANAGE_PROJECT = auto()
    MANAGE_STUDIO = auto()

    @property
    def least_role(self) -> str | None:
        """The least role that may; None where only administrators do."""
        return _LEAST_ROLE.get(self)


_LEAST_ROLE = {
    Permission.SEE: "viewer",
    Permission.COMMENT: "artist",
    Permission.WORK: "artist",
    Permission.REVIEW: "supervisor",
    Permission.MANAGE_PROJECT: "supervisor",
}


def may(role: str | None, permission: Permission) -> bool:
    """Whether a member of that role may; None is no member."""
    least = permission.least_role
    return role is not None and least is not None and ROLES.index(role) >= ROLES.index(least)
