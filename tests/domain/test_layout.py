import pytest

from app.domain.layout import (
    BUILT_IN,
    MAX_CELL,
    MAX_OWN,
    Layout,
    Row,
    clean,
    laid_out,
    lost_cells,
    mark_of_map,
    read_layout,
    said_cells,
    stored_layout,
    told_cells,
    usual,
)
from app.domain.stages import Stage
from app.errors import InvalidInput

BEFORE, DURING, AFTER = (Stage(key, key, key.title(), "") for key in ("before", "during", "after"))
MERGED = (Stage("before", "before", "Before", "", absorbed=("during",)), AFTER)
KPI = Row("own-1", title="KPI", cells={"before": "42 %", "during": "3 days"})


def keys(layout):
    return [row.key for row in layout.rows]


def test_a_map_that_nobody_laid_out_has_every_row_where_it_usually_stands():
    assert keys(read_layout({})) == list(BUILT_IN)
    assert all(row.shown for row in Layout().rows)


def test_rows_that_a_layout_does_not_name_stand_behind_the_one_they_usually_follow():
    layout = laid_out([Row("pains"), KPI, Row("actions", shown=False)])
    first = ["steps", "pains", "delights", "opportunities", "business_actions", "own-1"]
    assert keys(layout) == [*first, "actions", "thoughts", "touchpoints"]
    assert not layout.row("actions").shown


def test_a_layout_is_read_as_it_was_kept_and_what_it_does_not_know_is_as_usual():
    layout = Layout(laid_out([KPI, Row("steps", shown=False)]).rows, {"before": "Before"})
    assert read_layout(stored_layout(layout)) == layout
    assert keys(read_layout({"rows": [{"key": "moods", "shown": False}]})) == list(BUILT_IN)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([Row("pains"), Row("pains")], "once"),
        ([Row("moods")], "no row “moods”"),
        ([Row("own-1")], "needs a title"),
        ([Row("own-1", title="x" * 61)], "needs a title"),
        ([Row(f"own-{n}", title="x") for n in range(MAX_OWN + 1)], "rows of your own"),
    ],
)
def test_rows_that_cannot_be_are_refused(rows, said):
    with pytest.raises(InvalidInput, match=said):
        laid_out(rows)


def test_back_to_usual_shows_every_row_and_keeps_the_teams_own_ones_last():
    layout = usual(laid_out([Row("own-1", shown=False, title="KPI", cells=KPI.cells), Row("pains", shown=False)]))
    assert keys(layout) == [*BUILT_IN, "own-1"]
    assert all(row.shown for row in layout.rows)
    assert layout.own[0].cells == KPI.cells


def test_words_of_a_stage_that_was_merged_stand_in_the_other_one_after_its_own():
    assert told_cells(KPI, ["before", "after"], MERGED) == {"before": "42 %\n3 days"}
    assert told_cells(KPI, ["before", "during", "after"], MERGED) == KPI.cells, "an older version still has the column"


def test_words_of_a_stage_that_is_gone_stand_nowhere_and_are_kept():
    assert told_cells(KPI, ["before"], [BEFORE, AFTER]) == {"before": "42 %"}
    assert lost_cells(KPI, [BEFORE, AFTER]) == {"during": "3 days"}
    assert said_cells(KPI, {"before": "43 %", "after": ""}, [BEFORE, AFTER]) == {"before": "43 %", "during": "3 days"}
    assert said_cells(KPI, {"during": ""}, [BEFORE, AFTER]) == {"before": "42 %"}


def test_what_was_not_touched_stays_with_the_stage_it_was_written_for():
    assert said_cells(KPI, {"before": "42 %\r\n3 days ", "after": "new"}, MERGED) == {**KPI.cells, "after": "new"}
    assert said_cells(KPI, {"before": "42 % and 3 days"}, MERGED) == {"before": "42 % and 3 days"}


def test_words_are_kept_line_by_line_without_what_controls_a_machine_and_not_too_long():
    assert clean("  Ann \t Bo\x00\x1b\r\n\r\n x ") == "Ann Bo\nx"
    with pytest.raises(InvalidInput, match="“KPI” says at most"):
        said_cells(KPI, {"after": "x" * (MAX_CELL + 1)}, [BEFORE, DURING, AFTER])


def test_a_mark_changes_with_everything_that_people_change():
    other = Row("own-1", title="KPI", cells={"before": "43 %"})
    layouts = (Layout(), laid_out([Row("steps", shown=False)]), laid_out([KPI]), laid_out([other]))
    marks = {mark_of_map(name, scenario, layout) for name in ("A", "B") for scenario in (None, "S") for layout in layouts}
    assert len(marks) == 16
