# Read by ./payproof, ./test and .ci/run, with $here: the checkout. Gives `ready`, which
# makes the environment good for a kind of work, and $venv, where it is. With
# PAYPROOF_VENV that environment is taken as it is, and nothing is set up.
venv=${PAYPROOF_VENV:-$here/.venv}

# The first interpreter that is new enough; a name may exist and not start.
find_python() {
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1 </dev/null; then
            echo "$name"
            return 0
        fi
    done
    echo "No Python 3.11 or newer starts here: install one, or put it on PATH." >&2
    return 2
}

# Make the environment good for `run` (the command) or `dev` (the tests too).
ready() {
    [ -z "${PAYPROOF_VENV:-}" ] || return 0
    python=$(find_python) || exit 2
    "$python" "$here/scripts/environment.py" "$1" </dev/null || exit $?
}
