import pytest

from crmlib.cases import load_case, read_speed
from crmlib.errors import InputError
from tests.conftest import ROOT

ROWS = """measurement,contender,version,median_seconds,ratio_to_crmlib,note
"10,000 matrices 5×5",crmlib,1,0.5,1,
"10,000 matrices 5×5",NumPy eig,2,1.5,3,as it comes
"""


CLV_ROWS = """measurement,contender,version,median_seconds,ratio_to_crmlib,peak_megabytes,note
"BG/NBD, 1 million",crmlib,1,0.2,1,30,
"BG/NBD, 1 million",lifetimes,2,8,40,900,timed once
"""


def test_ids_can_be_glued(tmp_path):
    (tmp_path / "ahp.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "clv.csv").write_text(CLV_ROWS, encoding="utf-8")
    (tmp_path / "hundred_million.csv").write_text("property,value\nrows,9\n", encoding="utf-8")
    (tmp_path / "machine.csv").write_text("property,value\nProcessor,P\n", encoding="utf-8")
    speed = read_speed(tmp_path)
    assert speed.ratios.to_dict() == {"10_000_matrices_5x5.numpy_eig": 3, "bg_nbd_1_million.lifetimes": 40}
    assert speed.milliseconds.to_dict() == {"10_000_matrices_5x5": 500, "bg_nbd_1_million": 200}
    assert speed.part("clv")["peak_megabytes"].to_list() == [30, 900]
    assert speed.part("ahp")["peak_megabytes"].isna().all()
    assert speed.hundred_million["rows"] == 9
    assert speed.machine["Processor"] == "P"


def test_files_that_make_bench_did_not_write(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        read_speed(tmp_path)
    (tmp_path / "ahp.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="found the columns"):
        read_speed(tmp_path)


def test_what_is_in_the_book():
    speed = read_speed(ROOT / "data" / "speed")
    first = speed.measurements.drop_duplicates("measurement")
    assert (first["contender"] == "crmlib").all()
    assert (first["ratio_to_crmlib"] == 1).all()
    ours = speed.measurements["measurement"].map(first.set_index("measurement")["median_seconds"])
    ratios = speed.measurements["median_seconds"] / ours
    assert ratios.to_numpy() == pytest.approx(speed.measurements["ratio_to_crmlib"], rel=2e-3)


def test_the_chapter_on_speed_has_no_tree():
    case = load_case("speed", data=ROOT / "data")
    assert case.tree is None
    assert case.criteria.empty
    assert case.judgements.empty
    assert case.printed.empty
