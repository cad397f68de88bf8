"""Letters like those of a phone, for pictures: relatives of Charter and of the system's sans, from Debian.

No machine without a screen has them. They stay in .build, and only this program's browser sees them.
"""

import os
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / ".build/fonts"
PACKAGES = ["fonts-sil-charis", "fonts-inter"]
FIRST = {"--font-display": "Charis SIL", "--font-text": "Inter"}


def fetch():
    """Before the browser starts. Where they cannot be had the pictures are made with what is there, and that is said."""
    if not (FOLDER / "usr").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=FOLDER, check=True, capture_output=True)
            for package in FOLDER.glob("*.deb"):
                subprocess.run(["dpkg", "-x", package, FOLDER], check=True)
        except (OSError, subprocess.CalledProcessError):
            print(f"no {' and '.join(PACKAGES)} here: the letters are those of this machine", file=sys.stderr)
            return
    settings = FOLDER / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include><dir>{FOLDER}/usr/share/fonts</dir></fontconfig>")
    os.environ["FONTCONFIG_FILE"] = str(settings)


def wear(phone):
    """They stand first among those that the page asks for."""
    def dress(route):
        answer = route.fetch()
        style = answer.text()
        for name, family in FIRST.items():
            style = re.sub(rf"({name}: )", rf'\1"{family}", ', style)
        route.fulfill(response=answer, body=style)

    phone.context.route("**/assets/tokens.css", dress)
