"""Make a release of raw/: the order of the stages, the gates and the pointers."""
