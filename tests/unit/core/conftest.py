"""Properties here are about values, not time: on a busy machine no example is too slow."""

from hypothesis import settings

settings.register_profile("core", deadline=None, print_blob=True)
settings.load_profile("core")
