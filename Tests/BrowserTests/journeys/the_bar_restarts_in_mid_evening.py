"""The front, the projector and at last every process end and come back; the page goes on by itself, without a reload."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    shown = page.locator(".order-bar")
    shown.get_by_text("Negroni is in line").wait_for()
    page.evaluate("() => { window.stays = true; }")
    with phone.trouble():
        bar.kill("front")
        until(lambda: bar.is_open(), "the front is back", seconds=20)
        bar.move(order, "in_progress")
        shown.get_by_text("being mixed", exact=False).first.wait_for(timeout=15_000)
        bar.kill("projector notifications")
        bar.move(order, "ready")
        page.locator("dialog[open] h1").get_by_text("Ready.").wait_for(timeout=15_000)
        bar.restart()
        bar.move(order, "completed")
        page.locator("dialog[open] h1").get_by_text("Served").wait_for(timeout=30_000)
    assert page.evaluate("() => window.stays")
