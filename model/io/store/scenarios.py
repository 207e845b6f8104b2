"""`ScenarioStore`: saved scenarios with all their versions, and drafts. Its rules are in `writing` and `reading`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Connection

from model.io.store import backup, drafts, figures, limits, reading, writing
from model.io.store.actors import Actor, named
from model.io.store.approvals import Approvals
from model.io.store.content import Plans
from model.io.store.database import Database
from model.io.store.records import Deed, Draft, Entry, Page, Remark, Saved, Version
from model.io.store.sign_outs import SignOuts
from model.io.store.writing import Act
from model.plan.scenario import Scenario

#: deeds that are not told beside scenarios: they leave a version or a remark with their author and time, or are of people
_NOT_BESIDE = ("save", "rename", "describe", "duplicate", "restore", "remark", "sign_out")
T = TypeVar("T")


class ScenarioStore:
    """Safe between threads and between programs. Every method may raise StoreProblem, and InvalidInput for texts that
    break the rules of `limits`; those with an id raise UnknownScenario, those with an author NotAllowed where none of the
    author's roles may do it. A bare name is the local planner, who may do everything.

    url: sqlite:////folder/file.db or postgresql://user:password@host/database; file, folders and tables are made.
    known_people: only an Actor may write, a bare name nothing. migrating: False leaves the tables as they are and raises
    StoreProblem store_older where they are not today's; None: as the environment says (SANDTABLE_MIGRATE=no).
    approvals, sign_outs: see `Approvals`, `SignOuts`; what is submitted or approved raises InApproval where it would change.
    """

    def __init__(self, url: str, known_people: bool = False, migrating: bool | None = None):
        self._plans, self._database, self._known_people = Plans(), Database(url, migrating), known_people
        self.approvals = Approvals(self._database, self._plans, known_people)
        self.sign_outs = SignOuts(self._database, known_people)

    def ask(self, question: Callable[[Connection], T]) -> T:
        """For upkeep: what a question finds on one snapshot of the tables, such as `migrate.revision_of`."""
        return self._database.read(question)

    def save(self, scenario: Scenario, *, author: Actor | str, comment: str = "", id: str | None = None,
             expected: int | None = None, tags: Iterable[str] | None = None) -> Saved:
        """A new scenario, or with an id the next version of one.

        expected: number of the version that the author started from; None writes without asking. tags None: as they
        are. What says the same as the latest version, and has no comment, makes no version; the latest is returned.
        Raises DuplicateName, VersionConflict, ScenarioLocked, ScenarioArchived; nothing is written then.
        """
        act, tags = self._act(author, "save", comment), None if tags is None else limits.clean_tags(tags)
        new = writing.prepare(scenario, self._plans)
        return self._database.write(lambda c: writing.save(c, self._plans, new, act, id, expected, tags))

    def list(self, search: str = "", *, tags: Iterable[str] = (), archived: bool = False, order: str = "updated",
             descending: bool = True, limit: int = 100, offset: int = 0) -> Page:
        """Those that hold every word of `search` (in name, note, tags, author or editor) and every tag, with today's figures.

        archived: those in the archive instead of those in use. order: updated, created, name or author.
        """
        return figures.by_todays_model(self._database, self._plans, self._database.read(
            lambda c: reading.page(c, search, tags, archived, order, descending, limit, offset)))

    def open(self, id: str, version: int | None = None) -> Saved:
        """A version, the latest unless said. Raises InvalidInput where today's rules refuse what was saved long ago."""
        return self._database.read(lambda c: reading.saved(c, self._plans, id, version))

    def entry(self, id: str) -> Entry:
        return self._database.read(lambda c: reading.entry(c, id))

    def history(self, id: str) -> tuple[Version, ...]:
        """All versions, newest first."""
        return self._database.read(lambda c: reading.history(c, id))

    def rename(self, id: str, name: str, *, author: Actor | str) -> Saved:
        """Another name, as a new version. Raises DuplicateName, ScenarioLocked, ScenarioArchived."""
        limits.check(name=name)
        return self._restate(id, self._act(author, "rename"), name=name)

    def describe(self, id: str, *, note: str | None = None, tags: Iterable[str] | None = None, author: Actor | str) -> Saved:
        """Another note, as a new version; other tags, without one. Raises ScenarioLocked, ScenarioArchived."""
        says = {} if note is None else {"note": note}
        limits.check(**says)
        act = self._act(author, "describe")
        return self._restate(id, act, None if tags is None else limits.clean_tags(tags), **says)

    def duplicate(self, id: str, name: str, *, author: Actor | str, version: int | None = None) -> Saved:
        """A new scenario that says the same, with the same tags; neither lock nor archive goes with it."""
        limits.check(name=name)
        act = self._act(author, "duplicate")
        return self._database.write(lambda c: writing.duplicate(c, self._plans, id, name, act, version))

    def archive(self, id: str, *, author: Actor | str) -> None:
        self._mark(id, self._act(author, "archive"), archived=True)

    def unarchive(self, id: str, *, author: Actor | str) -> None:
        self._mark(id, self._act(author, "unarchive"), archived=False)

    def lock(self, id: str, *, author: Actor | str) -> None:
        """From now on it can be copied, archived and unlocked, nothing else."""
        self._mark(id, self._act(author, "lock"), locked=True)

    def unlock(self, id: str, *, author: Actor | str) -> None:
        self._mark(id, self._act(author, "unlock"), locked=False)

    def delete(self, id: str, *, author: Actor | str) -> None:
        """For good, with all versions. Raises NotArchived, ScenarioLocked."""
        act = self._act(author, "delete")
        self._database.write(lambda c: writing.delete(c, id, act))

    def deeds(self, id: str | None = None, limit: int = 100) -> tuple[Deed, ...]:
        """What people did beside making versions and remarks, newest first; of all scenarios without an id."""
        return self._database.read(lambda c: reading.deeds(c, id, limit, _NOT_BESIDE))

    def audit(self, limit: int = 1000, *, author: Actor | str) -> tuple[Deed, ...]:
        """Every write, newest first. For administrators."""
        named(author, self._known_people).check("audit")
        return self._database.read(lambda c: reading.deeds(c, None, limit))

    def remark(self, id: str, version: int, text: str, *, author: Actor | str, parent: str = "") -> None:
        """Say something of a version, or answer the remark `parent`; also of a locked or archived one. Raises UnknownScenario."""
        limits.check(remark=text)
        act = self._act(author, "remark")
        self._database.write(lambda c: writing.remark(c, id, version, text, parent, act))

    def remarks(self, id: str) -> tuple[Remark, ...]:
        """What was said of all versions, oldest first."""
        return self._database.read(lambda c: reading.remarks(c, id))

    def keep_chance(self, id: str, version: int, chance: dict[str, float] | None) -> None:
        """Keep with the list's figures what draws said of the latest version ({"chance", "error"}); None: it has no
        target."""
        self._database.write(lambda c: writing.keep_chance(c, id, version, chance))

    def restore(self, id: str, version: int, *, author: Actor | str, comment: str = "") -> Saved:
        """An old version's values and note as the newest version; the name stays as it is now."""
        act = self._act(author, "restore", comment)
        return self._database.write(lambda c: writing.restore(c, self._plans, id, version, act))

    def tags(self) -> tuple[str, ...]:
        """Every tag in use, sorted."""
        return self._database.read(reading.all_tags)

    def put_draft(self, token: str, payload: bytes, owner: str = "", version: str = "", past: Iterable[str] = ("",)) -> None:
        """Keep up to 512 KiB of unsaved work, over 60 days of use: the newest 2,000 (where people are known, of nobody's alone),
        100 of one owner. Raises what `drafts.put` does."""
        drafts.check(token, payload, owner, version)
        self._database.write(lambda c: drafts.put(c, token, payload, owner, self._known_people, version, tuple(past)))

    def get_draft(self, token: str) -> Draft | None:
        return self._database.read(lambda c: drafts.get(c, token))

    def last_draft(self, owner: str) -> str | None:
        """The token of what an owner worked on last."""
        return self._database.read(lambda c: drafts.last_of(c, owner))

    def backup(self, path: str | Path) -> None:
        """All of it into one file, which is there whole or not at all."""
        backup.backup(self._database, Path(path))

    def close(self) -> None:
        self._database.close()

    def _restate(self, id: str, act: Act, tags: tuple[str, ...] | None = None, **says: str) -> Saved:
        return self._database.write(lambda c: writing.restate(c, self._plans, id, act, tags, **says))

    def _mark(self, id: str, act: Act, **flag: bool) -> None:
        self._database.write(lambda c: writing.mark(c, id, act, **flag))

    def _act(self, author: Actor | str, deed: str, comment: str = "") -> Act:
        return Act(named(author, self._known_people), deed, comment)
