"""The server refuses to start on nonsense, and says what to do."""

from pathlib import Path
from typing import Any

import pytest

from server import settings as settings_module
from server.settings import SettingsError, load_settings
from tests.factories.apps import CURSOR_KEY

BUCKET = {"blob_bucket": "photos", "blob_access_key": "who", "blob_secret_key": "nobody-may-read-this"}
PUSHES = {"vapid_key": CURSOR_KEY, "vapid_subject": "mailto:crm@baifang.tw"}
PRODUCTION = {"environment": "production", "public_origin": "https://crm.example.com", "cursor_key": CURSOR_KEY}


def load(**overrides: Any):
    return load_settings({}, **overrides)


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"environment": "staging"}, "environment"),
        ({"bind_port": "eighty"}, "bind_port"),
        ({"bind_port": 0}, "bind_port must be at least 1"),
        ({"bind_port": 99999}, "bind_port must be at most 65535"),
        ({"company_name": " "}, "company_name is empty"),
        ({"company_zone": "Asia/Taipeh"}, "is no time zone"),
        ({"company_holidays": "Taiwan"}, "is no country"),
        ({"database_url": "mysql://x"}, "database_url must begin"),
        ({"public_origin": "crm.example.com"}, "public_origin must look like"),
        ({"public_origin": "https://crm.example.com/app"}, "without a path"),
        ({"public_origin": "http://crm.example.com"}, "https://"),
        ({"public_origin": "http://localhost:8000"}, "https://"),
        ({"cursor_key": "replace-me"}, "64 random hex digits"),
        ({"cursor_key": "00" * 32}, "64 random hex digits"),
        ({"workers": 2}, "limits_storage"),
        ({"session_idle_days": 400}, "session_idle_days"),
        ({"retention_days": 90}, "retention_days must be at least 180"),
        ({"sign_in_limit_per_account": "often"}, "is no limit"),
        ({"vapid_key": "replace-me"}, "vapid_key must be 64 hex digits"),
        (PUSHES | {"vapid_subject": ""}, "vapid_subject must be a real"),
        (PUSHES | {"vapid_subject": "crm@baifang.tw"}, "vapid_subject must be a real"),
        (PUSHES | {"vapid_subject": "mailto:crm@localhost"}, "vapid_subject must be a real"),
        (PUSHES | {"vapid_subject": "mailto:crm@example.com"}, "vapid_subject must be a real"),
        (PUSHES | {"vapid_subject": "http://baifang.tw"}, "vapid_subject must be a real"),
        (PUSHES | {"push_hosts": " "}, "push_hosts names no"),
        ({"push_test_origin": "http://localhost:1"}, "push_test_origin is for tests only"),
        ({"environment": "test", "push_test_origin": "http://10.0.0.1"}, "push_test_origin is for tests only"),
        (BUCKET | {"blob_bucket": "s3://photos"}, "blob_bucket is no name"),
        (BUCKET | {"blob_prefix": ""}, "blob_prefix must be one name"),
        (BUCKET | {"blob_prefix": "a/../b"}, "blob_prefix must be one name"),
        (BUCKET | {"blob_access_key": ""}, "BAIFANG_BLOB_ACCESS_KEY"),
        (BUCKET | {"blob_secret_key": ""}, "BAIFANG_BLOB_SECRET_KEY"),
        (BUCKET | {"blob_region": ""}, "needs blob_region"),
        (BUCKET | {"blob_endpoint": "s3.example.com"}, "blob_endpoint must look like"),
        (BUCKET | {"blob_endpoint": "https://s3.example.com/photos"}, "without the bucket"),
        (BUCKET | {"blob_endpoint": "http://s3.example.com"}, "unless the store runs on this machine"),
        ({"colour": "red"}, "Unknown settings: colour"),
        ({"environment": "development", "bind_host": "0.0.0.0"}, "Development serves only this machine"),
    ],
)
def test_nonsense_is_refused_with_its_cure(overrides: dict[str, Any], sentence: str, tmp_path: Path):
    with pytest.raises(SettingsError, match=sentence.replace(".", "[.]")):
        load(**({"data_dir": str(tmp_path)} | PRODUCTION | overrides))


@pytest.mark.parametrize("endpoint", ["", "https://s3.example.com:9000", "http://127.0.0.1:9000"])
def test_a_bucket_is_taken_here_or_over_tls_and_its_keys_are_not_shown(endpoint: str, tmp_path: Path):
    settings = load(**(PRODUCTION | BUCKET), blob_endpoint=endpoint, data_dir=str(tmp_path))
    assert settings.blob_secret_key == "nobody-may-read-this"
    assert not any(secret in repr(settings) for secret in ("nobody-may-read-this", CURSOR_KEY))


def test_without_the_extra_a_bucket_is_refused_and_a_folder_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings_module, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="needs the extra s3: make"):
        load(**(PRODUCTION | BUCKET), data_dir=str(tmp_path))
    load(**PRODUCTION, data_dir=str(tmp_path))


def test_production_does_not_make_its_own_key(tmp_path: Path):
    with pytest.raises(SettingsError, match="No key"):
        load(**(PRODUCTION | {"cursor_key": "", "data_dir": str(tmp_path)}))


def test_the_production_example_is_refused_until_its_key_is_set(tmp_path: Path):
    path = "config/production.example.toml"
    with pytest.raises(SettingsError, match="64 random hex digits"):
        load_settings({"BAIFANG_CONFIG": path})
    good = load_settings({"BAIFANG_CONFIG": path, "BAIFANG_CURSOR_KEY": CURSOR_KEY})
    assert good.database_url == "postgresql+psycopg://baifang@/baifang"


def test_development_makes_a_key_once_that_only_we_can_read(tmp_path: Path):
    first = load(data_dir=str(tmp_path))
    file = tmp_path / "keys" / "cursor.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(data_dir=str(tmp_path)).cursor_key == first.cursor_key
    assert len(first.cursor_secret) == 32


def test_a_key_that_others_can_read_is_refused(tmp_path: Path):
    load(data_dir=str(tmp_path))
    (tmp_path / "keys" / "cursor.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load(data_dir=str(tmp_path))


def test_the_environment_wins_over_the_file(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text('company_name = "From file"\nbind_port = 9000\n')
    environ = {"BAIFANG_CONFIG": str(file), "BAIFANG_BIND_PORT": "9001", "BAIFANG_DATA_DIR": str(tmp_path)}
    settings = load_settings(environ)
    assert (settings.company_name, settings.bind_port) == ("From file", 9001)
    assert settings.public_origin == "http://localhost:9001"


def test_an_unknown_variable_is_a_typing_mistake(tmp_path: Path):
    with pytest.raises(SettingsError, match="databse_url"):
        load_settings({"BAIFANG_DATABSE_URL": "sqlite:///x", "BAIFANG_DATA_DIR": str(tmp_path)})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"absent\.toml cannot be read"):
        load_settings({"BAIFANG_CONFIG": str(tmp_path / "absent.toml")})
