"""Tables of a page: each figure has the heads that name it."""

from reading import block, heads, page, words

TABLE = """
<p>Lead in:</p>
<table><caption>Pay by state</caption>
<thead><tr><th rowspan=2>State<th colspan=2>Pay, 2024</tr><tr><th>Hour<th>Year</tr>
<tbody><tr><td colspan=3>Midwest
<tr><td rowspan=2>Ohio<td>$20.10<td>$41,000
<tr><td>$21.10<td>$42,000
<tr><td colspan=3>South
<tr><th scope=row>Texas<td>$19.10<td>$40,000<br>($38,000 rural)
<tfoot><tr><td colspan=3>Source: a survey.</table>
<p>* Without tips.</p><p>The table shows pay.</p>
"""


def test_spans_and_rows_of_heads_are_resolved():
    """Each figure has its row labels, its group and both head rows."""
    found = page(TABLE)

    assert heads(found, "$41,000") == (["Midwest", "Ohio"], ["Pay, 2024", "Year"])
    assert heads(found, "$21.10") == (["Midwest", "Ohio"], ["Pay, 2024", "Hour"])
    assert heads(found, "$40,000")[0] == ["South", "Texas"]
    assert (
        found.text[block(found, "$40,000").start :][:25]
        == "$40,000\n($38,000 rural)\nS"
    )
    assert words(found, (block(found, "$19.10").lead_in,)) == ["Pay by state"]
    assert words(found, (block(found, "Pay by state").lead_in,)) == ["Lead in:"]


def test_notes_under_a_table_belong_to_it():
    """A foot's lone cell and a paragraph with a mark are footnotes; prose is not."""
    found = page(TABLE)

    assert [b.kind for b in found.blocks[-3:]] == ["footnote", "footnote", "paragraph"]
    assert block(found, "Without tips").table == 0


def test_a_table_without_th_is_headed_by_its_first_row_without_figures():
    """Years name columns; `0-1` and `15+` before pay name rows."""
    found = page(
        "<table><tr><td>Years<td>2023<td>2024<tr><td>0-1<td>$41,000<td>$42,000"
        "<tr><td>15+<td>$61,000<td>$62,000</table>"
    )

    assert heads(found, "$42,000") == (["0-1"], ["2024"])
    assert heads(found, "$61,000") == (["15+"], ["2023"])


def test_a_table_that_begins_again_to_the_right_has_its_own_row_heads():
    """`State | Pay | State | Pay`: the figure's state is the one beside it."""
    found = page(
        "<table><tr><th>State<th>Pay<th>State<th>Pay"
        "<tr><td>Ohio<td>$41,000<td>Utah<td>$42,000</table>"
    )

    assert heads(found, "$41,000") == (["Ohio"], ["Pay"])
    assert heads(found, "$42,000") == (["Utah"], ["Pay"])


def test_percentiles_head_columns_of_pay():
    """A first row of percents over money is a row of heads."""
    found = page(
        "<table><tr><td>Percentile<td>10%<td>50%<tr><td>Year<td>$1<td>$2</table>"
    )

    assert heads(found, "$2") == (["Year"], ["50%"])


def test_a_table_of_roles_is_a_table():
    """ARIA's table, row, columnheader and cell stand for the tags."""
    found = page(
        "<div role=table><div role=row><span role=columnheader>State</span>"
        "<span role=columnheader>Mean</span></div><div role=row>"
        "<span role=cell>Ohio</span><span role=cell>$41,000</span></div></div>"
    )

    assert heads(found, "$41,000") == (["Ohio"], ["Mean"])


def test_a_table_that_lays_out_the_page_is_no_table():
    """Cells that hold headings or tables are places on the page."""
    found = page("<table><tr><td><h2>Pay</h2><p>It is $5.<td><p>More</table>")

    assert {b.table for b in found.blocks} == {None}
    assert block(found, "$5").section == ("Pay",)
