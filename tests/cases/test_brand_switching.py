import filecmp
import shutil
import subprocess
import sys

from tests.conftest import ROOT

FOLDER = ROOT / "data" / "brand-switching"


def test_the_script_draws_the_panel_and_the_survey_again(tmp_path):
    shutil.copy(FOLDER / "make_purchases.py", tmp_path)
    subprocess.run([sys.executable, str(tmp_path / "make_purchases.py")], check=True)
    for name in ("purchases.csv", "survey.csv"):
        assert filecmp.cmp(tmp_path / name, FOLDER / name, shallow=False), name


def test_the_truth_that_an_exercise_asks_for_is_that_of_the_script():
    script = (FOLDER / "make_purchases.py").read_text(encoding="utf-8")
    notebook = (ROOT / "notebooks" / "brand-switching.ipynb").read_text(encoding="utf-8")
    for row in ("[0.80, 0.12, 0.08]", "[0.90, 0.08, 0.02]", "[0.65, 0.20, 0.15]"):
        assert row in script
        assert row in notebook
