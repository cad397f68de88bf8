"""All that a guest can look at, one after the other, and what axe says of it."""

from axe_playwright_python.sync_playwright import Axe

from bar import until


def everywhere(bar, phone, name):
    """Goes through all pages as a guest; yields the name of each and the page, once it stands still."""
    page = phone.page

    def seen(what):
        page.wait_for_timeout(400)
        return what, page

    phone.open(bar.join_path)
    page.locator("#name").wait_for()
    yield seen("the door")
    page.locator("form .primary").click()
    yield seen("the door without a name")
    phone.come_in(name)
    page.locator(".drink-row").first.wait_for()
    yield seen("the menu")
    page.get_by_role("searchbox").fill("cr")
    page.locator(".suggest li").first.wait_for()
    yield seen("searching")
    page.locator(".suggest .with").first.click()
    yield seen("what was found")
    page.locator(".chip.want").click()
    page.get_by_role("searchbox").fill("zzz")
    yield seen("nothing found")
    page.get_by_role("searchbox").fill("")
    page.locator(".drink-row a").first.click()
    page.locator("dialog[open] h1").wait_for()
    yield seen("a drink")
    page.locator("dialog .sheet-act .primary").click()
    order = until(lambda: [one for one in bar.queue() if one["username"] == name], "the order is in the queue")[-1]
    yield seen("a toast")
    for status in ("pending", "in_progress", "ready", "completed"):
        if status != "pending":
            bar.move(order, status)
            page.wait_for_timeout(600)
        if page.locator("dialog[open]").count() == 0:
            page.goto(bar.origin + f"/#/order/{order['id']}")
        page.locator("dialog[open] h1").wait_for()
        yield seen(f"an order that is {status}")
    for path in ("orders", "settings"):
        page.goto(bar.origin + f"/#/{path}")
        page.locator("dialog[open] h1").wait_for()
        yield seen(path)


def behind(bar, phone):
    """The same behind the bar, as the host: tickets in each column, and all that lies over the board."""
    page = phone.page

    def seen(what):
        page.wait_for_timeout(400)
        return what, page

    def close():
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")

    if not bar.queue():
        for number, (drink, more) in enumerate([
                ("Negroni", {"quantity": 2, "note": "No ice, please"}), ("Margarita", {}), ("Margarita", {}),
                ("Mojito", {"quantity": 3}), ("Whiskey Sour", {"note": "Less sweet"}), ("Daiquiri", {})]):
            order = bar.order_for(f"Somebody {number}", drink, **more)
            for status in ["in_progress", "ready"][:max(0, number - 2) % 3]:
                bar.move(order, status)
    phone.open("/host")
    page.locator("#password").wait_for()
    yield seen("the door behind the bar")
    phone.sign_in()
    page.locator(".full").first.wait_for(state="attached")
    yield seen("the board")
    for column in (1, 2, 0):
        if page.locator(".switch").is_visible():
            page.locator(".switch .chip").nth(column).click()
            yield seen(f"column {column} of the board")
    page.locator(".slim .look").first.click()
    page.locator("dialog summary").click()
    yield seen("a ticket")
    close()
    page.get_by_role("button", name="Pause orders").click()
    yield seen("a break")
    close()
    page.get_by_role("button", name="For a guest without a phone").click()
    page.locator(".pick-drink").first.click()
    yield seen("an order for somebody")
    close()
    page.keyboard.press("?")
    page.locator("dialog").wait_for()
    yield seen("the keys")
    close()
    page.get_by_role("button", name="You").click()
    page.locator("dialog summary").click()
    yield seen("what is one's own")
    close()
    for link in page.locator(".rail a:not([href='#/'])").all():
        address = link.get_attribute("href")
        link.click()
        page.locator(".rail [aria-current]").and_(page.locator(f"[href='{address}']")).wait_for()
        page.locator(".host-head h1").wait_for()
        yield seen(address)
    page.goto(bar.origin + f"/host#/drink/{bar.drink('Negroni')['id']}")
    page.get_by_role("textbox").first.wait_for()
    # All of it at once: what stands at the foot covers whatever has not been scrolled up yet.
    size = page.viewport_size
    page.set_viewport_size({**size, "height": 3000})
    yield seen("a drink behind the bar")
    page.set_viewport_size(size)
    page.goto(bar.origin + "/host#/print")
    page.locator(".paper ul").first.wait_for()
    yield seen("the menu on paper")
    page.goto(bar.origin + "/board")
    page.locator(".wall .line, .wall .comes").first.wait_for()
    yield seen("the wall")


def check(page, where):
    """Fails with what axe found: rule, element, and why."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    faults = [f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
              for fault in found.response["violations"] for node in fault["nodes"]]
    assert not faults, f"{where}:\n" + "\n".join(faults[:12])
