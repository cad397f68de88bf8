"""What happened while the phone was away is seen when it comes out."""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    shown = page.locator(".order-bar")
    for status, words in [("in_progress", "Negroni is being mixed"), ("ready", "Negroni is ready")]:
        bar.move(order, status)
        shown.get_by_text(words).wait_for(state="attached")
    page.locator("dialog[open] [data-close]").first.click()
    page.reload()
    shown.get_by_text("Negroni is ready").wait_for()
    bar.move(order, "completed")
    shown.wait_for(state="hidden")
    phone.put_away()
    # Served to the wrong guest.
    bar.move(order, "ready")
    phone.take_out()
    shown.get_by_text("Negroni is ready").wait_for(state="attached", timeout=2_000)
    phone.put_away()
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    phone.take_out()
    page.locator("li", has_text="Negroni").get_by_text("No Gin left tonight").first.wait_for(
        state="attached", timeout=3_000)
