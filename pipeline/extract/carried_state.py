"""What a sentence leaves for the next one of its block: topic, place, publisher, date.

A field that a sentence says nothing of stays as it was; one that it names two of, or
whose publisher it changes, is open again.
"""

from pipeline.extract import kind_cues
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.date_field import find_line_dates
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.figure_attribution import is_first_person
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.non_pay_amounts import IN_PASSING
from pipeline.extract.occupation_mentions import find_subjects
from pipeline.extract.official_references import name_office
from pipeline.extract.pay_context import has_source_or_statistic, is_scene_opening
from pipeline.extract.publisher_mentions import find_publishers, has_source_cue
from pipeline.extract.tagged_lines import TaggedLine

BACK_REFERENCES = frozenset(("both", "these", "those", "all", "source", "sources"))
OWN_WORDS = frozenset(
    ("i'm", "i’m", "i've", "i’ve", "we're", "we’re", "we've", "we’ve")
)
FRAGMENT = 7  # words, and marks among them, of a line that only says where and who
BACK_SUBJECTS, BACK_VERBS = (["that"], ["it"], ["this"]), (["was"], ["is"])


def update_sentence_state(
    page: IndexedPage, read: TaggedLine, made: list[Draft], before: SentenceState
) -> None:
    """Update what a sentence leaves for the next.

    Args:
        page: Where it stands.
        read: The sentence, with its figures.
        made: Its drafts.
        before: What the sentences before it left; it is changed.
    """
    live = [d for d in made if not d.aside]
    named = [m for m in find_publishers(read) if made or has_source_cue(read, m)]
    if not named and not made:
        named = name_office(read, page.last_official)
    if named:
        _carry_publisher(read, made, named[-1], before)
        if named[-1].means in page.words.official_publishers:
            page.last_official = named[-1].means
    _carry_area(read, live, before, credited=bool(named))
    for mention in find_subjects(read, page.words, page.occupation):
        before.occupation = mention.means
    _carry_date(read, before, credited=bool(named))
    before.in_imagined_scene = is_scene_opening(read) or (
        before.in_imagined_scene and not has_source_or_statistic(read)
    )
    before.topic = _find_topic_to_carry(read, made, live) or before.topic
    before.centre = "" if made else _find_centre(read) or before.centre
    before.drafts = live or before.drafts


def _find_centre(read: TaggedLine) -> str:
    """Return the mean or median that a sentence names and gives no figure of."""
    names = {m.means for m in read.get_mentions("statistics")}
    return names.pop() if names in ({"mean"}, {"median"}) else ""


def _carry_publisher(
    read: TaggedLine, made: list[Draft], last: Mention, before: SentenceState
) -> None:
    """Credit the publisher named last; one of a source line has the figures before."""
    if not made and _is_back_reference(read):
        rule = "publisher of the sentence behind"
        for draft in before.drafts:
            draft.set_field("attributed_to", last.means, rule, "sentence", last)
        _date_back(read, before)
    before.publisher = (last.means, last.start)


def _date_back(read: TaggedLine, before: SentenceState) -> None:
    """Date the figures before by `That was the Bureau's median for May 2016.`."""
    dates = {date.means for date in find_line_dates(read)}
    for draft in before.drafts if len(dates) == 1 else ():
        rule = "date of the sentence behind"
        (date,) = dates
        draft.set_field("reference_period", date, rule, "sentence", text=date)


def _is_back_reference(read: TaggedLine) -> bool:
    """`(Both are BLS numbers.)`, `Source: BLS.`: of the figures before it."""
    if not BACK_REFERENCES.isdisjoint(read.texts[:3]):
        return True
    return read.texts[:1] in BACK_SUBJECTS and read.texts[1:2] in BACK_VERBS


def _carry_area(
    read: TaggedLine, live: list[Draft], before: SentenceState, *, credited: bool
) -> None:
    """Leave the place of the last figure, or the only one that the sentence names."""
    places = find_areas(read)
    if live and "area" in live[-1].fields:
        if live[-1].why["area"].where == "sentence":
            before.area = live[-1].fields["area"]
    elif len({m.means for m in places}) == 1:
        before.area = places[0].means
    if places:
        before.places |= {m.means for m in places}
        holds = before.area_holds or _is_opened_by(read, places[0])
        holds = holds or _is_of_writer(read, live, places[-1], credited=credited)
        before.area_holds = holds and len(before.places) == 1
    elif credited:
        before.area_holds = False


def _is_opened_by(read: TaggedLine, place: Mention) -> bool:
    """`In Ohio, …`: the place that a sentence opens with holds for those behind it."""
    return place.first <= 2 and "in" in read.get_words_between(0, place.first)


def _is_of_writer(
    read: TaggedLine, live: list[Draft], place: Mention, *, credited: bool
) -> bool:
    """`Tulsa, Oklahoma.`, `I'm a fitter in Dover`: where a writer is, who goes on."""
    if credited:
        return False
    if not OWN_WORDS.isdisjoint(read.texts):
        return True
    # `We sell pipes in Macon` says where they sell, and not where they are.
    if is_first_person(read) and not read.lists["whereabouts"].isdisjoint(read.texts):
        return True
    return not live and is_place_line(read, place)


def is_place_line(read: TaggedLine, place: Mention) -> bool:
    """Return whether the last line of a sentence says where, and little else."""
    floor = read.text.rfind("\n", read.start, place.start) + 1
    words = [word for word in read.words if word.start >= floor]
    at = [word.start for word in words]
    ends = place.start == at[0] or place.end >= words[-1].start
    return ends and len(words) <= FRAGMENT


def _carry_date(read: TaggedLine, before: SentenceState, *, credited: bool) -> None:
    """Leave the one date of a sentence; none where it has several, or a publisher."""
    found = find_line_dates(read)
    if len({w.means for w in found}) == 1:
        before.reference_date = found[0].means
    elif found or credited:
        before.reference_date = None


def _find_topic_to_carry(
    read: TaggedLine, made: list[Draft], live: list[Draft]
) -> FigureKind | None:
    """Return a sentence's topic: its first figure's kind, or its last strong word."""
    live = [d for d in live if d.kind != "share"] or live
    strong = read.list_strong_topics()
    if {d.kind for d in live} == {"share"} and {m.means for m in strong} == {"bonus"}:
        # `46 % had a bonus. The average was $870.`
        return FigureKind("bonus", None, "", "sentence", strong[-1])
    if live and live[0].verdict is not None:
        return _make_topic_of_figure(live[0], live[0].verdict)
    if made or not strong or strong[-1].means in ("other", "outlook", "floor"):
        return None
    kind = strong[-1].means
    return FigureKind(
        "pay_level" if kind == "pay" else kind, None, "", "sentence", strong[-1]
    )


def _make_topic_of_figure(draft: Draft, verdict: FigureKind) -> FigureKind | None:
    """Return the topic that a figure leaves: a raise leaves pay, a share nothing."""
    kind = draft.kind
    if kind in ("pay_delta_abs", "pay_delta_rel"):
        return FigureKind("pay_level", None, "", "sentence", verdict.cue)
    told = kind == "other" and not draft.fields.get("hypothetical")
    told = told and verdict.rule not in (kind_cues.PIECE_RULE, *IN_PASSING)
    if told or kind in ("cost", "bonus", "pay_level"):
        return FigureKind(kind, None, "", "sentence", verdict.cue)
    return None
