"""The display on the wall: a name within a second, through restarts of every process and a night of new tokens."""

import time

from bar import until

MEASURES_TIME = True

PASSWORD = "wall-of-the-kitchen"


def journey(bar, browser):
    bar.ask("POST", "/admin/accounts", {"username": "wall", "role": "bartender", "password": PASSWORD})
    display = browser.phone(bar, viewport={"width": 1920, "height": 1080})
    page = display.page
    page.clock.install()
    display.sign_in("/board", "wall", PASSWORD)
    page.get_by_text("What will it be?").wait_for()
    page.locator(".join .qr").wait_for()
    page.evaluate("() => { window.stays = true; }")

    first = order(bar, "Maja", "Mojito")
    page.locator(".line").get_by_text("Maja").wait_for()
    bar.move(first, "in_progress")
    page.locator(".mix").get_by_text("Maja").wait_for()
    assert shown_within(page, lambda: bar.move(first, "ready"), "Maja") < 1
    page.get_by_text("Your Mojito is ready.").wait_for()
    second = order(bar, "Oskar <b>", "Negroni", 2)
    assert shown_within(page, lambda: bar.move(second, "ready"), "Oskar <b>") < 1
    page.get_by_text("Your 2 \u00d7 Negroni are ready.").wait_for()
    page.locator(".rest").get_by_text("Maja").wait_for()

    bar.ask("PUT", "/admin/bar", {"accepting_orders": False, "message": "Back after the cake"})
    page.get_by_text("Back after the cake").wait_for()
    bar.ask("PUT", "/admin/bar", {"accepting_orders": True, "message": ""})

    with display.trouble():
        bar.restart()
        third = order(bar, "Ruth", "Daiquiri")
        bar.move(third, "ready")
        on_plate(page, "Ruth").wait_for(timeout=30_000)

    # The night goes by: the tokens are over, by the display's own clock.
    def access():
        return page.evaluate("() => JSON.parse(localStorage['barback.staff']).access")

    for hour in range(3):
        before = access()
        page.clock.fast_forward("01:05:00")
        until(lambda: access() != before, "another token")
        # Its stream has been silent for an hour, by its clock: it takes another.
        bar.move(order(bar, f"Guest {hour}", "Mojito"), "ready")
        on_plate(page, f"Guest {hour}").wait_for()
    last = order(bar, "Noor", "Mojito")
    assert shown_within(page, lambda: bar.move(last, "ready"), "Noor") < 1

    # The code at the door is another now.
    drawn = page.locator(".join path").get_attribute("d")
    bar.ask("DELETE", f"/admin/registration-codes/{bar.ask('GET', '/admin/join-code')['id']}")
    page.clock.fast_forward("00:30")
    until(lambda: page.locator(".join path").get_attribute("d") != drawn, "the code that lets guests in")

    assert page.evaluate("() => window.stays"), "nobody has touched it"
    page.keyboard.press("Escape")
    with display.trouble():  # What was being asked meanwhile is refused.
        page.get_by_role("button", name="Sign out").click()
        page.locator("#username").wait_for()


def order(bar, guest, drink, quantity=1):
    return bar.ask("POST", "/admin/orders", {
        "guest_name": guest, "drink_id": bar.drink(drink)["id"], "quantity": quantity})


def on_plate(page, name):
    return page.locator(".newest h2").get_by_text(name, exact=True)


def shown_within(page, act, name):
    act()
    began = time.monotonic()
    on_plate(page, name).wait_for(timeout=5_000)
    return time.monotonic() - began
