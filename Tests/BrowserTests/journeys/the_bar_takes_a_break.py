"""A break stops guests at once, with what the host says; the bar serves somebody without a phone all the same. Last
orders are called without stopping anybody."""

from bar import until


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in()
    page = host.page
    phone = browser.phone(bar)
    phone.join("Ana")
    guest = phone.page
    guest.locator(".drink-row a").get_by_text("Negroni", exact=True).click()
    order = guest.locator("dialog .sheet-act .primary")
    order.get_by_text("Order this drink").wait_for()

    page.get_by_role("button", name="Pause orders").click()
    page.get_by_role("button", name="Back in ten minutes.").click()
    page.locator("dialog").get_by_role("button", name="Pause orders").click()
    page.locator(".board .strip").get_by_text("Orders are paused. Guests read: “Back in ten minutes.”").wait_for()
    guest.locator("dialog .why").get_by_text("Back in ten minutes.").wait_for(timeout=2000)
    assert order.get_attribute("aria-disabled") == "true"

    page.get_by_role("button", name="For a guest without a phone").click()
    page.get_by_label("Who is it for").fill("Old Tom")
    page.get_by_label("Which drink").fill("daiq")
    page.locator(".found").get_by_role("button", name="Daiquiri", exact=True).click()
    page.locator("dialog .stepper button").last.click()
    page.get_by_label("A note for the bar").fill("In a big glass")
    page.get_by_role("button", name="Put it in line").dblclick()
    page.locator(".slim .note").get_by_text("In a big glass").wait_for()
    [order_for] = bar.queue()
    assert (order_for["username"], order_for["quantity"]) == ("Old Tom", 2)

    page.get_by_role("button", name="Open again").click()
    until(lambda: order.get_attribute("aria-disabled") == "false", "the guest may order again")
    page.get_by_role("button", name="Pause orders").click()
    page.get_by_role("button", name="Call last orders").click()
    page.get_by_role("button", name="Last orders, please.").click()
    page.get_by_role("button", name="Tell the guests").click()
    page.locator(".board .strip").get_by_text("Guests read: “Last orders, please.”").wait_for()
    order.click()
    guest.locator("main").get_by_text("Last orders, please.").wait_for()
    until(lambda: len(bar.queue()) == 2, "the guest's order is in line")
