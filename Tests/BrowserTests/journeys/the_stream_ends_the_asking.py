"""Told of changes, the page asks for nothing; where something on the way keeps what it is told, it asks as before."""

from bar import until

MEASURES_TIME = True


def journey(bar, browser):
    told = browser.phone(bar)
    told.join("Ana")
    asking = browser.phone(bar)
    # As behind a proxy that passes an answer on once it has ended.
    asking.page.route("**/events", lambda route: None)
    asking.join("Bo")
    for phone in [told, asking]:
        phone.page.get_by_role("button", name="Order: Negroni", exact=True).click()
        phone.page.locator(".order-bar").get_by_text("Negroni is in line").wait_for()
    orders = {order["username"]: order for order in until(
        lambda: len(bar.queue()) == 2 and bar.queue(), "both orders are in the queue")}
    for phone, name in [(told, "Ana"), (asking, "Bo")]:
        bar.move(orders[name], "in_progress")
        phone.page.locator(".order-bar").get_by_text("Negroni is being mixed").wait_for(timeout=4_000)

    asked = {told: 0, asking: 0}
    for phone in asked:
        phone.page.on("request", lambda _, phone=phone: asked.update({phone: asked[phone] + 1}))
    # The one wait for time itself: three looks of a page that asks.
    told.page.wait_for_timeout(6_000)
    assert asked[told] == 0, f"{asked[told]} requests"
    assert asked[asking] >= 2, f"{asked[asking]} requests"

    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    for phone, seconds in [(told, 3), (asking, 25)]:
        row = phone.page.locator(".drink-row", has_text="Negroni")
        row.get_by_text("No Gin left tonight").first.wait_for(timeout=seconds * 1_000)
