"""Payproof: published pay, from page to proof.

The stages, in the order the data meets them; each turns one noun into the next.

    fetch       Source    -> Payload         the only door to the network
    snapshot    Payload   -> Snapshot        the only writer of raw/
    read        Snapshot  -> Document, table one reader per media type
    extract     Document  -> Claims          knows no publisher
    sources     Snapshot  -> Claims          one file per publication
    normalise   Claims    -> draft           names no source
    validate    draft     -> Figures         the only maker of Figures
    reconcile   Figures   -> Curation        decides, and says why
    publish     Curation  -> curated/        the only writer there
    report      Curation  -> pages

`run` holds the order, `cli` the commands. Imports point down only:

    cli > serve | flows > causes > run > stages > ingest > inputs | live | standing >
    preview > deciding > site > answers > looking > cache | check | compare | drift |
    explain | impact | verify > publish | report | reconcile | validate | normalise |
    snapshot | fetch > sources | canonical > extract > read > card | checks | versions |
    shelf > watch | rulings > tables | vocabulary | store | plain > media > model >
    errors > schemas
"""
