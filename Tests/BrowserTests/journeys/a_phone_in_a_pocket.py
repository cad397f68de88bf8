"""What happened while the phone was away is seen when it comes out, and everything is read once, not twice."""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    shown = page.locator("#open-orders")
    for status, words in [("in_progress", "Being mixed"), ("ready", "Ready")]:
        bar.move(order, status)
        shown.get_by_text(words).first.wait_for()
    with phone.requests() as asked:
        page.reload()
        shown.get_by_text("Ready").first.wait_for()
        page.get_by_role("button", name="Order: Negroni", exact=True).wait_for()
        page.wait_for_timeout(2_500)
    assert sorted(asked) == ["/bar", "/drinks", f"/orders/{order['id']}", "/sections"], asked
    bar.move(order, "completed")
    shown.locator("li").first.wait_for(state="detached")

    with phone.requests() as asked:
        phone.put_away()
        # Served to the wrong guest.
        bar.move(order, "ready")
        phone.take_out()
        shown.get_by_text("Ready").first.wait_for(timeout=2_000)
        phone.put_away()
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
        phone.take_out()
        page.locator("#shelves li", has_text="Negroni").get_by_text("No Gin tonight").first.wait_for(timeout=3_000)
    assert sorted(asked) == ["/bar", "/drinks", "/sections"], asked
