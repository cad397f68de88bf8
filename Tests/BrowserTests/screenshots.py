"""Writes what guests look at, in both rooms, on a phone and on a wide screen: `screenshots.py PROGRAM FOLDER`."""

import pathlib
import sys

from bar import Bar
from look import everywhere
from phone import Browser

ROOMS = {"night": "dark", "day": "light"}
SIZES = {"phone": (390, 844), "wide": (1280, 800)}


def main():
    program, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    bar = Bar(program, "localhost")
    browser = Browser()
    try:
        for room, scheme in ROOMS.items():
            for size, (width, height) in SIZES.items():
                phone = browser.phone(bar, color_scheme=scheme, viewport={"width": width, "height": height})
                for name, page in everywhere(bar, phone, f"Ana {room[0]}{size[0]}"):
                    page.screenshot(path=folder / f"{name.replace(' ', '-')}-{room}-{size}.png")
    finally:
        browser.close()
        bar.close()


main()
