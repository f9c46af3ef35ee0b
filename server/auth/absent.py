"""Stands in for people who are not signed in just now, where something of theirs is carried out later."""

from sqlalchemy.orm import Session

from server.auth.models import User
from server.errors import LANGUAGES
from server.shared.actor import Actor, Role


def actor_of(session: Session, person_id: str) -> Actor:
    """A person with the role of today, disabled or not; a rep where no login has this id."""
    user = session.get(User, person_id)
    if user is None:
        return Actor(person_id, Role.REP, None, LANGUAGES[0])
    return Actor(user.id, Role(user.role), None, user.locale)
