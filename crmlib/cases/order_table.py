"""A table of orders as shops keep it: its columns, what was paid in each row, and which rows were cancelled."""

import re

import pandas as pd

from crmlib.errors import Problem
from crmlib.reading.declarations import Column, Table
from crmlib.reading.words import folded

__all__ = ["ORDERS", "amount_paid", "amount_problems", "cancelled_rows"]

#: The columns of a table of orders. Cells may be empty: what an empty cell means is decided row by row.
ORDERS = Table(
    columns=(
        Column(
            id="customer", kind="name", label="Customer", chinese="客户", empty=True,
            also=("Customer ID", "Customer number", "Client ID", "User ID", "Buyer", "Member ID", "Email",
                  "客户编号", "客户名称", "客户ID", "会员名", "买家会员名", "会员ID", "用户ID", "买家", "顾客"),
        ),
        Column(
            id="date", kind="day", label="Order date", chinese="日期", empty=True, asked=True,
            also=("Invoice date", "Purchase date", "Transaction date", "Payment date", "Created at",
                  "Order purchase timestamp", "订单日期", "下单日期", "下单时间", "订单创建时间", "订单付款时间",
                  "付款时间", "购买日期", "交易日期", "成交时间"),
        ),
        Column(
            id="amount", kind="amount", label="Order amount", chinese="金额", required=False, empty=True, asked=True,
            also=("Total", "Order total", "Total amount", "Amount paid", "Revenue", "Sales", "Payment value",
                  "订单金额", "总金额", "实付金额", "买家实际支付金额", "支付金额", "销售额", "成交金额"),
        ),
        Column(
            id="order", kind="text", label="Order ID", chinese="订单编号", required=False, empty=True,
            also=("Order number", "Order no", "Invoice", "Invoice number", "Invoice no", "Transaction ID",
                  "订单号", "订单ID", "单号", "发票号"),
        ),
        Column(
            id="quantity", label="Quantity", chinese="数量", required=False, empty=True,
            also=("Qty", "Units", "Lineitem quantity", "购买数量", "件数"),
        ),
        Column(
            id="price", kind="amount", label="Unit price", chinese="单价", required=False, empty=True,
            also=("Price each", "Lineitem price", "价格"),
        ),
        Column(
            id="refund", kind="amount", label="Refund", chinese="退款金额", required=False, empty=True, minimum=0,
            also=("Refund amount", "Refunded amount", "退款"),
        ),
        Column(
            id="product", kind="text", label="Product", chinese="商品", required=False, empty=True,
            also=("Product name", "Product ID", "Stock code", "Item", "Item ID", "Lineitem name", "Description",
                  "宝贝标题", "商品名称", "商品ID", "产品"),
        ),
        Column(
            id="status", kind="text", label="Order status", chinese="订单状态", required=False, empty=True,
            also=("Financial status", "状态", "交易状态"),
        ),
    )
)  # fmt: skip
_CANCELLED = frozenset(
    {"cancelled", "canceled", "cancel", "void", "voided", "refunded", "returned",
     "已取消", "取消", "交易关闭", "交易取消", "已关闭", "已退款", "全额退款", "作废", "已作废"}
)  # fmt: skip
_EVEN = 1e-9  # of what was given back: less than that is left by rounding
_CREDIT_NOTE = re.compile(r"c(\d+)", re.IGNORECASE)


def amount_problems(table: pd.DataFrame) -> list[Problem]:
    """A price alone does not tell what was paid."""
    if "price" not in table or {"amount", "quantity"} & set(table):
        return []
    remedy = "Name the column of quantities (--column quantity=HEADING) or of amounts (--column amount=HEADING)"
    return [Problem("column 'price'", "there are neither quantities nor amounts", remedy)]


def amount_paid(table: pd.DataFrame) -> pd.Series | None:
    """What was paid in each row, less what was given back; None if the table does not tell.

    Examples
    --------
    >>> amount_paid(pd.DataFrame({"quantity": [2.0, 1.0], "price": [1.25, 9.0], "refund": [0.5, None]})).to_list()
    [2.0, 9.0]
    """
    if "amount" in table:
        paid = table["amount"]
    elif "quantity" in table and "price" in table:
        paid = table["quantity"] * table["price"]
    else:
        return None
    return paid - table["refund"].fillna(0) if "refund" in table else paid


def cancelled_rows(table: pd.DataFrame) -> pd.Series:
    """Which rows were cancelled: by their status, by a credit note (number C123 among plain ones), or all given back.

    Examples
    --------
    >>> table = pd.DataFrame({"order": ["101", "C102", "103"], "status": ["paid", "paid", "交易关闭"]})
    >>> cancelled_rows(table).to_list()
    [False, True, True]
    """
    found = pd.Series(False, index=table.index)
    if "status" in table:
        words = {word: folded(word) in _CANCELLED for word in table["status"].dropna().unique()}
        found |= table["status"].map(words).eq(True)
    if "order" in table:
        numbers = table["order"].dropna().astype("str")
        credit, plain = numbers.str.fullmatch(_CREDIT_NOTE), numbers.str.fullmatch(r"\d+")
        if (credit | plain).all() and plain.sum() > credit.sum():
            found |= credit.reindex(table.index, fill_value=False)
    if "refund" in table and (paid := amount_paid(table)) is not None:
        found |= (table["refund"] > 0) & (paid.abs() < _EVEN * table["refund"])
    return found
