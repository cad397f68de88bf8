"""Whatever a host or a guest types is shown as it was typed, and never becomes a part of the page."""

from bar import until

MARKUP = "<img src=x onerror=\"window.broken=1\"><b>Bold</b> & \"quoted\" {name}"


def journey(bar, browser):
    section = bar.ask("GET", "/sections")[0]["id"]
    bar.ask("POST", "/admin/drinks", {
        "section_id": section, "name": MARKUP, "description": MARKUP, "garnish": MARKUP[:60], "glass": MARKUP[:40],
        "ingredients": [{"name": MARKUP[:60], "amount": 20, "unit": "ml"}], "recipe_steps": [MARKUP]})
    bar.ask("PUT", "/admin/bar", {"accepting_orders": True, "message": MARKUP})
    phone = browser.phone(bar)
    page = phone.page
    phone.join(f"Ana {MARKUP[:20]}")
    page.get_by_role("searchbox").fill("onerror")
    page.locator(".drink-row a").get_by_text(MARKUP, exact=True).click()
    page.locator("dialog[open] h1").get_by_text(MARKUP, exact=True).wait_for()
    page.locator("#note").fill(MARKUP)
    page.locator("dialog .sheet-act .primary").click()
    order = until(bar.queue, "the order is in the queue")[0]
    assert order["note"] == MARKUP
    bar.move(order, "rejected", reason=MARKUP)
    page.goto(bar.origin + f"/#/order/{order['id']}")
    page.locator("dialog[open] .say").get_by_text(MARKUP, exact=True).wait_for()
    assert page.evaluate("() => window.broken") is None
    assert page.locator("img[src=x]").count() == 0
