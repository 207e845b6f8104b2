"""What may be done with a scenario as it stands: the store asks before it writes, a page before it offers a button."""

from __future__ import annotations

from model.errors import ApprovalMoved, InApproval, NotArchived, ScenarioArchived, ScenarioLocked, StoreRefused
from model.io.store.records import APPROVED, SUBMITTED, Approval, Entry

#: deeds that change what a scenario says, or take it as it is; and those that set one of its flags
_CHANGING = ("save", "rename", "describe", "tag", "restore", "submit")
_MARKING = ("lock", "unlock", "archive", "unarchive")
#: deeds of an approval: where it must stand
_DECIDING = {"withdraw": (SUBMITTED,), "approve": (SUBMITTED,), "return": (SUBMITTED, APPROVED)}


def refusal(deed: str, entry: Entry) -> type[StoreRefused] | None:
    """As what the store refuses the deed; None where it does it, for whoever has the right to."""
    return refusal_of(deed, entry.locked, entry.archived, entry.approval)


def refusal_of(deed: str, locked: bool, archived: bool, approval: Approval | None) -> type[StoreRefused] | None:
    """deed: one of `actors.RIGHTS`."""
    if deed in _DECIDING:
        return None if approval is not None and approval.state in _DECIDING[deed] else ApprovalMoved
    if deed in _CHANGING + _MARKING and approval is not None and approval.is_fixed:
        return InApproval
    if deed in (*_CHANGING, "delete") and locked:
        return ScenarioLocked
    if deed in _CHANGING and archived:
        return ScenarioArchived
    return NotArchived if deed == "delete" and not archived else None
