"""Runs one journey: `run.py PROGRAM HOST JOURNEY`. Exit code 1 and the reason where it fails.

A journey is a function in a file `journeys/NAME.py`, called `journey(bar, browser)`. After it no phone may have
complained: no error on the console, nothing that the page's policy forbids, no request to another server.

It is gone to both addresses at once, unless its file says `MEASURES_TIME = True`.
"""

import importlib
import pathlib
import sys
import traceback

from bar import Bar
from phone import Browser


def main():
    program, host, name = sys.argv[1:]
    sys.path.insert(0, str(pathlib.Path(__file__).parent / "journeys"))
    journey = importlib.import_module(name).journey
    bar = Bar(program, host)
    browser = Browser()
    try:
        journey(bar, browser)
        complaints = [complaint for phone in browser.phones for complaint in phone.complaints]
        assert not complaints, "the page complained:\n" + "\n".join(complaints)
    except Exception:
        traceback.print_exc()
        print(bar.notes, file=sys.stderr)
        sys.exit(1)
    finally:
        browser.close()
        bar.close()


main()
