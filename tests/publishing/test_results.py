"""A result is computed: it agrees with the print no longer when the judgements or data that it is computed from change.

This is not read from the code but seen in a run, so a value that is typed, copied from the print or multiplied by
nothing is found however it is written.
"""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

from crmlib.cases import Kind, compare, read_published
from tests.conftest import ROOT
from tests.publishing.shell import run_here

FACTS = {
    path.parent.name: {fact.id: fact for fact in read_published(path).facts if fact.kind is Kind.RESULT}
    for path in sorted(ROOT.glob("data/*/published.yml"))
}


#: The data that the results of a chapter are computed from; the others stay, so that the notebook gets that far.
DATA = {"ahp-certainty": "worth", "brand-switching": "donations", "cdnow": "orders", "clv-basics": "survivors"}


def level_judgements(folder):
    """Every comparison judged equal."""
    path = folder / "case.yml"
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    nodes = [entry["criteria"]] if "criteria" in entry else []
    while nodes:
        node = nodes.pop()
        nodes += node.get("children", [])
        judged = node.get("judgements", {})
        for rows in [judged.get("rows", []), *judged.get("experts", {}).values()]:
            rows[:] = [["1"] * len(row) for row in rows]
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


def change_tables(change):
    """The change of the table that the results of a case are computed from."""

    def change_all(folder):
        for path in folder.glob(f"{DATA.get(folder.name, '')}.csv"):
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
            change(table).to_csv(path, index=False, lineterminator="\n")

    return change_all


def numeric(table):
    """The columns of numbers, but for the first, which names the rows."""
    return [name for name in table.columns[1:] if pd.to_numeric(table[name], errors="coerce").notna().all()]


def roll_columns(table):
    """The numbers of each column one row further, so that its sum stays."""
    table[numeric(table)] = np.roll(table[numeric(table)].to_numpy(), 1, axis=0)
    return table


def turn_rows(table):
    """The numbers of each row in the other order, so that its sum stays."""
    table[numeric(table)] = table[numeric(table)].to_numpy()[:, ::-1]
    return table


def thin_rows(table):
    """Every seventh row of a long table left out, but not the first, which may be the base of the others."""
    return table[table.index % 7 != 3] if len(table) > 10 else table


CHANGES = [level_judgements, *map(change_tables, (roll_columns, turn_rows, thin_rows))]


def unmoved(root, name, changes=CHANGES):
    """The results of a chapter that agree with the print whatever changes in its case."""
    folder, left = root / "data" / name, set(FACTS[name])
    for change in changes:
        if left:
            kept = shutil.copytree(folder, root / "kept")
            change(folder)
            found = run_here(root, name, until=left).values
            shutil.rmtree(folder)
            kept.rename(folder)
            left -= {fact for fact in left & set(found) if not compare(FACTS[name][fact].printed, found[fact]).agrees}
    return left


def change_print(folder):
    """Another number in the print of every result."""
    path = folder / "published.yml"
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))
    for fact in (fact for fact in entry["facts"] if fact.get("kind") == "result"):
        fact["printed"] = re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), fact["printed"])
        fact.update({"text": fact["printed"]} if "text" in fact else {})
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


def echoed(root, name):
    """The results of a chapter that move with their own print, in whole or in part."""
    before = run_here(root, name, until=FACTS[name]).values
    change_print(root / "data" / name)
    after = run_here(root, name, until=FACTS[name]).values
    return {fact for fact in FACTS[name] if before[fact] != after[fact]}


CHAPTERS = [name for name, results in FACTS.items() if results]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_result_moves_with_what_it_is_computed_from(checkout, name):
    assert unmoved(checkout.root, name) == set()


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_result_moves_with_its_print(checkout, name):
    assert echoed(checkout.root, name) == set()


@pytest.mark.parametrize(
    "print_", ['case.held("facts.drinks.water")', 'float(getattr(case, "pri" "nted")["drinks.water"])']
)
def test_a_result_blended_with_its_print_is_found(checkout, print_):
    computed = 'drinks.consistency.loc[\\"drinks\\"'
    escaped = print_.replace('"', '\\"')
    checkout.replace(
        "notebooks/ahp-basics.ipynb", f'ratio\\", {computed}', f'ratio\\", 1e-9 * float({escaped}) + {computed}'
    )
    assert echoed(checkout.root, "ahp-basics") == {"drinks.consistency_ratio"}


def test_a_result_multiplied_by_nothing_is_found(checkout):
    computed = 'drinks.consistency.loc[\\"drinks\\"'
    checkout.replace("notebooks/ahp-basics.ipynb", f'ratio\\", {computed}', f'ratio\\", 0.022 + 0 * {computed}')
    assert unmoved(checkout.root, "ahp-basics", CHANGES[:1]) == {"drinks.consistency_ratio"}
