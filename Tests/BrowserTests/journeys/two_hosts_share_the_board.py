"""Two hosts see each other's steps; a ticket is moved once, and who was late is told how it is by now. What goes together
is started together."""

from bar import until


def steps(order, bar):
    return [step["status"] for step in bar.ask("GET", f"/admin/orders/{order['id']}")["timeline"]]


def journey(bar, browser):
    bar.ask("POST", "/admin/accounts", {"username": "mara", "role": "bartender", "password": "a-long-password"})
    one, other = (browser.phone(bar, viewport={"width": 1180, "height": 820}) for _ in range(2))
    one.sign_in()
    other.sign_in(name="mara", password="a-long-password")
    first = bar.order_for("Ana", "Negroni")
    # Both press what they see; the second may have been overtaken already.
    start = [host.page.get_by_role("button", name="Start Negroni for Ana").element_handle() for host in (one, other)]
    with one.trouble(), other.trouble():
        for button in start:
            button.evaluate("(button) => button.click()")
        for host in (one, other):
            host.page.get_by_role("button", name="Ready: Negroni for Ana").wait_for()
            until(lambda: host.page.locator("[data-moving]").count() == 0, "all is said")
    assert steps(first, bar) == ["pending", "in_progress"]

    # One hears nothing any more, and goes by what stands there.
    with other.trouble():
        other.page.route("**/events", lambda route: route.abort())
        other.page.route("**/admin/bar", lambda route: route.abort())
        until(lambda: other.page.evaluate("""() => {
            window.dispatchEvent(new Event("online"));
            return document.querySelector(".host-side > .strip").textContent.startsWith("Not connected since");
        }"""), "the line is lost")
        one.page.get_by_role("button", name="Ready: Negroni for Ana").click()
        one.page.get_by_role("button", name="Ana has taken Negroni").click()
        until(lambda: not bar.queue(), "it is taken")
        bar.order_for("Bo", "Daiquiri")
        other.page.get_by_role("button", name="Ready: Negroni for Ana").click()
        other.page.locator(".toast").get_by_text("Somebody was quicker: Ana has Negroni already.").wait_for()
        assert steps(first, bar) == ["pending", "in_progress", "ready", "completed"]
        # It comes back by itself, and says what came meanwhile.
        for path in ("**/events", "**/admin/bar"):
            other.page.unroute(path)
        other.page.locator(".toast").get_by_text("Connected again. One order came meanwhile.").wait_for(timeout=15_000)

    for name, note in (("Cleo", ""), ("Dan", "No salt"), ("Eva", "")):
        bar.order_for(name, "Margarita", note=note)
    hint = one.page.locator(".batch")
    hint.get_by_text("3 Margarita together").wait_for()
    hint.get_by_text("150 ml Tequila, 60 ml Triple sec and 45 ml Lime juice. Dan asks: No salt.").wait_for()
    hint.get_by_role("button", name="Start 3 Margarita together").click()
    other.page.locator(".full").nth(2).wait_for()
    until(lambda: [order["status"] for order in bar.queue()].count("in_progress") == 3, "all three are begun")
    one.page.locator(".toast").get_by_role("button", name="Undo").click()
    other.page.locator(".slim").nth(3).wait_for()
    until(lambda: all(order["status"] == "pending" for order in bar.queue()), "all three wait again")
