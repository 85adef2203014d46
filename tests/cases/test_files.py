import pytest
from pydantic import BaseModel, ConfigDict

from crmlib.cases.files import read_yaml
from crmlib.errors import InputError


class Small(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    size: int


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name: [a\nsize: 1", "line 2, column 5"),
        ("name: a\nname: b\nsize: 1", "the key 'name' is given twice"),
        ("name: a\nsize: 1\nsise: 2", "sise: is not a known entry"),
        ("name: a", "size: is missing"),
        ("name: 1\nsize: 1", "name: found 1, which is not text. Put it in quotes"),
        ("name: a\nsize: big", "size: found 'big'"),
        ("just text", "the file: found 'just text'"),
        ("name: !!python/object/apply:os.system ['true']\nsize: 1", "could not determine a constructor"),
        pytest.param("name: " + "[" * 99 + "]" * 99, "line 1, column 56: nested more than 50 deep", id="deep"),
        pytest.param("name: " + "[" * 200_000 + "]" * 200_000, "nested more than 50 deep", id="very deep"),
        pytest.param("- " * 200_000 + "a", "nested more than 50 deep", id="very deep, by dashes"),
    ],
)
def test_bad_yaml_is_told_by_place(tmp_path, content, message):
    path = tmp_path / "small.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_yaml(path, Small)
    assert message in str(error.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        read_yaml(tmp_path / "none.yml", Small)


@pytest.mark.parametrize(("content", "message"), [("名称".encode("gb18030"), "not UTF-8"), (b"\n", "is empty")])
def test_a_file_that_holds_no_text_is_told(tmp_path, content, message):
    (tmp_path / "small.yml").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_yaml(tmp_path / "small.yml", Small)
