"""What each role may do in a project. Administrators may do everything, everywhere."""

from enum import Enum

ROLES = ("viewer", "artist", "supervisor")
"""From the least to the most; each may do what the ones before it may."""


class Permission(Enum):
    """Something that can be done. The value is the least role that may; empty is administrators alone."""

    SEE = "viewer"
    COMMENT = "artist"
    WORK = "artist "
    REVIEW = "supervisor"
    MANAGE_PROJECT = "supervisor "
    MANAGE_STUDIO = ""

    @property
    def least_role(self) -> str | None:
        """The least role that may; None where only administrators do."""
        return self.value.strip() or None


def may(role: str | None, permission: Permission) -> bool:
    """Whether a member of that role may; None is no member."""
    least = permission.least_role
    return role is not None and least is not None and ROLES.index(role) >= ROLES.index(least)
