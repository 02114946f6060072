"""Made pages about pay, as sites serve them: seeded, varied, no two alike.

The make-up is that of real pages: of the bytes about a quarter is text, of that two
thirds the article; the rest is markup (20 tags to the KB, nested ten deep), styles and
scripts; menus, cards, forms and footers stand around it. An article has three or four
figures to the KB of its text: official profiles of occupations have one or two, dense
pay guides five to ten. Prose, lists, tables and questions take turns; most sentences
have no figure. A page of another size has the same make-up.
"""

import json
import random
from collections.abc import Iterator

PAGE_BYTES = 60_000
ARTICLE_SHARE = 0.20  # of the bytes, its own markup included
JOBS = (
    "welder|registered nurse|medical coder|truck driver|paralegal|dental hygienist"
    "|civil engineer|electrician|pharmacy technician|data analyst|respiratory therapist"
    "|social worker|machinist|court reporter|veterinary technician|surveyor"
)
STATES = (
    "Ohio|Texas|Oregon|Maine|Georgia|Nevada|Iowa|Utah|Vermont|Kansas|Alabama|Idaho"
    "|New York|California|Michigan|Virginia|Arizona|Montana|Delaware|Florida"
)
HOUSES = (
    "the Bureau of Labor Statistics|Payscale|Glassdoor|Indeed|Salary.com|Robert Half"
    "|ZipRecruiter|the Economic Research Institute"
)
WHO = (
    "Most people|Newcomers|Employers|Larger firms|Small offices|Hiring managers"
    "|Senior staff|Night crews|Contractors|Union members|Recruiters|Career changers"
)
DO = (
    "look for|rely on|ask about|care more for|learn to value|plan around|write down"
    "|talk openly of|overlook|underrate|come back to|set great store by"
)
WHAT = (
    "a steady hand|clear records|the length of the shift|a good mentor|local demand"
    "|the cost of living|a short commute|the next certificate|time on call|travel"
    "|the software in use|a written offer|overtime rules|room to grow|safe habits"
)
WHEN = (
    "before they sign anything|in the first months|once the work gets busy"
    "|when a position opens nearby|after a year or so|in smaller towns"
    "|as the field changes|whenever budgets are tight|during the yearly review"
)
STAGES = "Entry level|Early career|Mid-career|Experienced|Late career"
ITEMS = "guides|jobs|courses|interviews|resume tips|news|reviews|tools|events|forums"


def pages(first: int, last: int, size: int = PAGE_BYTES) -> Iterator[bytes]:
    """Pages by number; a number gives the same page in every run."""
    for number in range(first, last):
        yield page(number, size)


def page(number: int, size: int = PAGE_BYTES) -> bytes:
    """One page of a size in bytes, to within a few dozen."""
    rng = random.Random(number)
    job = pick(rng, JOBS)
    parts = [f"<h1>{job.title()} salary: what the job pays in {pick(rng, STATES)}</h1>"]
    length = len(parts[0])
    while length < size * ARTICLE_SHARE:
        parts.append(section(rng, job))
        length += len(parts[-1])
    before = head(rng, job, number) + top(rng, size)
    after = aside(rng, size // 4000) + bottom(rng, size)
    body = (
        f'<main id="main"><div class="container"><div class="row"><div class="col-8">'
        f'<article class="post type-{rng.randrange(9)}"><div class="entry-content">'
        f"{''.join(parts)}</div></article></div>{after}"
    )
    rest = size - len(before) - len(body) - 40
    return f"{before}{body}{scripts(rng, rest)}</body></html>".encode()


def pick(rng: random.Random, words: str) -> str:
    """One of some phrases parted by strokes."""
    return rng.choice(words.split("|"))


def sentence(rng: random.Random) -> str:
    """A sentence without a figure; one in five has a link or a stressed word."""
    what = pick(rng, WHAT)
    marked = rng.random()
    if marked < 0.1:
        what = f'<a href="/topics/{rng.randrange(999)}">{what}</a>'
    elif marked < 0.2:
        what = f"<em>{what}</em>"
    joined = f" and {pick(rng, WHAT)}" if rng.random() < 0.5 else ""
    return f"{pick(rng, WHO)} {pick(rng, DO)} {what}{joined} {pick(rng, WHEN)}."


def text(rng: random.Random, many: int) -> str:
    """Running text without figures."""
    return " ".join(sentence(rng) for _ in range(many))


def paid(rng: random.Random, job: str, base: int) -> str:
    """A sentence with one to three figures about pay, or about what is not pay."""
    year, place, house = 2019 + rng.randrange(6), pick(rng, STATES), pick(rng, HOUSES)
    forms = (
        f"According to {house}, the median annual wage for {job}s was "
        f"<strong>${base:,}</strong> in May {year}.",
        f"The lowest 10 percent earned less than ${base * 7 // 10:,}, and the highest "
        f"10 percent earned more than ${base * 15 // 10:,}.",
        f"In {place}, {job}s make between ${base * 8 // 10:,} and "
        f"${base * 12 // 10:,} a year.",
        f"A survey by {house} puts the average at ${base / 2080:.2f} an hour.",
        f"Pay rose {rng.randrange(2, 9)}.{rng.randrange(10)}% from the year before, to "
        f"${base:,}.",
        f"A certificate adds about ${base // 1000 * 100:,} to yearly pay.",
        f"The exam costs ${rng.randrange(100, 700)}, and a course up to "
        f"${rng.randrange(1, 9) * 500:,}.",
        f"With five years of experience, a {job} earns ${base // 1000}K or more.",
    )
    return rng.choice(forms)


def section(rng: random.Random, job: str) -> str:
    """A section of the article under its heading."""
    base = rng.randrange(360, 900) * 100
    made = rng.choice((prose, prose, prose, listed, table, asked))(rng, job, base)
    heading = f"{job.title()} {pick(rng, 'pay|salary|earnings')} in {pick(rng, STATES)}"
    return f'<section class="s{rng.randrange(40)}"><h2>{heading}</h2>{made}</section>'


def prose(rng: random.Random, job: str, base: int) -> str:
    """Two to four paragraphs with a few figures among them."""
    out = []
    for _ in range(rng.randrange(2, 5)):
        said = f"{text(rng, rng.randrange(1, 4))} {paid(rng, job, base)}"
        out.append(f"<p>{said} {text(rng, rng.randrange(2, 5))}</p>")
    return "".join(out)


def listed(rng: random.Random, job: str, base: int) -> str:
    """A list of pay by experience, and a list without figures."""
    rows = [
        f"<li><strong>{stage}:</strong> ${base * (7 + n) // 10:,} to "
        f"${base * (8 + n) // 10:,}</li>"
        for n, stage in enumerate(STAGES.split("|"))
    ]
    plain = "".join(f"<li>{sentence(rng)}</li>" for _ in range(rng.randrange(3, 7)))
    led = f"<p>{text(rng, 3)} Pay by experience:</p>"
    return f"{led}<ul>{''.join(rows[: rng.randrange(3, 6)])}</ul><ul>{plain}</ul>"


def table(rng: random.Random, job: str, base: int) -> str:
    """A table of pay by state, in the year and in the hour."""
    rows = "".join(
        f"<tr><td>{state}</td><td>${base + n * 700:,}</td>"
        f"<td>${(base + n * 700) / 2080:.2f}</td></tr>"
        for n, state in enumerate(rng.sample(STATES.split("|"), rng.randrange(3, 7)))
    )
    head = "<tr><th>State</th><th>Annual mean wage</th><th>Hourly</th></tr>"
    shown = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f'<p>{text(rng, 4)}</p><div class="table-wrap">{shown}</div>'


def asked(rng: random.Random, job: str, base: int) -> str:
    """Questions and answers, most of them without a figure."""
    out = []
    for n in range(rng.randrange(2, 5)):
        answer = paid(rng, job, base) if n == 0 else text(rng, 2)
        question = f"What should a {job} know about {pick(rng, WHAT)}?"
        out.append(
            f'<div class="faq"><h3>{question}</h3><div class="faq-a"><p>{answer} '
            f"{text(rng, 2)}</p></div></div>"
        )
    return "".join(out)


def head(rng: random.Random, job: str, number: int) -> str:
    """The document's head: title, metadata, links, style, linked data."""
    names = ("description", "og:title", "og:type", "og:site_name", "twitter:card")
    metas = "".join(f'<meta name="{n}" content="{text(rng, 1)}">' for n in names)
    links = "".join(
        f'<link rel="preload" href="/a/{n}.js" as="script">' for n in "abcd"
    )
    style = "".join(
        f".c{n}{{margin:{rng.randrange(40)}px;color:#{rng.randrange(1 << 24):06x}}}"
        for n in range(60)
    )
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": f"{job.title()} salary",
            "author": {"@type": "Person", "name": pick(rng, STATES)},
            "datePublished": f"2024-0{rng.randrange(1, 10)}-11",
        }
    )
    return (
        f'<!doctype html><html lang="en-US"><head><meta charset="utf-8">'
        f"<title>{job.title()} salary guide {number}</title>{metas}{links}"
        f"<style>{style}</style>"
        f'<script type="application/ld+json">{data}</script></head><body class="p">'
    )


def top(rng: random.Random, size: int) -> str:
    """What stands over the page: cookies, a menu of menus, where the page is."""
    menus = "".join(menu(rng, 9) for _ in range(size // 7000))
    crumbs = "".join(
        f'<li><a href="/{n}">{n.title()}</a></li>' for n in ("home", "pay")
    )
    return (
        f'<div class="cookie-banner"><p>{text(rng, 2)}</p><button>Accept</button></div>'
        f'<header class="site-header"><div class="inner"><nav class="main-nav"><ul>'
        f'{menus}</ul></nav></div></header><ol class="breadcrumb">{crumbs}</ol>'
    )


def menu(rng: random.Random, many: int) -> str:
    """An entry of a menu with a menu of its own."""
    links = "".join(
        f'<li class="menu-item"><a href="/g/{rng.randrange(9999)}">'
        f"{pick(rng, JOBS).title()} {pick(rng, ITEMS)}</a></li>"
        for _ in range(many)
    )
    return (
        f'<li class="menu-item has-sub"><a href="#">{pick(rng, ITEMS).title()}</a>'
        f'<div class="sub"><ul class="sub-menu">{links}</ul></div></li>'
    )


def aside(rng: random.Random, many: int) -> str:
    """Cards that lead to other pages, beside the article."""
    cards = "".join(
        f'<div class="card"><div class="card-in"><a href="/n/{rng.randrange(9999)}">'
        f'<img src="/i/{rng.randrange(999)}.jpg" alt="" loading="lazy"></a>'
        f'<div class="card-body"><h4><a href="/x">{pick(rng, JOBS).title()} jobs</a>'
        f"</h4><p>{sentence(rng)}</p>"
        f'<span class="date"><time>{rng.randrange(1, 28)} May</time></span></div></div>'
        f"</div>"
        for _ in range(many)
    )
    return f'<div class="col-4"><aside class="related-posts">{cards}</aside></div>'


def bottom(rng: random.Random, size: int) -> str:
    """Share buttons, a form for a newsletter, and the footer."""
    icon = "M" + " ".join(f"{rng.randrange(99)}.{rng.randrange(9)}" for _ in range(30))
    share = "".join(
        f'<a class="btn" href="#{n}"><svg viewBox="0 0 24 24"><path d="{icon}"/></svg>'
        f"<span>{n}</span></a>"
        for n in ("Share", "Post", "Mail", "Print")
    )
    columns = "".join(
        f'<div class="f-col"><ul>{menu(rng, 5)}</ul></div>'
        for _ in range(size // 15_000)
    )
    return (
        f'<div class="share-buttons">{share}</div><form class="newsletter"><label>'
        f'{sentence(rng)}</label><input type="email"><button>Send</button></form>'
        f'</div></div></main><footer class="site-footer"><div class="inner">{columns}'
        f"<p>{text(rng, 3)}</p></div></footer>"
    )


def scripts(rng: random.Random, room: int) -> str:
    """What is left of the page's bytes, as the scripts at its end."""
    calls = []
    while room > 120:
        name, value = rng.randrange(1 << 30), rng.randrange(1 << 20)
        calls.append(f'q.push({{"event":"e{name:x}","value":{value},"on":true}});')
        room -= len(calls[-1])
    return f"<script>{''.join(calls)}</script>"
