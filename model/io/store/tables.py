"""The tables of the store as the program writes them now; `model/io/migrations` leads every older store here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Since 1970, as the tables keep it."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(sa.types.TypeDecorator):
    """An aware datetime, kept as whole microseconds since 1970 in UTC: the same order and value in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else microseconds(value)

    def process_result_value(self, value, dialect):
        """None too for what is no moment: one damaged row must not take the others with it."""
        try:
            return _EPOCH + value * _MICROSECOND
        except (TypeError, OverflowError):
            return None


METADATA = sa.MetaData()
_text, _id, _sha = sa.Text, sa.String(32), sa.String(64)
#: ordered by code point on PostgreSQL too, whatever the cluster's language
_CODE_POINTS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _column(name: str, kind, *more, **options) -> sa.Column:
    return sa.Column(name, kind, *more, nullable=False, **options)


#: whole plans, once each: versions of many scenarios share one
PLANS = sa.Table("plans", METADATA, _column("sha", _sha, primary_key=True), _column("packed", sa.LargeBinary))
#: the latest state of each scenario, so that the list needs no other table. model: which model computed the summary
SCENARIOS = sa.Table(
    "scenarios", METADATA, _column("id", _id, primary_key=True), _column("name", _text),
    _column("name_key", _CODE_POINTS, unique=True), _column("note", _text), _column("author", _text),
    _column("editor", _text), _column("created", Moment), _column("updated", Moment), _column("latest", sa.Integer),
    _column("archived", sa.Boolean), _column("locked", sa.Boolean), _column("summary", _text),
    _column("searched", _text, server_default=""), _column("model", sa.Integer, server_default="0"),
    sa.Index("scenarios_by_time", "archived", "updated"),
    sa.Index("scenarios_by_name", "archived", "name_key"))
#: every save; uid is made by who saves, so that a save sent twice is there once. digest: of all the rest, see content.digest_of
VERSIONS = sa.Table(
    "versions", METADATA, _column("uid", _id, primary_key=True),
    _column("scenario", _id, sa.ForeignKey("scenarios.id", ondelete="CASCADE")), _column("number", sa.Integer),
    _column("author", _text), _column("comment", _text), _column("created", Moment), _column("name", _text),
    _column("note", _text), _column("plan", _sha, sa.ForeignKey("plans.sha")), _column("changes", _text),
    _column("digest", _sha, server_default=""), sa.UniqueConstraint("scenario", "number"))
#: the audit: a row for each write, in its transaction; what is deleted leaves its name here. The database refuses to change or
#: delete a row (migration 0005). version: 0 where the deed is of none; account, address: see `actors.Actor`
DEEDS = sa.Table(
    "deeds", METADATA, _column("uid", _id, primary_key=True), _column("scenario", _id), _column("name", _text),
    _column("deed", _text), _column("author", _text), _column("created", Moment),
    _column("version", sa.Integer, server_default="0"), _column("account", _text, server_default=""),
    _column("address", _text, server_default=""),
    sa.Index("deeds_by_scenario", "scenario", "created"), sa.Index("deeds_by_time", "created"))
TAGS = sa.Table(
    "tags", METADATA, _column("scenario", _id, sa.ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
    _column("tag", _text, primary_key=True), sa.Index("tags_by_tag", "tag"))
#: what somebody said of a version. parent: uid of the remark that this one answers, "" for none
REMARKS = sa.Table(
    "remarks", METADATA, _column("uid", _id, primary_key=True),
    _column("scenario", _id, sa.ForeignKey("scenarios.id", ondelete="CASCADE")), _column("version", sa.Integer),
    _column("parent", _id), _column("author", _text), _column("text", _text), _column("created", Moment),
    sa.Index("remarks_by_scenario", "scenario", "created"))
#: where a scenario stands with this version: submitted, approved, returned (reason) or superseded; drafts have no row
_IS_APPROVED = sa.text("state = 'approved'")
APPROVALS = sa.Table(
    "approvals", METADATA, _column("scenario", _id, sa.ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
    _column("version", sa.Integer), _column("state", sa.String(16)), _column("plan", _text), _column("year", sa.Integer),
    _column("submitter", _text), _column("submitter_key", _sha), _column("submitted", Moment), _column("decider", _text),
    sa.Column("decided", Moment), _column("reason", _text),
    sa.Index("one_approved_budget", "plan", "year", unique=True, sqlite_where=_IS_APPROVED, postgresql_where=_IS_APPROVED),
    sa.Index("approvals_by_state", "state", "submitted"))
#: whose: a person, or one sign-in, as a digest
SIGN_OUTS = sa.Table("sign_outs", METADATA, _column("whose", _sha, primary_key=True), _column("since", Moment))
#: version: of each write another one, made by who writes (see `drafts.put`); "" in drafts from before they had one
DRAFTS = sa.Table(
    "drafts", METADATA, _column("token", _text, primary_key=True), _column("payload", sa.LargeBinary),
    _column("updated", Moment), _column("owner", _sha, server_default=""), _column("version", _sha, server_default=""),
    sa.Index("drafts_by_time", "updated"),
    sa.Index("drafts_by_owner", "owner", "updated"))
