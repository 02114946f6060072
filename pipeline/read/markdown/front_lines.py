"""Tell what the front matter of a page says of its subject from what sets it up.

`description: Pilots earn $120,000` and `compensation: $15/hr` are read; tags, paths and
the like are furniture. A title is read as the page's title.
"""

import re

from pipeline.read.text_lines import LineScanner

# Fields of prose, and fields of pay, whose name says what their value is.
PROSE = re.compile(
    r"(?i)(?:sub_?title|description|summary|excerpt|standfirst|tagline|dek|abstract)"
    r"[ \t]*:[ \t]*(?:[>|][-+]?[ \t]*$|[\"'])?"
)
PAY = re.compile(
    r"(?i)(?:base_|annual_|hourly_)?(?:compensation|salary|salaries|wages?|pay|stipend)"
    r"(?:[_ ]?(?:range|rate|scale|min(?:imum)?|max(?:imum)?))?[ \t]*:"
)
CLOSING = "\"' "


def add_front_blocks(scan: LineScanner, close: int) -> None:
    """Add front matter to the outline: what is said in it, and between it furniture.

    Args:
        scan: At the first `---` line.
        close: Number of the line that closes it.
    """
    start = scan.lines[0].start
    at = 1
    while at < close:
        line = scan.lines[at]
        prose, pay = PROSE.match(line.text), PAY.match(line.text)
        begin = line.start + (prose.end() if prose else 0)
        last = at
        while last + 1 < close and scan.lines[last + 1].text[:2] == "  ":
            last += 1
        end = scan.lines[last].text_end
        end -= len(scan.text[begin:end]) - len(scan.text[begin:end].rstrip(CLOSING))
        if (prose or pay) and scan.text[begin:end].strip():
            begin += len(scan.text[begin:end]) - len(scan.text[begin:end].lstrip())
            scan.outline.add("pre", start, begin, furniture="header")
            scan.outline.add("paragraph", begin, end)
            start = end
        at = last + 1
    scan.outline.add("pre", start, scan.lines[close].end, furniture="header")
