"""A guest joins, orders, and sees each move within a second of the host's tap, without a reload."""

import time

MEASURES_TIME = True


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    assert page.evaluate("() => isSecureContext") == bar.origin.startswith("http://localhost")
    order = phone.order("Negroni")
    assert order["username"] == "Ana"
    page.locator(".order-bar").get_by_text("Negroni is in line").wait_for()
    # It must not be the reload that shows it.
    page.evaluate("() => { window.stays = true; }")
    for status, place, words in [
            ("in_progress", ".order-bar", "Negroni is being mixed"), ("ready", "dialog[open] h1", "Ready."),
            ("completed", "dialog[open] h1", "Served")]:
        bar.move(order, status)
        moved = time.monotonic()
        page.locator(place).get_by_text(words, exact=True).wait_for()
        took = time.monotonic() - moved
        assert took < 1, f"{status} was seen after {took:.2f} s"
    assert page.evaluate("() => window.stays")
