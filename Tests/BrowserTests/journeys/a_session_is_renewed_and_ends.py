"""A token that the bar does not believe any more is exchanged without a word; a session that is over leads to the door."""

import json


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    with phone.trouble():
        page.evaluate("""() => {
            const guest = JSON.parse(localStorage["barback.guest"]);
            guest.access = guest.access.slice(0, -8) + "AAAAAAAA";
            localStorage["barback.guest"] = JSON.stringify(guest);
        }""")
        page.reload()
        order = phone.order("Negroni")
        bar.move(order, "in_progress")
        page.locator(".order-bar").get_by_text("Negroni is being mixed").wait_for(timeout=2_000)

        # Signed out on another screen, while this one only listens.
        guest = json.loads(page.evaluate("() => localStorage['barback.guest']"))
        bar.ask("POST", "/auth/logout", {}, Authorization=f"Bearer {guest['access']}")
        page.get_by_text("Your time here is over").wait_for(timeout=8_000)
        page.locator(".order-bar").wait_for(state="hidden")
