"""The bar goes back to a backup: the page shows what is so again, and hears of what happens from then on."""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = phone.order("Negroni")
    shown = page.locator("#open-orders")
    shown.get_by_text("Waiting").first.wait_for()
    bar.back_up()
    for status in ["in_progress", "ready", "completed"]:
        bar.move(order, status)
    shown.locator("li").first.wait_for(state="detached")
    for is_in in [False, True] * 5:
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": is_in})
    with phone.trouble():
        bar.restore()
        shown.get_by_text("Waiting").first.wait_for(timeout=30_000)
        # At a position that the page has seen, in the log that is gone.
        bar.move(order, "in_progress")
        shown.get_by_text("Being mixed").first.wait_for(timeout=2_000)
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
        page.locator("#shelves li", has_text="Negroni").get_by_text("No Gin tonight").first.wait_for(timeout=3_000)
