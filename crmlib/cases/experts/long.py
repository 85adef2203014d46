"""One row a comparison: who, the first, the second, how much; or a pair in one cell; or a column a respondent."""

from collections.abc import Mapping

from crmlib.cases.experts.answers import Answer, Block
from crmlib.cases.experts.rows import read_rows
from crmlib.cases.experts.scales import says_how_much
from crmlib.cases.experts.titles import pairs_in
from crmlib.errors import InputError
from crmlib.reading.declarations import Column, Table
from crmlib.reading.headings import Headings, find_headings
from crmlib.reading.sheets import Sheet
from crmlib.reading.words import plain

__all__ = ["EXPERT", "LONG", "find_rows"]

EXPERT = Column(
    id="expert", kind="name", chinese="专家", required=False,
    also=("experts", "respondent", "respondents", "respondent id", "participant", "participants", "person", "judge",
          "rater", "evaluator", "assessor", "decision maker", "dm", "interviewee", "who", "name", "full name",
          "your name",
          "user", "username", "user name", "respondent name", "expert name", "expert id", "participant id",
          "response id",
          "id", "no", "number", "email", "e-mail", "email address", "受访者", "被调查者", "调查对象", "填写人",
          "答题人",
          "评价人", "评价者", "决策者", "专家姓名", "专家编号", "姓名", "名字", "编号", "序号", "邮箱", "用户"),
)  # fmt: skip
#: Rows: every comparison names two things, and says how many times the first is as important as the second.
LONG = Table(
    columns=(
        EXPERT,
        Column(id="first", kind="name", chinese="前者", also=(
            "a", "item a", "item 1", "criterion a", "criterion 1", "criteria a", "criteria 1", "criterion", "factor a",
            "factor 1", "element a", "element 1", "option a", "option 1", "alternative 1", "first criterion",
            "first item", "row", "rows", "left", "from", "i", "x", "指标a", "指标1", "指标一", "因素a", "因素1",
            "因素一",
            "要素a", "要素1", "准则1", "第一", "第一个", "第一指标", "第一个指标", "行", "左", "左边", "甲")),
        Column(id="second", kind="name", chinese="后者", also=(
            "b", "item b", "item 2", "criterion b", "criterion 2", "criteria b", "criteria 2", "against", "versus",
            "vs",
            "compared with", "compared to", "factor b", "factor 2", "element b", "element 2", "option b", "option 2",
            "alternative 2", "second criterion", "second item", "column", "columns", "col", "right", "to", "j", "y",
            "指标b", "指标2", "指标二", "因素b", "因素2", "因素二", "要素b", "要素2", "准则2", "第二", "第二个",
            "第二指标",
            "第二个指标", "列", "右", "右边", "乙", "比较对象")),
        Column(id="judgement", kind="judgement", chinese="判断", also=(
            "judgment", "judgements", "judgments", "value", "score", "scale", "rating", "ratio", "importance",
            "relative importance", "comparison value", "intensity", "strength", "preference", "how much",
            "how many times",
            "how much more", "answer", "response", "result", "判断值", "比较值", "标度", "标度值", "分值", "评分",
            "打分",
            "得分", "重要性", "重要程度", "相对重要性", "程度", "倍数", "强度", "结果", "数值", "值", "回答")),
        Column(id="choice", kind="name", chinese="选择", required=False, also=(
            "which", "which one", "which is more important", "more important", "more important one", "chosen",
            "selected",
            "winner", "preferred", "favours", "side", "更重要", "更重要的", "更重要者", "哪个更重要", "选项")),
        Column(id="group", kind="name", chinese="组", required=False, also=(
            "node", "parent", "goal", "level", "cluster", "with respect to", "wrt", "under", "below", "matrix", "上级",
            "上级指标", "所属", "所属指标", "层次", "层级", "目标", "判断矩阵", "矩阵")),
    )
)  # fmt: skip
_PAIRS = Table(
    columns=(
        EXPERT,
        Column(id="pair", kind="name", chinese="比较", also=(
            "pairs", "comparison", "comparisons", "pairwise comparison", "question", "item", "比较对", "比较项",
            "两两比较",
            "对比", "题目", "问题")),
        *LONG.columns[3:],
    )
)  # fmt: skip


def find_rows(sheet: Sheet, mapping: Mapping[str, str]) -> Block | None:
    """The answers of a sheet that has one row a comparison; None if it has not.

    Parameters
    ----------
    mapping
        The heading of a column by its id, where somebody said it.

    Raises
    ------
    InputError
        If some of the columns are there and others are not.
    """
    known = {name: heading for name, heading in mapping.items() if name in {one.id for one in LONG.columns}}
    headings = find_headings(sheet, LONG, known)
    columns = set(headings.columns)
    if {"first", "second", "judgement"} <= columns:
        if headings.problems:
            raise InputError(sheet.file, headings.problems)
        return _rows(sheet, headings)
    if {"first", "second"} <= columns and (people := _people(sheet, headings)):
        return _people_across(sheet, headings, people)
    if {"first", "second"} & columns and "judgement" in columns and len(columns) > 1 and headings.problems:
        paired = find_headings(sheet, _PAIRS, {})
        if not {"pair", "judgement"} <= set(paired.columns):
            raise InputError(sheet.file, headings.problems)
    return _pairs_in_cells(sheet, {name: one for name, one in known.items() if name not in ("first", "second")})


def _rows(sheet: Sheet, headings: Headings) -> Block:
    rows = read_rows(sheet, headings.row, headings.titles, headings.columns, "first")
    answers = [
        _answer(sheet, headings, row, plain(rows.cell(row, "first")), plain(rows.cell(row, "second")))
        for row in rows.positions
    ]
    return Block(sheet, answers, "one row a comparison", notes=rows.notes, problems=rows.problems)


def _pairs_in_cells(sheet: Sheet, mapping: Mapping[str, str]) -> Block | None:
    headings = find_headings(sheet, _PAIRS, mapping)
    if not {"pair", "judgement"} <= set(headings.columns):
        return None
    rows = read_rows(sheet, headings.row, headings.titles, headings.columns, "pair")
    texts = {row: plain(rows.cell(row, "pair")) for row in rows.positions}
    distinct = list(dict.fromkeys(texts.values()))
    pairs = pairs_in(distinct, range(len(distinct)))
    if not pairs or len(pairs) < len(distinct):
        return None
    answers = [_answer(sheet, headings, row, *pairs[distinct.index(text)]) for row, text in texts.items()]
    return Block(sheet, answers, "one row a comparison", notes=rows.notes, problems=rows.problems)


def _answer(sheet: Sheet, headings: Headings, row: int, first: str, second: str) -> Answer:
    cells = {name: sheet.cells[row, at] for name, at in headings.columns.items()}
    places = {name: sheet.place(row, at, headings.titles[at]) for name, at in headings.columns.items()}
    return Answer(
        respondent=plain(cells.get("expert")),
        first=first,
        second=second,
        cell=cells["judgement"],
        place=places["judgement"],
        choice=cells.get("choice"),
        choice_place=places.get("choice", ""),
        group=plain(cells.get("group")),
    )


def _people(sheet: Sheet, headings: Headings) -> list[int]:
    """The columns of respondents: all that hold judgements, if no column is called so."""
    used = set(headings.columns.values())
    return [
        at for at, title in enumerate(headings.titles)
        if title and at not in used and says_how_much(sheet.cells[headings.row + 1 :, at])
    ]  # fmt: skip


def _people_across(sheet: Sheet, headings: Headings, people: list[int]) -> Block:
    places = {**headings.columns, **{f"expert {at}": at for at in people}}
    rows = read_rows(sheet, headings.row, headings.titles, places, "first", empty=[f"expert {at}" for at in people])
    answers = [
        Answer(headings.titles[at], plain(rows.cell(row, "first")), plain(rows.cell(row, "second")),
               sheet.cells[row, at], sheet.place(row, at, headings.titles[at]), group=plain(rows.cell(row, "group")))
        for at in people
        for row in rows.positions
    ]  # fmt: skip
    return Block(sheet, answers, "one row a comparison, one column an expert", notes=rows.notes, problems=rows.problems)
