"""Tables in odd shapes: as tags in Markdown, as lists in a list, titled in a row."""

import re

import pytest

from pipeline.core.model import Document
from tests.reading import HTML, MARKDOWN, PLAIN, block, document, heads

LISTED = """## Base pay

*    *   Grade

     *   Monthly pay
         (in euro)


*    *   Step 1

    *   Step 2


*    *   R 1

    *   4 110,20

    *   4 230,90
"""


def cells(found: Document) -> list[list[str]]:
    """The words of a document's cells, a list for each row."""
    rows: dict[tuple[int | None, int | None], list[str]] = {}
    for b in found.blocks:
        if b.kind == "cell":
            rows.setdefault((b.table, b.row), []).append(found.text[b.start : b.end])
    return list(rows.values())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "# Pay\n\n<table>\n<tr><td>Job</td><td>Pay</td></tr>\n"
            "<tr><td>Baker</td><td>$31,000</td></tr></table>\n",
            [["Job", "Pay"], ["Baker", "$31,000"]],
        ),
        (  # blank lines, blanks in tags, and no blank line above the table
            "# Pay\n\nWhat they make:\n<table class='a' >\n<tr >\n\n<td >**Job**\n"
            "</td>\n\n<td >Pay\n</td>\n</tr>\n<tr >\n\n<td >Cook\n</td>\n\n"
            "<td >$33,400\n</td>\n</tr>\n</table>\n\nAfter.\n",
            [["Job", "Pay"], ["Cook", "$33,400"]],
        ),
        (  # cells that are never closed, words in marks of their own
            "# Pay\n\n<table><tr><th>Job<th>Pay\n<tr><td><b>Roofer</b><td>&nbsp;"
            "<em>$44,100</em></table>",
            [["Job", "Pay"], ["Roofer", "$44,100"]],
        ),
        (  # a table in a table lays out, and one that is not closed is text
            "# Pay\n\n<table><tr><td><table><tr><td>a</td><td>b</td></tr></table>"
            "</td></tr></table>\n",
            [],
        ),
        ("# Pay\n\n<table><tr><td>Job</td><td>Pay</td></tr>\n", []),
        ("# Pay\n\n<table><tr><td>Alone</td></tr></table>\n", []),
    ],
)
def test_a_table_of_tags_in_markdown_is_a_table(
    text: str, rows: list[list[str]]
) -> None:
    """However its tags are spread over lines; a table in a table is none."""
    found = [
        [cell.strip("*") for cell in row] for row in cells(document(text, MARKDOWN))
    ]
    assert found == rows


def test_what_stands_around_a_table_of_tags_stays_text() -> None:
    """The line above it and the one below are paragraphs."""
    text = "# Pay\n\nAbove:\n<table><tr><td>a</td><td>b</td></tr></table>\n\nBelow.\n"
    found = document(text, MARKDOWN)
    assert block(found, "Above:").kind == "paragraph"
    assert block(found, "Below.").kind == "paragraph"


@pytest.mark.parametrize("media_type", [MARKDOWN, PLAIN])
def test_spans_and_captions_of_a_table_of_tags_hold(media_type: str) -> None:
    """`colspan`, `rowspan`, `<thead>` and `<caption>` mean what they do in HTML."""
    found = document(
        "# Pay\n\n<table><caption>Hourly pay</caption><thead><tr><td>Job</td>"
        '<td colspan="2">Pay</td></tr></thead><tr><td rowspan=2>Cook</td>'
        "<td>$17.10</td><td>$18.20</td></tr><tr><td>$19.30</td></tr></table>",
        media_type,
    )
    assert block(found, "Hourly pay").kind == "caption"
    assert heads(found, "$18.20") == (["Cook"], ["Pay"])
    assert heads(found, "$19.30") == (["Cook"], ["Pay"])


def test_lists_in_a_list_are_rows_and_their_heads_reach_over_the_columns() -> None:
    """Two rows of heads, without the spans that lists cannot have."""
    found = document(LISTED, MARKDOWN)
    assert cells(found)[2] == ["R 1", "4 110,20", "4 230,90"]
    row, column = heads(found, "4 230,90")
    assert row == ["R 1"]
    assert [" ".join(head.split()) for head in column] == [
        "Monthly pay (in euro)",
        "Step 2",
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (  # inside an item of another list
            "# Pay\n\n1.  The rates are\n\n    *        *   Group\n\n"
            "        *   from May\n\n    *        *   1\n\n        *   11.20\n",
            [["Group", "from May"], ["1", "11.20"]],
        ),
        ("# Pay\n\n- - Grade\n  - Pay\n- - G1\n  - 41,200\n",
         [["Grade", "Pay"], ["G1", "41,200"]]),
        ("# Pay\n\n- - Grade\n  - A\n  - B\n- - G1\n  -\n  - 41,200\n- -\n  -\n  -\n",
         [["Grade", "A", "B"], ["G1", "41,200"]]),
        # One cell a row is an outline; one row is no table; long cells are clauses.
        ("# Pay\n\n* * First\n* * Second\n", []),
        ("# Pay\n\n* * First\n  * Second\n", []),
        (f"# Pay\n\n* * A\n  * {'word ' * 40}\n* * B\n  * {'word ' * 40}\n", []),
        ("# Pay\n\n* First\n  * Second\n* Third\n  * Fourth\n", []),
    ],
)  # fmt: skip
def test_only_lists_in_a_list_of_nothing_else_are_a_table(
    text: str, rows: list[list[str]]
) -> None:
    """Outlines, clauses and ordinary nested lists stay lists."""
    assert cells(document(text, MARKDOWN)) == rows


ROWS = "<tr><td>Baker</td><td>$31,000</td></tr><tr><td>Cook</td><td>$33,400</td></tr>"


@pytest.mark.parametrize(
    ("rows", "many"),
    [
        (f"<tr><td colspan=2><h2>Kitchens</h2></td></tr>{ROWS}", 5),
        (f"<tr><td><h3>Kitchens</h3></td></tr>{ROWS}", 5),
        # A heading beside something, or over a text, or over nothing: it lays out.
        (f"<tr><td><h2>Kitchens</h2></td><td>News</td></tr>{ROWS}", 0),
        (f"<tr><td><h2>Kitchens</h2></td></tr><tr><td>{'word ' * 40}</td><td>b</td>"
         "</tr>", 0),
        ("<tr><td><h2>Kitchens</h2></td></tr><tr><td>Alone</td></tr>", 0),
    ],
)  # fmt: skip
def test_a_heading_alone_in_its_row_titles_a_table(rows: str, many: int) -> None:
    """Beside something else, or over a text, it is the layout's."""
    found = document(f"<h1>Pay</h1><table>{rows}</table>", HTML)
    assert sum(b.kind == "cell" for b in found.blocks) == many


def test_a_title_in_a_row_names_the_rows_below() -> None:
    """As a label across the table does."""
    title = "<tr><td colspan=2><h2>Kitchens</h2></td></tr>"
    found = document(f"<h1>Pay</h1><table>{title}{ROWS}</table>", HTML)
    assert heads(found, "$33,400") == (["Kitchens", "Cook"], [])


@pytest.mark.parametrize("grade", ["A", "R 1", "P-3", "E13", "Band 4"])
def test_a_grade_names_its_row(grade: str) -> None:
    """A letter, or one with a number."""
    found = document(f"# Pay\n\n|Class|Pay|\n|--|--|\n|{grade}|4,110|\n", MARKDOWN)
    assert heads(found, "4,110")[0] == [grade]


def test_bare_percentiles_over_figures_are_heads() -> None:
    """With a word beside them or without one, over signs or over bare cents."""
    text = (
        "Hourly wages by percentile\n\nJob             10     50     90\n\n"
        "Baker ....... 15.10  18.20  24.40\nCook ........ 14.80  17.30  22.10\n"
    )
    found = document(text, PLAIN)
    assert heads(found, "24.40") == (["Baker"], ["90"])
    signed = document(re.sub(r"(?<= )(\d+\.)", r"$\1", text), PLAIN)
    assert heads(signed, "$22.10") == (["Cook"], ["90"])


@pytest.mark.parametrize("rows", [("10", "25"), ("10", "25", "30")])
def test_other_numbers_over_figures_are_no_heads(rows: tuple[str, ...]) -> None:
    """Two may be anything, and 30 is no percentile that anybody prints."""
    line = "Job     " + "     ".join(rows)
    body = "\n".join(f"Cook    {'   '.join('$1' + r for r in rows)}" for _ in "ab")
    found = document(f"Wages\n\n{line}\n{body}\n", PLAIN)
    assert not any(b.head for b in found.blocks if b.row == 0 and b.column == 1)


HALVES = """Base pay of the year

                     LOW       MID      HIGH
Book keeper      $41,300   $46,800   $52,400
{label}
  transporter     31,650    35,150    39,850
Cook              30,100    33,900    38,200
"""


def test_a_label_on_two_lines_is_one() -> None:
    """The row below it is set further in."""
    found = document(HALVES.format(label="Patient care"), PLAIN)
    row, column = heads(found, "35,150")
    assert [" ".join(label.split()) for label in row] == ["Patient care transporter"]
    assert column == ["MID"]
    assert heads(found, "33,900") == (["Cook"], ["MID"])


@pytest.mark.parametrize(
    "label", ["Patients see us first.", "Notes of 2024", "x " * 30]
)
def test_a_sentence_between_rows_is_no_half_of_a_label(label: str) -> None:
    """Nor is a line with a number, or a long one."""
    found = document(HALVES.format(label=label), PLAIN)
    assert not any(
        label.strip() in found.text[b.start : b.end]
        for b in found.blocks
        if b.kind == "cell"
    )


@pytest.mark.parametrize(
    "row",
    [
        "Omaha, NE    -3.7%    Tucson, AZ    -6.2%",
        "Baker    $31,000    Cook    $33,400",
        "Day    $18    Night    $20    Weekend    $22",
    ],
)
def test_of_pairs_side_by_side_each_figure_has_its_own_label(row: str) -> None:
    """The second label of a row ends the first."""
    found = document(f"Off the average:\n\n{row}\n{row.replace('3', '4')}\n", PLAIN)
    cells = row.split("    ")
    for label, figure in zip(cells[::2], cells[1::2], strict=True):
        first = next(
            b for b in found.blocks if found.text[b.start : b.end] == figure.strip()
        )
        named = [found.blocks[i] for i in first.row_heads]
        assert [found.text[b.start : b.end] for b in named] == [label]


def test_a_remark_behind_a_figure_is_no_label() -> None:
    """Nothing stands behind it that it could be the label of."""
    found = document("Pay:\n\nBaker    $31,000    up a bit\nCook    $33,400    flat\n")
    assert not block(found, "up a bit").head


@pytest.mark.parametrize("letter", ["I", "İ"])
def test_letters_that_are_two_in_small_ones_move_no_table(letter):
    """`İ` is two characters in small letters: tables behind it are read whole."""
    rows = "<tr><th>Job</th><th>Pay</th></tr>\n<tr><td>Cook</td><td>$33,400</td></tr>"
    table = f"<table>\n{rows}\n</table>\n"
    found = document(f"{letter * 30}\n\n{table}\n{table}", MARKDOWN)
    cells = [found.text[b.start : b.end] for b in found.blocks if b.kind == "cell"]
    assert cells == ["Job", "Pay", "Cook", "$33,400"] * 2
