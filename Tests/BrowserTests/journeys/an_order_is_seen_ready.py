"""A guest joins, orders, and sees each move within a second of the host's tap, without a reload."""

import time


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    assert order["username"] == "Ana"
    # It must not be the reload that shows it.
    page.evaluate("() => { window.stays = true; }")
    for status, words in [("in_progress", "mixed"), ("ready", "ready"), ("completed", None)]:
        bar.move(order, status)
        moved = time.monotonic()
        if words:
            page.locator("#open-orders").get_by_text(words, exact=False).first.wait_for()
        else:
            page.locator("#open-orders li").first.wait_for(state="detached")
        took = time.monotonic() - moved
        assert took < 1, f"{status} was seen after {took:.2f} s"
    assert page.evaluate("() => window.stays")
