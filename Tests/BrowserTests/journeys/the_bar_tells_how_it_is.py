"""Behind the bar it is seen what runs, and what happens as it happens; a part that hangs behind is named."""


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/system")
    page = host.page
    page.get_by_text("Everything runs.").wait_for()
    drink = bar.drink("Negroni")
    order = bar.ask("POST", "/admin/orders", {"guest_name": "Maja", "drink_id": drink["id"]})
    page.get_by_text(f"Maja waits for Negroni, ticket {order['ticket']}.").wait_for(timeout=2_000)
    bar.ask("PUT", "/admin/ingredients/Campari", {"in_stock": False})
    page.get_by_text("Campari has run out.").wait_for(timeout=2_000)
    with host.trouble(), bar.held_up("projector search"):
        bar.ask("PUT", "/admin/ingredients/Campari", {"in_stock": True})
        page.get_by_text("Behind the log: Search.").wait_for(timeout=20_000)
    page.get_by_text("Everything runs.").wait_for(timeout=20_000)
