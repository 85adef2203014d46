import pytest

from crmlib.publishing.book import BuildError, new_build
from crmlib.publishing.project import Project


def build(project, text):
    with new_build(project, "book") as folder:
        (folder / "page").write_text(text, encoding="utf-8")
        if text == "broken":
            raise BuildError(text)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def page(project):
    return (project.build / "book" / "page").read_text(encoding="utf-8")


def test_a_finished_build_replaces_the_last_one_and_leaves_nothing_behind(project):
    for text in ("first", "second"):
        build(project, text)
        assert page(project) == text
    assert len(list((project.build / "builds").iterdir())) == 1


def test_an_interrupted_build_leaves_the_last_good_one(project):
    build(project, "first")
    with pytest.raises(BuildError):
        build(project, "broken")
    assert page(project) == "first"
    build(project, "second")
    assert len(list((project.build / "builds").iterdir())) == 1


def test_builds_of_other_names_are_kept(project):
    build(project, "first")
    with new_build(project, "run-case") as folder:
        (folder / "page").write_text("run", encoding="utf-8")
    assert page(project) == "first"


def test_two_builds_at_once_are_refused(project):
    with new_build(project, "book"), pytest.raises(BuildError, match="Another build is running"):
        build(project, "second")
