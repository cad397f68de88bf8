"""The place in line is seen to move soon after a drink ahead is made, and is said aloud once a minute at most."""

from bar import until

SAID = "() => document.querySelector('p.visually-hidden[role=status]').textContent"


def journey(bar, browser):
    drink = bar.drink("Daiquiri")["id"]
    ahead = [bar.ask("POST", "/admin/orders", {"guest_name": name, "drink_id": drink}) for name in ("Bo", "Cy", "Di")]
    phone = browser.phone(bar)
    page = phone.page
    page.clock.install()
    phone.join("Ana")
    phone.order("Negroni")
    place = page.locator(".order-bar .meta")
    place.get_by_text("Fourth in line").wait_for()
    # The one wait for time itself is that of the page: a look at the places every few seconds.
    for order, words, aloud in zip(ahead, ("Third in line", "Second in line", "Next in line"), (True, False, False)):
        bar.move(order, "ready")
        place.get_by_text(words).wait_for(timeout=6_000)
        if aloud:
            until(lambda: page.evaluate(SAID) == f"Negroni: {words}.", "it is said")
    assert page.evaluate(SAID) == "Negroni: Third in line.", "and not again so soon"
    with phone.trouble():
        page.clock.fast_forward(60_000)
        until(lambda: page.evaluate(SAID) == "Negroni: Next in line.", "what is so a minute later is said")
