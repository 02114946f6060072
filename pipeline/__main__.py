"""`python -m pipeline`: the `payproof` command."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
