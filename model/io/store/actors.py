"""Who writes, and what each role may do. No act is made without the right to it (`writing.Act`), whatever page or script asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from model.errors import NotAllowed

#: all of them may read what is saved
VIEWER, PLANNER, APPROVER, ADMIN = ROLES = ("viewer", "planner", "approver", "admin")
#: who may do what; every deed of the audit is here
RIGHTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("save", "rename", "describe", "tag", "duplicate", "restore", "archive", "unarchive", "lock", "unlock",
                     "submit", "withdraw"), (PLANNER,)),
    "remark": (PLANNER, APPROVER),
    **dict.fromkeys(("approve", "return", "supersede"), (APPROVER,)),
    **dict.fromkeys(("delete", "replace", "audit", "sign_out"), (ADMIN,))}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as whoever signed this person in says.

    name: as others read it. key: a digest that stays the same when the name changes, "" for the local planner. account: as the
    company's administrators know this person. address: from where. approves_own: may approve what this person has submitted.
    """

    name: str
    roles: frozenset[str] = frozenset()
    key: str = ""
    account: str = ""
    address: str = ""
    approves_own: bool = False

    def may(self, deed: str) -> bool:
        return not self.roles.isdisjoint(RIGHTS[deed])

    def check(self, deed: str) -> None:
        """Raises NotAllowed."""
        if not self.may(deed):
            raise NotAllowed(deed, RIGHTS[deed], tuple(sorted(self.roles, key=ROLES.index)))


def key_of(issuer: str, subject: str) -> str:
    """A person's key: the same whatever the name; subjects are each issuer's own."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def local(name: str) -> Actor:
    """The planner of an app without sign-in, and who has the database at hand: may do everything."""
    return Actor(name, frozenset(ROLES), approves_own=True)


def named(who: Actor | str, known: bool) -> Actor:
    """The actor; a bare name is the local planner, and nobody where only known people may write."""
    if isinstance(who, Actor):
        return who
    return Actor(who) if known else local(who)
