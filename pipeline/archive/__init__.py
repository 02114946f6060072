"""Publishers to raw/: fetch what is due, keep it as snapshots, report its age."""
