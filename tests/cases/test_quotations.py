import pytest

from crmlib.cases.quotations import says


@pytest.mark.parametrize(
    ("quotation", "number", "said"),
    [
        ("三个角度", "3", True), ("两个维度", "2", True), ("二是", "2", True), ("十二个指标", "12", True),
        ("十二个指标", "2", False), ("二十二名客户", "22", True), ("二十个", "20", True), ("十个", "10", True),
        ("三个角度", "4", False), ("都小于0.1", "0.1", True), ("都小于0.1", "0.9", False), ("都小于0.15", "0.1", False),
        ("2.4.4客户定制", "4", True), ("80%", "8", False), ("购买价值、服务成本", "2", True),
        ("甲、乙、丙", "2", False), ("购买价值", "1", False), ("一百个", "1", False),
    ],
)  # fmt: skip
def test_a_number_is_said_in_digits_in_chinese_or_by_a_list(quotation, number, said):
    assert says(quotation, number) is said
