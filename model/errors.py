"""Every way the model can refuse, in one tree.

    SandtableError
    ├── InvalidInput      what a person, file or link gave breaks rules: carries every Violation, not the first
    │   └── UnreadableFile    the bytes are no plan at all (encoding, size, JSON or CSV syntax, another schema)
    ├── UnknownName       a program asked for a line, KPI or address that does not exist
    ├── StoreProblem      the store of scenarios cannot be read or written: disk, locks, network; carries one Violation
    └── StoreRefused      the store is well and says no; nothing was written
        ├── UnknownScenario   no scenario, or no version of it, under this id
        ├── DuplicateName     another scenario already has this name
        ├── VersionConflict   somebody saved in between: carries mine, theirs and what I started from
        ├── ScenarioLocked    approved: may only be copied
        ├── ScenarioArchived  put away: to be taken out before it is changed
        ├── NotArchived       only what was archived before may be deleted
        ├── InApproval        submitted or approved: to be withdrawn or returned before it is changed
        ├── ApprovalMoved     somebody submitted, decided or withdrew in between: look again
        ├── OwnSubmission     who submits does not approve the same
        ├── DraftMoved        another tab or server went on with this draft: to be kept as one of its own
        └── NotAllowed        none of the person's roles may do it: carries the deed and the roles that may

A `Violation` is language-neutral: `code` picks the sentence (English here, every language in
`pages/ui/locales`), `place` says where, `got` what stood there, `allowed` what may stand there.
"""

from __future__ import annotations

from dataclasses import dataclass

#: code -> what to do next, in English; the app has the same codes in each of its languages.
ADVICE = {
    "unknown_table": "Use one of the tables of the template.",
    "unknown_field": "Use one of the fields of the template; perhaps a misspelling.",
    "unknown_row": "Add the row first, or correct its key.",
    "unknown_base": "Open the file that holds the base plan, or choose a known base.",
    "bad_key": "Write the row's key in the form shown.",
    "and_more": "Correct those listed first; the rest are likely the same mistake.",
    "missing_value": "Fill in the cell.",
    "missing_row": "Add the row.",
    "mixed_marks": "The file has decimal commas and decimal points: write this number without a mark between its thousands.",
    "missing_column": "Add the column; the template shows all of them.",
    "duplicate_row": "Keep one of the two lines.",
    "not_a_number": "Write a number, for example 0.25, 38% or 12,000.",
    "no_such_cell": "Leave the cell empty.",
    "no_per_cent": "Write the amount itself; per cent can only stand where a share is asked for.",
    "not_finite": "Write a finite number; NaN and infinity are not accepted.",
    "not_whole": "Write a whole number.",
    "not_a_flag": "Write true or false.",
    "not_text": "Write text.",
    "text_too_long": "Shorten the text.",
    "bad_text": "Remove the control characters.",
    "not_a_choice": "Use one of the allowed words.",
    "not_a_day": "Write the day as MM-DD; 29 February does not recur every year.",
    "not_a_month": "Write the month as YYYY-MM.",
    "not_a_date": "Write the date as YYYY-MM-DD, for example 2027-03-15.",
    "too_low": "Raise the value to the lower bound or above.",
    "too_high": "Lower the value to the upper bound or below.",
    "unusual_low": "Allowed, but unusually low: check the unit.",
    "unusual_high": "Allowed, but unusually high: check the unit.",
    "unit_question": "Allowed, but likely another unit was meant: check, and correct it where it was.",
    "promotion_turned": "Allowed, but likely the first and the last day are the wrong way round.",
    "part_above_whole": "Allowed, but a part cannot be more than the whole: check both figures.",
    "above_whole": "A part cannot be more than the whole: correct one of the two figures.",
    "month_outside": "Use a month of the plan.",
    "unknown_channel": "Use a channel of the plan, or shop for the whole of it.",
    "shares_not_one": "Change the shares so that they add up to 100 %.",
    "shares_above_one": "Lower the shares so that they add up to at most 100 %.",
    "all_zero": "At least one of the values must be above zero.",
    "not_exactly_one": "Keep exactly one channel of this kind.",
    "more_than_one": "Keep at most one channel of this kind.",
    "too_many_rows": "Remove rows.",
    "unknown_reference": "Name a row that exists.",
    "not_adjustable": "Choose a driver that an initiative may change.",
    "incomplete_series": "Fill in every value of the series or none.",
    "outside_plan": "The month lies outside the plan and has no effect.",
    "file_too_large": "Upload a smaller file.",
    "not_utf8": "Save the file as UTF-8 (Excel: CSV UTF-8) or GB18030.",
    "workbook": "Open it in the spreadsheet, save it as CSV UTF-8 and choose that file.",
    "workbook_old": "Open it, save it as an Excel workbook (.xlsx) without a password and choose that file.",
    "workbook_macros": "Save it as an Excel workbook (.xlsx), which has none, and choose that file.",
    "workbook_links": "Break its links to other files (their values stay) and save it again.",
    "workbook_bomb": "Choose a workbook that this app wrote; this one unpacks to far more than it should.",
    "workbook_damaged": "Open it in the spreadsheet, save it again as .xlsx and choose that file.",
    "workbook_foreign": "Choose a workbook that this app wrote: its assumptions sheet has the cells that are read.",
    "template_old": "Open it, save it as a Word document (.docx) without a password and choose that file.",
    "template_macros": "Save it as a Word document (.docx), which has none, and choose that file.",
    "template_links": "Break its links to other files and save it again.",
    "template_bomb": "Choose another document; this one unpacks to far more than it should.",
    "template_damaged": "Open it in the word processor, save it again as .docx and choose that file.",
    "not_json": "Choose a file that was saved by this app.",
    "not_csv": "Choose a CSV file made from the template.",
    "wrong_kind": "Choose a file that was saved by this app.",
    "wrong_schema": "Open it with the version of the app that wrote it, and save it again.",
    "damaged_link": "Ask the sender for the link again, or for the scenario as a file.",
    "scenario_gone": "Look for it on the Scenarios page, also among the archived, or ask the sender.",
    "draft_gone": "Open the scenario from its file.",
    "empty_file": "Choose a file that has content.",
    "store_locked": "Wait a moment and try again: another program is writing.",
    "store_full": "Free some space on the disk or raise the quota, then save again.",
    "store_readonly": "Give the app the right to write to the store's file and folder, then save again.",
    "store_corrupt": "Download your work as a file; have the store restored from its backup.",
    "store_unreachable": "Check the store's address, account and network, then try again.",
    "store_newer": "Update this program; it is older than the store.",
    "store_older": "Bring it to today's schema first: sandtable migrate, with an account that may.",
    "store_missing": "Check the address, or restore the store from its backup.",
    "store_failed": "Download your work as a file and tell whoever runs the app.",
    "low_above_high": "Put the lower figure first.",
    "likely_outside": "Choose a likely value between the two ends, or widen the range.",
    "no_width": "Widen the range, or call the value certain (family fixed).",
    "not_positive": "Use a value above zero, or another family.",
    "outside_bounds": "Move the range to where the driver may lie.",
    "deviation_too_large": "Lower the deviation, or choose another family.",
    "points_too_skewed": "Move the 50 % point towards the middle of the other two.",
    "incomplete_distribution": "Fill in all the figures of one form.",
    "not_uncertain": "Name a number of the plan, for example channel.platform.cvr, or the key of a driver.",
    "with_itself": "Name two different drivers.",
    "after_last_month": "Choose a month within the plan.",
    "last_before_first": "Choose a last month that is not before the first.",
    "floors_above_budget": "Lower a floor or raise the budget.",
    "ceilings_below_budget": "Raise a ceiling or lower the budget.",
    "bounds_crossed": "Lower the floor or raise the ceiling.",
    "not_s_shaped": "Use a curve that is concave, convex or S-shaped between its bounds.",
    "return_out_of_reach": "Lower the target, or take the split with the highest return.",
    "limits_conflict": "Relax one of these limits.",
    "target_out_of_reach": "Lower the target, relax the limits, or take the split that comes closest.",
    "targets_conflict": "Relax one of the targets, or take the split that comes closest.",
    "unknown_objective": "Choose an objective and a measure that exist, with the level or target they need.",
    "draws_missing": "Run the risk simulation first, or choose the plan's own value.",
    "draws_move_split": "Leave the channels' shares out of the risks.",
    "own_years": "Clear the later years' shares and months, or leave the months as they are.",
    "nothing_to_move": "Enter a budget and at least one paid or owned channel.",
    "not_a_lever": "Choose a number of the plan that can be moved, with a range of its own.",
    "not_of_this_channel": "Channels of this kind do not have it: choose a number that the channel has.",
    "set_by_tiers": "The members' tiers set it: move the tiers' own numbers.",
    "moves_nothing": "Nothing in this plan follows from it: switch on what it belongs to, or choose another number.",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    place: address or file position (`channel.platform.cpm`, `line 7, column value`).
    got, allowed: as text, shortened, safe to show. level: "error" blocks, "warning" does not.
    """

    code: str
    place: str
    got: str = ""
    allowed: str = ""
    level: str = "error"

    @property
    def advice(self) -> str:
        return ADVICE[self.code]

    def __str__(self) -> str:
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        got = f" got {self.got}" if self.got else ""
        return f"{self.place}: {self.code}{got}{allowed}. {self.advice}"


def shown(value: object, limit: int = 60) -> str:
    """`value` as short printable text for a report; never longer than `limit` characters."""
    text = value[: limit * 4] if isinstance(value, str) else repr(value)[: limit * 4]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


class SandtableError(Exception):
    """Root of the tree."""


class InvalidInput(SandtableError):
    """Input that breaks rules; `violations` lists all of them."""

    def __init__(self, violations):
        self.violations = tuple(violations)
        super().__init__("\n".join(str(v) for v in self.violations[:20]))


class UnreadableFile(InvalidInput):
    """Bytes that cannot be taken as a plan or scenario at all."""


class UnknownName(SandtableError, KeyError):
    """A line, KPI or address that does not exist."""


class StoreProblem(SandtableError):
    """The store of scenarios cannot be reached, read or written; what was saved before is as it was.

    code: one of the ADVICE codes store_…; violation: the same with the place (a file, or host and database, never an
    account or password) and what the driver said.
    """

    def __init__(self, code: str, place: str, got: str = ""):
        self.code, self.violation = code, Violation(code, place, got)
        super().__init__(str(self.violation))


class DamagedBackup(StoreProblem):
    """Some of a backup cannot be read; nothing was replaced. damaged: what, by name; left: how many scenarios are sound."""

    def __init__(self, place: str, damaged: tuple[str, ...], left: int):
        self.damaged, self.left = damaged, left
        super().__init__("store_corrupt", place, "; ".join(damaged)[:2000])


class StoreRefused(SandtableError):
    """A rule of the store forbids it; nothing was written."""


class UnknownScenario(StoreRefused):
    """No scenario, or no version of it, under this id (any more)."""


class DuplicateName(StoreRefused):
    """Another scenario, perhaps an archived one, has this name; upper and lower case, full and half width are the same."""


class VersionConflict(StoreRefused):
    """Somebody saved in between.

    mine: the Scenario that was to be saved; theirs: the latest version as stored; started: the version mine was made from.
    """

    def __init__(self, mine, theirs, started):
        self.mine, self.theirs, self.started = mine, theirs, started
        super().__init__(f"version {theirs.version.number} was saved after version {started.version.number}")


class ScenarioLocked(StoreRefused):
    """The scenario is approved: it may be copied, not changed or deleted."""


class ScenarioArchived(StoreRefused):
    """The scenario is in the archive: to be taken out before it is changed."""


class NotArchived(StoreRefused):
    """Only an archived scenario may be deleted."""


class InApproval(StoreRefused):
    """The scenario is submitted or approved: it is withdrawn or returned before anything of it changes."""


class ApprovalMoved(StoreRefused):
    """What was to be decided is not what stands there any more: submitted anew, decided or withdrawn meanwhile."""


class OwnSubmission(StoreRefused):
    """Whoever submits does not approve the same: four eyes."""


class DraftMoved(StoreRefused):
    """Another tab or server has written this draft since it was read here; what it wrote stays."""


class NotAllowed(StoreRefused):
    """None of the person's roles may do this. deed: one of `actors.RIGHTS`; needed: the roles that may; roles: the person's."""

    def __init__(self, deed: str, needed: tuple[str, ...], roles: tuple[str, ...]):
        self.deed, self.needed, self.roles = deed, needed, roles
        super().__init__(f"{deed} is for {' or '.join(needed)}; this person is {', '.join(roles) or 'nobody known'}. "
                         "Ask an administrator for the role.")
