"""Second thoughts, and what the bar says no to: undo, too late to undo, again, and each no in words, once."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    # Nothing tells this page of anything: what happens at the bar is always news to it.
    page.route("**/events", lambda route: None)
    phone.join("Ana")
    toast, bar_at_foot = page.locator(".toast"), page.locator(".order-bar")
    undo = toast.get_by_role("button", name="Undo")
    order = phone.order("Negroni")
    undo.click()
    toast.get_by_text("Negroni is taken back.").wait_for()
    bar_at_foot.wait_for(state="hidden")
    until(lambda: bar.ask("GET", f"/orders/{order['id']}")["status"] == "cancelled", "the bar knows, too")
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus is somewhere"

    # Nobody is as fast as a host: the page does not know yet that it was begun.
    page.evaluate("() => { window.ask = window.fetch; }")
    order = phone.order("Negroni")
    undo.wait_for()
    page.route("**/orders?*", lambda route: None)
    bar.move(order, "in_progress")
    with phone.trouble():
        undo.click()
        toast.get_by_text("The bar has already started on it.").wait_for()
    page.unroute("**/orders?*")
    bar.move(order, "completed")

    # Ten and no more, a note of two hundred letters and no more; what was begun is there after a look elsewhere.
    page.locator(".drink-row a").get_by_text("Daiquiri", exact=True).click()
    more, fewer = page.get_by_role("button", name="One more"), page.get_by_role("button", name="One fewer")
    fewer.click()
    assert page.locator("dialog output").text_content() == "1"
    for _ in range(11):
        more.click()
    page.locator("#note").fill("n" * 250)
    page.go_back()
    page.locator("dialog[open]").wait_for(state="detached")
    page.locator(".drink-row a").get_by_text("Daiquiri", exact=True).click()
    assert page.locator("dialog output").text_content() == "10"
    page.get_by_role("button", name="Order this drink").click()
    order = until(lambda: [one for one in bar.queue() if one["quantity"] == 10], "ten are ordered")[0]
    assert order["note"] == "n" * 200
    toast.get_by_text("10 × Daiquiri").wait_for()
    bar.move(order, "completed")

    # Again, from what was before.
    page.goto(bar.origin + "/#/orders")
    page.get_by_role("button", name="Order again: 10 × Daiquiri").click()
    again = until(lambda: [one for one in bar.queue() if one["quantity"] == 10], "ten more are ordered")[0]
    assert again["note"] == "n" * 200 and again["id"] != order["id"]
    page.get_by_role("link", name="Back to the menu").click()
    with phone.trouble():
        refusals(bar, phone, toast)


def refusals(bar, phone, toast):
    page = phone.page

    def order(name):
        page.get_by_role("button", name=f"Order: {name}", exact=True).click()

    bar.ask("PUT", "/admin/settings", {"max_active_orders": 1})
    order("Negroni")
    toast.get_by_text("You have enough orders waiting. One has to be ready first.").wait_for()
    bar.ask("PUT", "/admin/settings", {"max_active_orders": 0})

    # The page has not heard yet that the bottle is empty, nor that another drink has left.
    page.route("**/drinks", lambda route: None)
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    order("Negroni")
    toast.get_by_text("The last one just went. Your place in line is kept if you choose another.").wait_for()
    page.locator(".drink-row a").get_by_text("Mai Tai", exact=True).click()
    page.locator("dialog[open] h1").get_by_text("Mai Tai").wait_for()
    bar.ask("DELETE", f"/admin/drinks/{bar.drink('Mai Tai')['id']}")
    page.unroute("**/drinks")
    phone.put_away()
    phone.take_out()
    page.locator("dialog .why").get_by_text("This one has left the menu.").wait_for()
    button = page.locator("dialog .sheet-act .primary")
    assert (button.text_content(), button.get_attribute("aria-disabled")) == ("Not to be had now", "true")
    page.get_by_role("link", name="Back to the menu").click()
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": True})

    # One that went too late stands there as not ordered until it was looked at.
    phone.context.set_offline(True)
    order("Margarita")
    toast.get_by_text("Not sent yet. It goes as soon as the bar answers.").wait_for()
    bar.ask("PUT", "/admin/bar", {"accepting_orders": False, "message": "Last orders were at two."})
    phone.context.set_offline(False)
    toast.get_by_text("The bar is taking a short break. The menu stays open.").wait_for()
    page.goto(bar.origin + "/#/orders")
    page.locator("dialog .order-row a").get_by_text("Margarita").click()
    page.locator("dialog[open] h1").get_by_text("Not ordered").wait_for()
    page.goto(bar.origin + "/#/")
    page.locator("dialog[open]").wait_for(state="detached")
    page.locator(".order-bar").get_by_text("10 × Daiquiri is in line").wait_for()
    assert "more" not in page.locator(".order-bar").text_content()
    page.locator(".lede").get_by_text("Last orders were at two.").wait_for()
    page.locator(".drink-row a").get_by_text("Negroni", exact=True).click()
    page.locator("dialog .why").get_by_text("Last orders were at two.").wait_for()
