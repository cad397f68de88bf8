"""Two taps where one was meant: one order, and one step back, on the menu, on its sheets, and before the page is ready."""

import time

from bar import until

PRESS_TWICE = "button => { button.click(); button.click(); }"


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    phone.join("Ana")
    ordered = lambda count: until(lambda: len(bar.queue()) >= count and len(bar.queue()) == count, f"{count} in line")
    ring = page.get_by_role("button", name="Order: Negroni", exact=True)
    closed = lambda: page.locator("dialog[open]").wait_for(state="detached")

    ring.dblclick()
    page.locator(".toast").get_by_text("Negroni is in line.").wait_for()
    ordered(1)

    # The sheet is there once more, and the page as well.
    page.locator(".drink-row a").get_by_text("Daiquiri", exact=True).click()
    page.locator(".sheet-act .primary").evaluate(PRESS_TWICE)
    page.locator(".toast").get_by_text("Daiquiri is second in line.").wait_for()
    closed()
    ordered(2)
    page.locator(".drink-row a").get_by_text("Daiquiri", exact=True).click()
    # A thumb at the edge of the screen closes nothing.
    page.mouse.click(5, 400)
    page.wait_for_timeout(200)
    assert page.locator("dialog[open] h1").inner_text() == "Daiquiri"
    page.get_by_role("link", name="Back to the menu").evaluate(PRESS_TWICE)
    closed()
    page.locator(".order-bar").wait_for()

    # Again, from the order: what lies over the menu is done with.
    time.sleep(.5)
    for order in bar.queue():
        bar.move(order, "completed")
    page.goto(f"{bar.origin}/#/order/{order['id']}")
    page.get_by_role("button", name="Order it again").evaluate(PRESS_TWICE)
    closed()
    ordered(1)

    # Nothing happens at first on a slow line.
    held = []
    page.route("**/guest-acts.js", lambda route: held.append(route))
    page.goto(bar.origin + "/?", wait_until="commit")
    for _ in range(3):
        ring.click()
    page.wait_for_timeout(200)
    for route in held:
        route.fallback()
    page.locator(".toast").get_by_text("Negroni is second in line.").wait_for()
    ordered(2)

    # Who comes in only to order is back at the menu then, with one drink on its way.
    stranger = browser.phone(bar)
    stranger.open("/")
    stranger.page.locator(".drink-row a").get_by_text("Daiquiri", exact=True).click()
    stranger.page.locator("#note").fill("No straw")
    stranger.page.locator(".sheet-act .primary").evaluate(PRESS_TWICE)
    stranger.page.locator("#code").fill(bar.first_run["registration_code"])
    stranger.come_in("Bea")
    stranger.page.locator(".toast").get_by_text("Daiquiri is third in line.").wait_for()
    ordered(3)
    assert bar.queue()[-1]["note"] == "No straw", bar.queue()[-1]
    assert stranger.page.locator("dialog[open]").count() == 0
