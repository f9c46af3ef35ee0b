"""Sign-in as devices meet it, on both databases."""

from tests.factories.apps import PASSWORD, Browser


def test_a_person_signs_in_and_sees_who_they_are(client: Browser, add_person):
    person_id = add_person("wang", name="王小明")
    answer = client.sign_in("wang")
    assert answer.status_code == 200
    shown = client.get("/auth/v1/session").json
    assert shown == answer.json
    assert shown["person_id"] == person_id
