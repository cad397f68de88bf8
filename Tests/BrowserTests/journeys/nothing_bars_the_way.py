"""Every page of the guests', in both themes, on a phone and on a wide screen: axe finds nothing that bars the way of
somebody who sees, hears or moves otherwise."""

from bar import half
from look import check, everywhere


def journey(bar, browser):
    for theme in half(bar, ("dark", "light")):
        for width, height in ((390, 844), (1280, 800)):
            phone = browser.phone(bar, color_scheme=theme, viewport={"width": width, "height": height})
            for name, page in everywhere(bar, phone, f"Ana {theme} {width}"):
                check(page, f"{name}, {theme}, {width} px")
