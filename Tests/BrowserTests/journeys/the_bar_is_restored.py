"""The bar goes back to a backup: the page shows what is so again, and hears of what happens from then on."""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    shown = page.locator(".order-bar")
    shown.get_by_text("Negroni is in line").wait_for()
    bar.back_up()
    for status in ["in_progress", "ready", "completed"]:
        bar.move(order, status)
    page.locator("dialog[open] h1").get_by_text("Served").wait_for()
    page.locator("dialog[open] [data-close]").first.click()
    shown.wait_for(state="hidden")
    for is_in in [False, True] * 5:
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": is_in})
    with phone.trouble():
        bar.restore()
        shown.get_by_text("Negroni is in line").wait_for(timeout=30_000)
        # At a position that the page has seen, in the log that is gone.
        bar.move(order, "in_progress")
        shown.get_by_text("Negroni is being mixed").wait_for(timeout=2_000)
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
        page.locator("li", has_text="Negroni").get_by_text("No Gin left tonight").first.wait_for(timeout=3_000)
