import shutil

import pytest

from crmlib.cases import load_case
from crmlib.errors import InputError
from tests.conftest import ROOT


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def edit(data, old, new, name="case.yml", case="lubricant"):
    path = data / case / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def message(data, case="lubricant"):
    with pytest.raises(InputError) as error:
        load_case(case, data=data)
    return str(error.value)


def test_the_lubricant_case():
    case = load_case("lubricant", data=ROOT / "data")
    assert len(case.tree.leaves) == 12
    assert case.customers.shape == (7, 12)
    assert case.costs == ["service_cost", "days_overdue"]
    assert len(case.judgements) == 16
    assert case.criteria.loc["total_profit", "parent"] == "current_value"
    assert case.printed["local_weight.orders"] == "0.2970"


def test_the_assumed_data_are_what_their_data_sheet_says():
    customers = load_case("lubricant", data=ROOT / "data").customers
    assert (customers["orders"] * customers["order_size"]).tolist() == customers["annual_volume"].tolist()
    price = customers["gross_profit"] / (customers["gross_margin"] / 100) / customers["annual_volume"]
    assert price.between(1, 2).all()
    assert customers["service_cost"].corr(customers["annual_volume"]) > 0.9


def test_a_case_without_customers():
    assert load_case("ahp-basics", data=ROOT / "data").customers.empty


@pytest.mark.parametrize("judgement", ["0", "-3", ".nan", "abc", "12", "1/0", '""', "1/12"])
def test_bad_judgements_are_named(data, judgement):
    edit(data, '["4", "5", "6"]', f'["4", {judgement}, "6"]')
    assert "total_profit, gross_profit against service_cost (row 1, column 3)" in message(data)


def test_all_bad_judgements_of_the_tree_are_listed(data):
    edit(data, '["4", "5", "6"]', '["4", "x", "6"]')
    edit(data, '["3", "2"]', '["3", "y"]')
    assert "'x'" in message(data)
    assert "'y'" in message(data)


def test_missing_judgements(data):
    edit(data, '["4", "5", "6"], ["2", "2"], ["2"]', '["4", "5"], ["2"]')
    assert "total_profit, its shape: 4 criteria, but rows of [2, 1] judgements" in message(data)


def test_a_full_matrix_that_is_not_reciprocal(data):
    edit(data, 'rows: [["1/2", "1/3"], ["1/2"]]', 'rows: [[1, "1/2", "1/3"], [2, 1, "1/2"], [4, 2, 1]]')
    assert "order_size against annual_volume (row 1, column 3) and back (row 3, column 1)" in message(data)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "titel:", "titel: is not a known entry"),
        ("origin: published", "origin: guessed", "found 'guessed'"),
        ("direction: cost", "direction: bad", "direction: found 'bad'"),
        ("name: gross_profit", "name: gross_margin", "given twice: gross_margin"),
    ],
)
def test_bad_case_files(data, old, new, expected):
    edit(data, old, new)
    assert expected in message(data)


def test_an_indicator_that_the_tree_lacks(data):
    edit(data, "customer,gross_profit", "customer,turnover", "customers.csv")
    assert "column 'gross_profit': is missing" in message(data)


def test_the_labels_of_an_indicator_are_its_headings_too(data):
    edit(data, "customer,gross_profit", "客户,毛利（万元）", "customers.csv")
    assert load_case("lubricant", data=data).customers.loc["1", "gross_profit"] == 63.4


def test_an_unknown_case_lists_the_cases(data):
    with pytest.raises(InputError, match=r"The cases are: ahp-basics, .*lubricant"):
        load_case("lubricants", data=data)


def test_the_tree_of_a_group_holds_the_geometric_mean_of_its_experts():
    case = load_case("j-company", data=ROOT / "data")
    assert list(case.experts) == ["sales", "finance", "service"]
    answers = [tree.judgements.loc["current_value", "potential_value"] for tree in case.experts.values()]
    assert answers == [1, 3, 2]
    assert case.tree.judgements.loc["current_value", "potential_value"] == pytest.approx(6 ** (1 / 3))
    assert load_case("lubricant", data=ROOT / "data").experts == {}


def test_a_bad_judgement_of_an_expert_is_named(data):
    edit(data, 'service: [["2", "2", "5"]', 'service: [["2", "x", "5"]', case="j-company")
    found = message(data, "j-company")
    assert "purchase_value, expert service, annual_purchases against product_groups (row 1, column 3)" in found


def test_the_same_experts_judge_everywhere(data):
    edit(data, 'sales: [["4"]], finance: [["2"]]', 'finance: [["2"]]', case="j-company")
    found = message(data, "j-company")
    assert "current_value: judged by finance, service. Give the answers of sales, finance, service" in found


@pytest.mark.parametrize("new", ["{origin: assumed}", '{origin: assumed, rows: [["4"]], experts: {sales: [["4"]]}}'])
def test_judgements_are_of_one_or_of_experts(data, new):
    edit(data, '{origin: assumed, rows: [["3"]]}', new, case="cdnow")
    assert "Give either rows or experts" in message(data, "cdnow")


def with_orders(data):
    """The lubricant case with a further file, named orders."""
    folder = data / "lubricant"
    entry = (folder / "case.yml").read_text(encoding="utf-8")
    files = "files:\n  orders: {path: orders.csv, origin: assumed, about: One row an order}\n"
    (folder / "case.yml").write_text(entry + files, encoding="utf-8")
    (folder / "orders.csv").write_text("customer,date,amount\n", encoding="utf-8")
    return data


def test_a_case_names_further_files_and_takes_others_in_their_place(data, tmp_path):
    data = with_orders(data)
    assert load_case("lubricant", data=data, files={"orders": ""}).files["orders"] == data / "lubricant" / "orders.csv"
    own = tmp_path / "own.csv"
    own.write_text("x", encoding="utf-8")
    case = load_case("lubricant", data=data, files={"orders": own})
    assert case.files["orders"] == own
    assert case.checksums["orders"].startswith("2d711642b726b044")  # SHA-256 of one x
    assert list(case.files) == ["customers", "orders"]


def test_files_that_are_missing_or_unknown_are_all_named(data):
    data = with_orders(data)
    with pytest.raises(InputError, match=r"(?s)gone.csv is not there.*away.csv is not there"):
        load_case("lubricant", "gone.csv", data=data, files={"orders": "away.csv"})
    with pytest.raises(InputError, match="Its files are: customers, orders"):
        load_case("lubricant", data=data, files={"answers": "x.csv"})


def test_a_file_with_declared_columns_is_refused_before_any_notebook_starts(tmp_path):
    own = tmp_path / "base.csv"
    own.write_text(
        "客户名称,客户群,年利润,保留率,折现率,获取成本\n甲,大,9200,92,0.09,0\n乙,大,x,90,0.1,0\n", encoding="gb18030"
    )
    with pytest.raises(InputError) as error:
        load_case("clv-basics", data=ROOT / "data", files={"base": own})
    assert "found 'x', which is no number" in str(error.value)
    assert "at most 1" in str(error.value) or "times 0.01" in str(error.value)


def test_columns_are_declared_for_each_item_of_a_list(tmp_path):
    case = load_case("rough-sets", data=ROOT / "data")
    assert list(case.tables["examples"]) == [*case.lists["attributes"].index, "verdict"]
    own = tmp_path / "own.csv"
    headings = ["客户", *case.lists["attributes"]["chinese"], "价值"]
    case.tables["examples"].reset_index().set_axis(headings, axis=1).to_csv(own, index=False, encoding="gb18030")
    again = load_case("rough-sets", data=ROOT / "data", files={"examples": own})
    assert again.tables["examples"].equals(case.tables["examples"])


def test_columns_for_each_item_of_a_list_that_is_not_there(data):
    entry = (data / "lubricant" / "case.yml").read_text(encoding="utf-8")
    files = "\nfiles:\n  votes: {path: votes.csv, origin: assumed, about: Votes, columns: [{each: nobody}]}\n"
    (data / "lubricant" / "case.yml").write_text(entry + files, encoding="utf-8")
    with pytest.raises(InputError, match="lists that are not there: nobody"):
        load_case("lubricant", data=data)


def test_a_row_without_a_key_is_named_by_its_number_in_the_file():
    assert load_case("brand-switching", data=ROOT / "data").tables["purchases"].index[0] == 2


def test_every_file_is_declared_but_answers_of_experts():
    left = {
        (path.parent.name, name)
        for path in (ROOT / "data").glob("*/case.yml")
        for case in [load_case(path.parent.name, data=ROOT / "data")]
        for name in case.entry.file_names
        if name not in case.entry.tables
    }
    assert left == {("ahp-certainty", "experts")}
