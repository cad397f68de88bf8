"""Writes what guests and hosts look at, in both rooms, on a phone and on a wide screen, as WebP:

    screenshots.py PROGRAM FOLDER [PAGE...]
"""

import base64
import datetime
import pathlib
import shutil
import sys

import fonts
from bar import Bar, until
from phone import Browser

ROOMS = {"night": "dark", "day": "light"}
SIZES = {"phone": (390, 844), "wide": (1280, 800)}

TO_WEBP = """async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", .9).split(",")[1];
}"""
GO = "(hash) => import('/assets/sheet.js').then(({ goTo }) => goTo(hash))"


def nine_in_the_evening():
    """A time zone in which it is that now: greetings and clocks go by it."""
    hour = datetime.datetime.now(datetime.timezone.utc).hour
    east = (21 - hour + 12) % 24 - 12
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


class Album:
    """Makes pictures of pages, and files of them."""

    def __init__(self, folder, browser, wanted):
        self._folder, self._wanted = folder, wanted
        self._desk = browser.desk()
        self.bytes = 0

    def take(self, name, page, look):
        if self._wanted and name not in self._wanted:
            return
        page.mouse.move(0, 0)
        page.wait_for_timeout(700)
        picture = base64.b64encode(page.screenshot()).decode()
        data = base64.b64decode(self._desk.evaluate(TO_WEBP, picture))
        self._folder.joinpath(f"{name}-{look}.webp").write_bytes(data)
        self.bytes += len(data)


def furnish(bar):
    """An evening in full swing."""
    bar.ask("PUT", "/admin/settings", {"name": "The blue door"})
    bar.ask("PUT", "/admin/ingredients/Aperol", {"in_stock": False})
    queue = [("Tove", "Mojito", "in_progress"), ("Jonas", "Espresso Martini", "ready"), ("Ruth", "Paloma", "pending"),
             ("Maja", "Mojito", "pending"), ("Oskar", "Bramble", "pending")]
    for name, drink, status in queue:
        order = bar.ask("POST", "/admin/orders", {"guest_name": name, "drink_id": bar.drink(drink)["id"]})
        if status != "pending":
            bar.move(order, status)


def guest(bar, browser, album, look, settings):
    phone = browser.phone(bar, timezone_id=nine_in_the_evening(), **settings)
    fonts.wear(phone)
    page, name = phone.page, {"night-phone": "Ana", "night-wide": "Bea", "day-phone": "Cleo", "day-wide": "Dag"}[look]
    earlier(bar, phone, name)

    def show(what):
        album.take(what, page, look)

    page.get_by_role("searchbox").fill("lime")
    page.locator(".suggest .with").first.click()
    page.get_by_role("searchbox").fill("mint")
    page.locator(".suggest li").first.wait_for()
    page.evaluate("() => document.activeElement.blur()")
    show("search")
    page.get_by_role("searchbox").fill("")
    page.locator(".chip.want").click()
    page.evaluate("(id) => import('/assets/sheet.js').then(({ goTo }) => goTo('#/drink/' + id))",
                  bar.drink("Negroni")["id"])
    page.locator("dialog h1").get_by_text("Negroni").wait_for()
    show("drink")
    page.locator("dialog .sheet-act .primary").click()
    order = until(lambda: [one for one in bar.queue() if one["username"] == name], "it is in the queue")[0]
    page.locator(".order-bar").get_by_text("Negroni is in line").wait_for()
    page.locator(".toast").wait_for(state="hidden")
    page.evaluate("() => scrollTo(0, 0)")
    show("menu")
    page.evaluate(GO, f"#/order/{order['id']}")
    page.locator("dialog .steps").wait_for()
    show("order-in-line")
    bar.move(order, "in_progress")
    page.locator("dialog h1").get_by_text("Being mixed").wait_for()
    page.wait_for_timeout(1400)
    show("order-being-mixed")
    page.evaluate(GO, "#/orders")
    page.locator("dialog .order-row").first.wait_for()
    show("orders")
    bar.move(order, "ready")
    page.locator("dialog h1").get_by_text("Ready.").wait_for()
    show("order-ready")
    bar.move(order, "completed")
    page.evaluate(GO, "#/settings")
    page.get_by_role("heading", name="Your way").wait_for()
    show("settings")
    stranger = browser.phone(bar, timezone_id=nine_in_the_evening(), **settings)
    fonts.wear(stranger)
    stranger.open(bar.join_path)
    stranger.page.locator(".door .stand svg").last.wait_for()
    stranger.page.locator("#name").fill(name)
    album.take("door", stranger.page, look)
    stranger.context.close()


def earlier(bar, phone, name):
    """What this guest had before."""
    phone.join(name)
    for drink in ("Daiquiri", "Paloma"):
        bar.move(phone.order(drink), "completed")
    phone.page.reload()
    phone.page.locator(".drink-row svg").first.wait_for()


def host(bar, browser, album, look, settings):
    staff = browser.phone(bar, timezone_id=nine_in_the_evening(), **settings)
    page = staff.page
    fonts.wear(staff)
    staff.sign_in("/host")
    negroni = bar.drink("Negroni")["id"]
    for address, what, awaited in (
            ("/host", "board", "Tove"), ("/host#/menu", "host-menu", "Negroni"),
            (f"/host#/drink/{negroni}", "host-drink", "Campari"), ("/host#/shelf", "shelf", "Aperol"),
            ("/host#/guests", "guests", "here since"), ("/host#/print", "paper", "Negroni"),
            ("/host#/house", "house", "Name of the bar"), ("/host#/system", "system", "commands"),
            ("/board", "display", "Jonas")):
        page.goto(bar.origin + address)
        page.get_by_text(awaited).first.wait_for(state="attached")
        album.take(what, page, look)


def main():
    program, folder, *wanted = sys.argv[1:]
    folder = pathlib.Path(folder)
    if not wanted:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    fonts.fetch()
    bar = Bar(program, "localhost")
    browser = Browser()
    try:
        furnish(bar)
        album = Album(folder, browser, wanted)
        for room, scheme in ROOMS.items():
            for size, (width, height) in SIZES.items():
                settings = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
                guest(bar, browser, album, f"{room}-{size}", settings)
                host(bar, browser, album, f"{room}-{size}", settings)
        print(f"{len(list(folder.glob('*.webp')))} pictures, {album.bytes // 1000} kB")
    finally:
        browser.close()
        bar.close()


main()
