#!/bin/sh
# Finds a Python that is new enough and hands over to setup.py. Nothing else is needed to begin.
here=$(dirname "$0")
# The system's own Python first: its modules are complete, and a version manager's shim may point anywhere.
for python in /usr/bin/python3 python3 python3.11 python3.12 python3.13 python3.14; do
    if "$python" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -E -s -B "$here/setup.py" "$@"
    fi
done
echo "DevPulse needs Python 3.11 or newer, and found none." >&2
echo "On Debian 12 or newer: apt-get install python3 python3-venv" >&2
exit 1
