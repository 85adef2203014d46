"""What goes out with the project beside its own code: scripts of others, the lock, the pages, the bibliography."""

import hashlib
import json
import re
import tomllib
from datetime import UTC, datetime

import pytest
import yaml
from packaging.requirements import Requirement

from tests.conftest import ROOT

VENDOR = ROOT / "book" / "vendor"
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
BIBLIOGRAPHY = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")


def wrong_scripts(versions):
    """What is wrong with the scripts of others, in words."""
    listed = {entry["file"]: entry for entry in versions}
    for path in sorted(VENDOR.rglob("*.js")):
        name = path.relative_to(VENDOR).as_posix()
        if name not in listed:
            yield f"{name} is not in versions.yml: add its version, licence and checksum"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]["sha256"]:
            yield f"{name} is not the file of {listed[name]['name']} {listed[name]['version']}: restore it"
    for name, entry in listed.items():
        if not (VENDOR / name).is_file():
            yield f"{name} is listed and not there"
        if not (VENDOR / entry["text"]).is_file():
            yield f"the licence {entry['text']} of {name} is not there"


def test_scripts_of_others_are_those_that_were_taken():
    versions = yaml.safe_load((VENDOR / "versions.yml").read_text(encoding="utf-8"))
    assert list(wrong_scripts(versions)) == []
    changed = [versions[0] | {"sha256": "0" * 64}, *versions[2:], versions[1] | {"text": "gone"}]
    assert len(list(wrong_scripts(changed))) == 2
    assert next(iter(wrong_scripts(versions[1:]))).endswith("add its version, licence and checksum")


def wrong_lock(pyproject, lock):
    """Requirements that the lock does not meet, in words."""
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.M))
    project = pyproject["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    for wanted in map(Requirement, [*project["dependencies"], *extras]):
        if wanted.name == project["name"]:  # an extra that holds another
            continue
        version = locked.get(re.sub(r"[-_.]+", "-", wanted.name).lower())
        if version is None:
            yield f"{wanted.name} is not in requirements.txt: make lock"
        elif not wanted.specifier.contains(version, prereleases=True):
            yield f"requirements.txt has {wanted.name} {version}, pyproject.toml asks for {wanted.specifier}: make lock"
    for block in re.split(r"\n(?=\S)", lock.strip()):
        if not re.search(r"--hash=sha256:[0-9a-f]{64}", block):
            yield f"{block.split()[0]} has no hash: make lock"


def test_the_lock_meets_the_requirements():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert list(wrong_lock(pyproject, LOCK)) == []
    assert not re.search(r"https?://", LOCK)
    pyproject["project"]["dependencies"] += ["numpy>=99", "no-such-package"]
    assert len(list(wrong_lock(pyproject, LOCK))) == 2
    assert len(list(wrong_lock(pyproject, re.sub(r"(numpy==.*?)(\n\S)", r"numpy==2.9.9\2", LOCK, flags=re.S)))) >= 2


def wrong_contents(contents, pages):
    listed = [contents["root"], *(entry["file"] for part in contents["parts"] for entry in part["chapters"])]
    yield from (f"{page} is not in _toc.yml" for page in sorted(pages - set(listed)))
    yield from (f"_toc.yml lists {page}, which is not there" for page in sorted(set(listed) - pages))
    yield from (f"_toc.yml lists {page} twice" for page in sorted({page for page in listed if listed.count(page) > 1}))


def test_every_page_has_its_place_in_the_table_of_contents():
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    pages = {path.stem for path in [*(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]}
    pages |= {"verification"}  # written with each build
    assert list(wrong_contents(contents, pages)) == []
    contents["parts"][0]["chapters"].pop()
    assert len(list(wrong_contents(contents, pages | {"new"}))) == 2


def wrong_years(bibliography):
    """Years that cannot be: before the oldest source that a method here rests on, or in the future."""
    for key, entry in re.findall(r"^@\w+\{([\w:-]+),(.*?)^\}", bibliography, re.M | re.S):
        year = re.search(r"^\s*year\s*=\s*\{([^}]*)\}", entry, re.M)
        if year and year[1] != "n.d." and not 1900 <= int(year[1]) <= datetime.now(UTC).year:
            yield f"{key}: the year {year[1]} cannot be"
        pages = re.search(r"^\s*pages\s*=\s*\{(\d+)--(\d+)\}", entry, re.M)
        if pages and int(pages[1]) > int(pages[2]):
            yield f"{key}: the pages run backwards"


def test_the_years_of_the_bibliography_can_be():
    assert list(wrong_years(BIBLIOGRAPHY)) == []
    assert len(list(wrong_years(BIBLIOGRAPHY.replace("{1980}", "{1890}")))) == 1


def test_no_source_is_listed_twice_and_every_one_is_used():
    keys = re.findall(r"^@\w+\{([\w:-]+),", BIBLIOGRAPHY, re.M)
    assert sorted(keys) == sorted(set(keys))
    used = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("book/*.md", "book/*.yml", "notebooks/*.ipynb", "crmlib/**/*.py", "data/*/*.yml")
        for path in ROOT.glob(pattern)
    )
    assert [key for key in keys if key not in used] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_what_a_page_of_the_project_links_to_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_notebooks_name_no_kernel_but_the_usual_one():
    names = {json.loads(path.read_text(encoding="utf-8"))["metadata"].get("kernelspec", {}).get("name", "python3")
             for path in (ROOT / "notebooks").glob("*.ipynb")}  # fmt: skip
    assert names == {"python3"}
