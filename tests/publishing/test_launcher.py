"""The committed wheel is exactly what its script builds, and the lock names it."""

from crmlib.publishing.launcher import build
from tests.conftest import ROOT


def test_the_wheel_is_what_the_script_builds():
    assert build.WHEEL.read_bytes() == build.wheel_bytes(), "run `python crmlib/publishing/launcher/build.py`"


def test_the_lock_names_the_wheel_and_no_index():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert build.requirement() in lock, "run `make lock`"
    assert "index-url" not in lock
    assert "http" not in lock.replace("aiohttp", "")
