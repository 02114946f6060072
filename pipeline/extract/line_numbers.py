"""Numbers in the margin of a text whose lines are counted, as bills and briefs have."""

import re
from itertools import pairwise

NUMBERED = re.compile(r"^[ \t]{0,8}(\d{1,4})(?=[ \t]+\S)", re.M)
FEWEST = 12  # lines counted in a row; fewer may be a list


def mask_line_numbers(text: str) -> str:
    """Return a text with the numbers of its counted lines made blank.

    Offsets stay. `thirty-two` over `27 thousand dollars` is then one number, and no
    27,000 dollars stand there.
    """
    found = list(NUMBERED.finditer(text))
    counted: list[re.Match[str]] = []
    run = found[:1]
    for before, after in pairwise(found):
        between = text.count("\n", before.end(), after.start())
        if int(after[1]) == int(before[1]) + 1 and between < 3:
            run.append(after)
            continue
        counted += run if len(run) >= FEWEST else []
        run = [after]
    counted += run if len(run) >= FEWEST else []
    parts, at = [], 0
    for match in counted:
        parts += [text[at : match.start(1)], " " * len(match[1])]
        at = match.end(1)
    return "".join([*parts, text[at:]]) if counted else text
