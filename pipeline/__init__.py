"""Payproof: published pay, from page to proof.

A page becomes a snapshot, a snapshot claims, claims figures, figures cells, and cells
a release that people and programs ask. The rooms, in the order the data meets them:

    core        what every room may use: model, errors, files, tables, vocabularies
    archive     Source    -> Snapshot     the network, the clock and raw/
    read        bytes     -> Document     HTML, Markdown, text, JSON; tables
    extract     Document  -> Claims       what a page says about pay; knows no publisher
    sources     Snapshot  -> Claims       one publication each, its facts and its layout
    normalise   Claims    -> Figures      one footing; what breaks a rule is a reject
    rulings     rows that persons decided, and when they hold
    reconcile   Figures   -> Curation     verdicts, cells settled or contested, and why
    query       a published release, asked: check, explain, compare
    site        a release, drawn: the report and the analyst's pages
    review      what awaits a person: the queue, a ruling before it is recorded
    release     raw/      -> curated/     the order of the stages, gates and pointers
    serve       the API and the live pages
    cli         the `payproof` command

`schemas` holds the tables that go from room to room, `flows` the same path under
Prefect.

Imports point down only:

    cli > serve | flows > release > review > site > query > archive | reconcile >
    sources | rulings | normalise > extract > read > core > schemas
"""
