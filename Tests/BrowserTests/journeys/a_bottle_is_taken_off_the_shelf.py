"""Before a bottle is out the host sees which drinks leave and who waits for one; and just that happens."""

from bar import until


def out(bar):
    return {drink["name"] for drink in bar.ask("GET", "/drinks") if not drink["available"]}


def journey(bar, browser):
    guest = browser.phone(bar)
    guest.join("Tove")
    guest.order("Grasshopper")
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/shelf")
    page = host.page
    cream = page.get_by_role("switch", name="Cream", exact=False).filter(has_text="Cream").filter(has_not_text="Coconut")
    cream = cream.filter(has_not_text="Oat").first
    cream.click()
    page.get_by_role("heading", name="Is the cream out?").wait_for()
    said = page.locator("#effect-says").inner_text()
    named = set(page.locator(".leaving li").all_inner_texts())
    assert f"{len(named)} drinks leave the menu." in said, said
    assert "One order is waiting on it: Grasshopper, Tove." in said, said
    assert "White Russian" not in named
    assert "oat cream instead" in page.locator(".swap li", has_text="White Russian").inner_text()
    assert out(bar) == set(), "nothing has happened yet"

    # Another order comes in while it is asked.
    guest.order("Grasshopper")
    page.get_by_text("2 orders are waiting on it:").wait_for()

    take = page.get_by_role("button", name="Take cream off the shelf")
    assert take.evaluate("(button) => button === document.activeElement")
    page.get_by_role("button", name="Keep it").click()
    assert cream.get_attribute("aria-checked") == "true"
    assert cream.evaluate("(button) => button === document.activeElement")
    page.keyboard.press("Enter")
    take.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text(f"Cream is off the shelf, and {len(named)} drinks with it.").wait_for()
    assert out(bar) == named, (out(bar), named)
    guest.page.locator("li", has_text="Grasshopper").get_by_text("No Cream left tonight").first.wait_for()
    page.locator(".board-of-shelf.out").get_by_text("Cream", exact=True).wait_for()

    # Another host is faster; this one's shelf follows without a touch.
    bar.ask("PUT", "/admin/ingredients/Cream", {"in_stock": True})
    page.locator(".board-of-shelf.fresh").get_by_text("Cream", exact=True).wait_for()
    assert out(bar) == set()

    # What nobody would miss needs no question, and comes back by the same tap.
    soda = next(row for row in bar.ask("GET", "/admin/ingredients") if not row["drink_count"] and row["in_stock"])
    page.get_by_label("Find a bottle").fill(soda["name"])
    switch = page.locator(".ingredient-switch", has=page.get_by_text(soda["name"], exact=True))
    switch.click()
    page.get_by_text(f"{soda['name']} is off the shelf. No drink needs it.").wait_for()
    switch.click()
    until(lambda: all(row["in_stock"] for row in bar.ask("GET", "/admin/ingredients")), "all is back")
