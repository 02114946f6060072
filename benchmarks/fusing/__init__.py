"""The sections of benchmarks/fusion.py and benchmarks/fusion_panel.py."""
