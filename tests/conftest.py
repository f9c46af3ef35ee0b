"""Offers the fixtures of tests/factories to every test."""

pytest_plugins = ["tests.factories.databases", "tests.factories.apps", "tests.factories.objects"]
