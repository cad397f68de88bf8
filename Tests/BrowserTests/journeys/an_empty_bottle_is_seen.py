"""An ingredient runs out and comes back, the bar pauses and goes on, and the open page says so without a reload."""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.join("Ana")
    page = phone.page
    order = page.get_by_role("button", name="Order: Negroni", exact=True)
    order.wait_for()
    page.evaluate("() => { window.stays = true; }")
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    order.wait_for(state="detached", timeout=2_000)
    page.locator("li", has_text="Negroni").get_by_text("No Gin left tonight").first.wait_for(timeout=2_000)
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": True})
    order.wait_for(timeout=2_000)
    bar.ask("PUT", "/admin/bar", {"accepting_orders": False, "message": "Back at ten."})
    page.get_by_text("Back at ten.").first.wait_for(timeout=2_000)
    bar.ask("PUT", "/admin/bar", {"accepting_orders": True})
    page.get_by_text("Back at ten.").first.wait_for(state="hidden", timeout=2_000)
    assert page.evaluate("() => window.stays")
