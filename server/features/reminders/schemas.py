"""Types and bounds of what a person may write about their reminders."""

from marshmallow import Schema


class NoticeSchema(Schema):
    """A device writes no field of a notice: it says by a command what became of it."""
