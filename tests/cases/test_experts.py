"""Experts' answers in every shape that people keep them in: read rightly, or refused by name and cell."""

import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmlib.ahp import judgement_matrix
from crmlib.cases.experts import SCALES, read_experts
from crmlib.errors import InputError
from tests.conftest import ROOT

HEADER = "expert,first,second,judgement\n"
ABC = judgement_matrix([[3, 5], [2]], ["price", "service", "brand"])
GRID = [["", "price", "service", "brand"], ["price", 1, 3, 5], ["service", "0.333", 1, 2], ["brand", "0.2", "0.5", 1]]


@pytest.fixture
def text(tmp_path):
    def write(content, encoding="utf-8"):
        (tmp_path / "mine.csv").write_bytes(content.encode(encoding))
        return tmp_path / "mine.csv"

    return write


@pytest.fixture
def book(tmp_path):
    def write(sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        workbook.save(tmp_path / "mine.xlsx")
        return tmp_path / "mine.xlsx"

    return write


def as_text(rows, separator=","):
    return "".join(separator.join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def refused(path, *words, **options):
    with pytest.raises(InputError) as error:
        read_experts(path, **options)
    message = str(error.value)
    assert str(path) in message
    for word in words:
        assert word in message
    return message


def is_abc(matrix):
    pd.testing.assert_frame_equal(matrix, ABC, rtol=1e-12)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "Ann,price,service,3\nAnn,price,brand,5\nAnn,service,brand,2\n",
        "Expert;First;Second;Judgment\nAnn;price;service;3\nAnn;price;brand;5\nAnn;service;brand;2\n",
        "participant;row;col;value\nAnn;price;price;1\nAnn;price;service;3\nAnn;price;brand;5\nAnn;service;brand;2\n",
        "时间,专家,指标A,指标B,判断值\n1,Ann,price,service,3\n1,Ann,price,brand,5:1\n1,Ann,brand,service,½\n",
        "expert,comparison,value\nAnn,price vs service,3\nAnn,price vs brand,5\nAnn,service vs brand,2\n",
        "first,second,Ann\nprice,service,3\nprice,brand,5\nservice,brand,2\n",
        "comparison,Ann\nprice vs service,3\nprice vs brand,5\nservice vs brand,2\n",
        "expert,a,b,which,how much\nAnn,price,service,price,3\nAnn,brand,price,price,5\nAnn,service,brand,service,2\n",
        "Name,price vs service,price vs brand,service vs brand\nAnn,3,5,2\n",
        "姓名,price 对 service,price 对 brand,service 对 brand\nAnn,3,5,2\n",
        "name,price_service,price_brand,service_brand\nAnn,3,5,2\n",
        "name,price:service,price:brand,service:brand\nAnn,3,5,2\n",
        "name,price_service,service_price,price_brand,service_brand\nAnn,3,0.33,5,2\n",
        "Name,Which: price or service?,How much?,Which: brand or price?,How much?,Which: service or brand?,How much?\n"
        "Ann,Price,3,price,5,service,2\n",
        ",price,service,brand\nprice,1,3,5\nservice,0.333,1,2\nbrand,0.2,0.5,1\n",
        "Ann,price,service,brand\nprice,,3,5\nservice,,,2\nbrand,,,\n",
        "Ann,brand,service,price\nbrand,1,,\nservice,2,1,\nprice,5,3,1\n",
    ],
)  # fmt: skip
def test_every_shape_gives_the_same_matrix(text, content):
    [matrix] = read_experts(text(content)).judgements.values()
    is_abc(matrix.loc[ABC.index, ABC.index])


@pytest.mark.parametrize(
    ("scale", "answers"),
    [
        ("minus-first", (-3, -5, -2)), ("minus-second", (3, 5, 2)), ("steps-first", (-2, -4, -1)),
        ("steps-second", (2, 4, 1)), ("places-first", (7, 5, 8)), ("places-second", (11, 13, 10)),
    ],
)  # fmt: skip
def test_scales_of_numbers_on_a_line(text, scale, answers):
    content = "name,price vs service,price vs brand,service vs brand\nAnn," + ",".join(map(str, answers))
    is_abc(read_experts(text(content), scale=scale).judgements["Ann"])


def test_a_negative_number_does_not_say_which_side_is_meant(text):
    refused(text("name,a vs b,a vs c\nAnn,3,-5\n"), "expert 'Ann'", "minus-first if it means that a is 5 times", "1/5")


def test_the_survey_of_ahpsurvey_city1(text):
    titles = "cult_fam,cult_house,cult_jobs,cult_trans,fam_house,fam_jobs,fam_trans,house_jobs,house_trans,jobs_trans"
    experts = read_experts(text(f"{titles}\n5,-3,2,-5,-7,-1,-7,4,-3,-7\n"), scale="minus-first")
    assert experts.judgements["row 2"].loc["cult"].round(4).tolist() == [1, 0.2, 3, 0.5, 5]


def test_rounded_reciprocals_are_meant_exactly(text):
    content = "name,a vs b,a vs c,b vs c\nAnn,0.11,0.33,0.14\nBo,0.111,0.333,0.143\n"
    experts = read_experts(text(content))
    for matrix in experts.judgements.values():
        assert matrix.loc["b", "a"] == pytest.approx(9, rel=1e-12)
        assert matrix.loc["c", "b"] == pytest.approx(7, rel=1e-12)
    assert "0.11 is read as 1/9" in experts.notes


def test_one_name_in_two_spellings_is_one_and_told(text):
    experts = read_experts(
        text(HEADER + "Ann,Price,service,3\nAnn,price,brand,5\nAnn,KPI１,brand,5\nAnn,kpi 1,Price,2\n")
    )
    assert list(experts.judgements["Ann"].index) == ["Price", "service", "brand", "KPI1"]
    assert any("'price' is read as 'Price'" in note for note in experts.notes)


def test_a_misspelt_name_is_told_of_the_one_who_wrote_it(text):
    rows = [f"R{at:02},{'Pirce' if at == 7 else 'Price'},Service,3\n" for at in range(20)]
    message = refused(text(HEADER + "".join(rows)), "expert 'R07'", "found 'Pirce'", "Write 'Price'")
    assert "R00" not in message
    experts = read_experts(text(HEADER + "".join(rows)), on_bad="leave out")
    assert len(experts.judgements) == 19
    assert any("expert 'R07' left out" in note for note in experts.notes)


def test_who_answers_nothing_is_left_out_and_told(text):
    experts = read_experts(text("name,a vs b,a vs c\nAnn,3,5\nBo,,NA\n"))
    assert list(experts.judgements) == ["Ann"]
    assert "expert 'Bo' left out: no answer" in experts.notes


def test_answers_that_connect_nothing_are_told_by_name(text):
    path = text("name,a vs b,a vs c,b vs c\nAnn,3,5,\nBo,3,,\n")
    refused(path, "expert 'Bo': no answer connects these: a, b; c")
    assert list(read_experts(path, on_bad="leave out").judgements) == ["Ann"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("three", "found 'three', which is no number"), ("__import__('os')", "is no number"),
        ("1/5 or so", "is no number"), ("12", "found '12', which is off the scale"),
        ("0", "says equal only on a scale"), ("=1/3", "a formula without a value"),
        ("3-Jan", "a spreadsheet made a date of it"), ("0.1", "off the scale"), ("50%", "is a percentage"),
    ],
)  # fmt: skip
def test_bad_answers_are_told_by_cell_and_name(text, cell, words):
    refused(text(HEADER + f'Ann,a,b,2\nBo,a,b,"{cell}"\n'), "row 3, column 'judgement' (expert 'Bo')", words)


@pytest.mark.parametrize("made", [datetime.date(2026, 1, 3), datetime.datetime(2026, 1, 3), datetime.time(1, 3)])
def test_dates_that_a_spreadsheet_made_are_told_with_the_remedy(book, made):
    path = book({"S": [["name", "a vs b"], ["Ann", 3], ["Bo", made]]})
    refused(path, "cell B3 (expert 'Bo')", "made a date of it", "Format the column as text")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER + "Ann,a,b,2\nAnn,b,a,2\n", "b against a, found 2 and 1/2 in row 2"),
        (HEADER + "Ann,a,a,2\nAnn,a,b,2\n", "'a' against itself, found 2"),
        (HEADER + "Ann,,b,2\n", "row 2, column 'first': is empty"),
        (HEADER + ",a,b,2\n", "row 2, column 'expert': is empty"),
        (HEADER + "Ann,a,b,3,5\n", "row 2: has 5 cells"),
        (HEADER, "no answers"),
        ("name,a vs b\nAnn,3\nann,5\n", "'ann' is in row 2 too"),
        ("city,sales\nBonn,3\n", "holds no judgements in a shape that is known"),
        (",a,b\na,1,3\nb,3,1\n", "b against a, found 3 and 1/3 in row 2"),
        ("name,a or b?\nAnn,a\n", "no column how much"),
        ("name,a or b?,how much\nAnn,,3\nBo,a,5\nCy,b,2\n", "does not say which of the two"),
    ],
)  # fmt: skip
def test_what_cannot_be_anybodys_answer_is_told(text, content, words):
    refused(text(content), words)


def test_a_sheet_a_person(book):
    experts = read_experts(book({"Notes": [["a survey"]], "Ann": GRID, "Bo": GRID}))
    assert list(experts.judgements) == ["Ann", "Bo"]
    is_abc(experts.judgements["Bo"])
    assert "sheet 'Notes': left out, it holds no judgements" in experts.notes


def test_grids_below_each_other_are_of_the_people_above_them(book):
    experts = read_experts(book({"S": [["Ann"], *GRID, [None], ["Expert: Bo"], *GRID]}))
    assert list(experts.judgements) == ["Ann", "Bo"]


def test_grids_of_nobody_are_asked_about(book):
    refused(book({"S": [*GRID, [None], *GRID]}), "2 tables of price, service, brand, and not whose each is")


def test_criteria_and_alternatives_in_one_sheet_are_groups(text):
    below = [[["price", "x", "y"], ["x", 1, 3], ["y", "0.33", 1]], [["service", "x", "y"], ["x", 1, 2], ["y", 0.5, 1]],
             [["brand", "x", "y"], ["x", 1, 1], ["y", 1, 1]]]  # fmt: skip
    experts = read_experts(text(as_text([row for one in [GRID, *below] for row in [*one, [""] * 4]])))
    assert list(experts.groups) == ["price, service, brand", "price", "service", "brand"]
    assert experts.groups["service"]["mine"].loc["x", "y"] == 2
    with pytest.raises(InputError, match="has 4 groups"):
        _ = experts.judgements


def test_a_sheet_for_each_group(book):
    costs = [["name", "rent vs pay"], ["Ann", 3], ["Bo", 2]]
    main = [["name", "costs vs profit"], ["Ann", 5], ["Bo", 1]]
    experts = read_experts(book({"goal": main, "costs": costs}))
    assert {name: list(own) for name, own in experts.groups.items()} == {"goal": ["Ann", "Bo"], "costs": ["Ann", "Bo"]}


def test_a_heading_that_somebody_maps(text):
    path = text("户名,x1,x2,how\nAnn,price,service,3\n")
    columns = {"expert": "户名", "first": "x1", "second": "x2", "judgement": "how"}
    assert list(read_experts(path, columns=columns).judgements) == ["Ann"]
    with pytest.raises(InputError, match="columns: found 'who'"):
        read_experts(path, columns={"who": "户名"})


def test_the_example_can_be_read():
    experts = read_experts(ROOT / "data" / "ahp-basics" / "experts.csv").judgements
    gaps = {name: int(matrix.isna().to_numpy().sum()) for name, matrix in experts.items()}
    assert gaps == {"Anna": 0, "Bo": 0, "Chen": 2}


@st.composite
def surveys(draw):
    """Judgements by respondent, a shape to write them in, and a style of numbers."""
    names = draw(
        st.lists(st.sampled_from(["Price", "Service quality", "品牌", "C4", "x"]), min_size=2, max_size=5, unique=True)
    )
    scale = [*range(1, 10), *(-k for k in range(2, 10))]
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    people = draw(st.lists(st.sampled_from(["Ann", "1", "李", "b@x.org"]), min_size=1, max_size=3, unique=True))
    answers = {who: {pair: draw(st.sampled_from(scale)) for pair in pairs} for who in people}
    return (
        names,
        answers,
        draw(st.sampled_from(["long", "wide", "grid", "which"])),
        draw(st.sampled_from(",;\t")),
        draw(st.sampled_from(["1/{}", "1:{}", "decimal"])),
    )


def written(names, answers, shape, style):
    def form(step):
        decimal = f"{1 / abs(step):.4f}"
        return str(step) if step > 0 else decimal if style == "decimal" else style.format(-step)

    pairs = list(next(iter(answers.values())))
    if shape == "long":
        return [["expert", "first", "second", "judgement"],
                *([who, *pair, form(step)] for who, own in answers.items() for pair, step in own.items())]  # fmt: skip
    if shape == "wide":
        return [["name", *(" vs ".join(pair) for pair in pairs)],
                *([who, *map(form, own.values())] for who, own in answers.items())]  # fmt: skip
    if shape == "which":
        titles = [title for a, b in pairs for title in (f"{a} or {b}?", "how much")]
        rows = [[who, *(cell for (a, b), step in own.items() for cell in (a if step > 0 else b, abs(step)))]
                for who, own in answers.items()]  # fmt: skip
        return [["name", *titles], *rows]
    rows = []
    for who, own in answers.items():
        rows += [[who], ["", *names]]
        both = own | {(b, a): -step if abs(step) > 1 else 1 for (a, b), step in own.items()}
        rows += [[a, *(1 if a == b else form(both[a, b]) for b in names)] for a in names]
        rows.append([""])
    width = len(names) + 1
    return [[*row, *[""] * (width - len(row))] for row in rows]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(surveys())
def test_random_surveys_read_back_equal_or_are_refused(tmp_path, survey):
    names, answers, shape, separator, style = survey
    path = tmp_path / "survey.csv"
    path.write_text(as_text(written(names, answers, shape, style), separator), encoding="utf-8")
    try:
        found = read_experts(path).judgements
    except InputError:
        return
    assert len(found) == len(answers)
    for who, own in answers.items():
        matrix = found[who] if who in found else next(iter(found.values()))
        for (a, b), step in own.items():
            assert np.log(matrix.loc[a, b]) == pytest.approx(np.sign(step) * np.log(abs(step)), abs=1e-9)


def test_scales_are_told_in_words():
    assert all(":" in told for told in SCALES.values())
