"""The host writes a drink with a photo; nothing of it is lost by a reload, and a guest's open page shows it."""

import re
import struct
import zlib

from bar import until

WIDTH, HEIGHT = 2400, 1800


def picture():
    """A PNG that is larger than what is sent."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * 255 // WIDTH for x in range(WIDTH))) for _ in range(HEIGHT))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def journey(bar, browser):
    guest = browser.phone(bar)
    guest.join("Ana")
    guest.page.locator(".drink-row").first.wait_for()
    guest.page.evaluate("() => { window.stays = true; }")

    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/menu")
    page = host.page
    page.get_by_role("button", name="Add a drink to Sours").click()
    name = page.locator("input.name")
    name.fill("Ana\u2019s <b>sour</b>")
    page.get_by_role("button", name="Add an ingredient").click()
    page.keyboard.type("lemon j")
    page.get_by_role("option", name="Lemon juice").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Amount of Lemon juice").fill("22,5")
    page.get_by_role("button", name="Add an ingredient").click()
    page.keyboard.type("Gin")
    page.keyboard.press("Escape")
    page.get_by_label("Amount of Gin").fill("45")
    page.get_by_role("button", name="More Gin").click()
    page.get_by_text("Coupe", exact=True).click()
    page.get_by_role("button", name="Add a step").click()
    page.keyboard.type("Shake hard, and strain.")
    page.get_by_role("button", name=re.compile("by the recipe. Use it")).click()
    page.locator(".preview .name").get_by_text("Ana\u2019s <b>sour</b>").first.wait_for()
    assert page.locator(".preview b").count() == 0
    with page.expect_request(lambda request: request.method == "PUT" and "/images/uploads/" in request.url) as sent:
        page.locator("input[type=file]").first.set_input_files(
            {"name": "sour.png", "mimeType": "image/png", "buffer": picture()})
    page.get_by_text("The photo is at the bar. Save to show it to guests.").wait_for()
    assert sent.value.headers["content-type"] == "image/jpeg"

    page.reload()
    page.get_by_text("is still here, not saved.").wait_for()
    assert name.input_value() == "Ana\u2019s <b>sour</b>"
    assert not [drink for drink in bar.ask("GET", "/admin/drinks") if "sour</b>" in drink["name"]]
    # An answer that is lost: what is sent again is the same drink. Only the browser finds bar.test.
    if bar.host == "localhost":
        page.route("**/admin/drinks", lambda route: (route.fetch(), route.abort())
                   if route.request.method == "POST" else route.continue_())
        with host.trouble():
            page.keyboard.press("Control+s")
            page.get_by_text("The bar did not answer. Try again.").wait_for()
        page.unroute("**/admin/drinks")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"#/drink/[0-9a-f-]{36}$"))

    row = guest.page.locator(".drink-row", has_text="Ana\u2019s <b>sour</b>")
    row.scroll_into_view_if_needed()
    row.locator(".picture[data-shows=photo]").wait_for()
    assert len([one for one in bar.ask("GET", "/admin/drinks") if "sour</b>" in one["name"]]) == 1
    size = row.locator("img").evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert size == [1600, 1200], size
    assert guest.page.evaluate("() => window.stays")
    drink = bar.drink("Ana\u2019s <b>sour</b>")
    assert [(line["name"], line["amount"], line["unit"]) for line in drink["ingredients"]] == [
        ("Lemon juice", 22.5, "ml"), ("Gin", 50, "ml")], drink["ingredients"]
    assert (drink["glass"], drink["recipe_steps"]) == ("coupe", ["Shake hard, and strain."]), drink
    assert 10 < drink["abv"] < 40, drink["abv"]

    # What is wrong is said beside its field, and nothing is stored.
    page.get_by_label("Amount of Gin").fill("a bit")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Write a number here.").wait_for()
    assert [line["amount"] for line in bar.drink("Ana\u2019s <b>sour</b>")["ingredients"]] == [22.5, 50]
    page.get_by_label("Amount of Gin").fill("50")
    name.fill("")
    page.get_by_label("Strength in percent").fill("400")
    with host.trouble():
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("This must not be empty.").wait_for()
    page.get_by_text("From 0 to 100.").wait_for()
    assert name.evaluate("(input) => input === document.activeElement")
    assert bar.drink("Ana\u2019s <b>sour</b>")["abv"] == drink["abv"]
    page.get_by_role("button", name="Discard").click()
    assert name.input_value() == "Ana\u2019s <b>sour</b>"

    # A step that goes elsewhere takes its translations along.
    other = bar.drink("Margarita")
    spanish = other["translations"]["es"]["recipe_steps"]
    page.goto(f"{bar.origin}/host#/drink/{other['id']}")
    page.get_by_role("button", name="Step 1: later").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Guests see changes at once.").wait_for()
    other = bar.drink("Margarita")
    assert other["translations"]["es"]["recipe_steps"] == [spanish[1], spanish[0], *spanish[2:]], other
    page.goto(f"{bar.origin}/host#/drink/{drink['id']}")

    # The photo is taken off, and the drawing is back.
    page.get_by_role("button", name="Take it off").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Guests see changes at once.").wait_for()
    row.locator("img").wait_for(state="detached")
    until(lambda: bar.drink("Ana\u2019s <b>sour</b>")["image_url"] is None, "the photo is off")
