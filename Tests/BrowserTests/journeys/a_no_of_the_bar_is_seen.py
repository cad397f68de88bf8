"""Who waits is told when the bar takes an order off its list: on the screen, in the bar's words, wherever they are."""


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    phone.join("Ana")
    say, title = page.locator("dialog .say"), page.locator("dialog h1")

    bar.move(phone.order("Negroni"), "rejected", reason="No ice tonight.")
    say.get_by_text("No ice tonight.", exact=True).wait_for()
    page.get_by_role("link", name="Look at the menu").click()
    page.locator("dialog[open]").wait_for(state="detached")

    bar.move(phone.order("Daiquiri"), "cancelled")
    title.get_by_text("Cancelled").wait_for()
    say.get_by_text("The bar had to cancel this one. Come and say hello, or choose another.", exact=True).wait_for()
    page.get_by_role("link", name="Look at the menu").click()
    page.locator("dialog[open]").wait_for(state="detached")

    # While the page was away, too.
    order = phone.order("Negroni")
    page.locator(".order-bar").get_by_text("Negroni").wait_for()
    page.goto("about:blank")
    bar.move(order, "rejected")
    page.goto(bar.origin)
    say.get_by_text("The bar had to cancel this one. Come and say hello, or choose another.", exact=True).wait_for()

    # What the guest took back needs no more words.
    page.get_by_role("link", name="Look at the menu").click()
    page.locator("dialog[open]").wait_for(state="detached")
    phone.order("Negroni")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator(".toast").get_by_text("Negroni is taken back.").wait_for()
    assert page.locator("dialog[open]").count() == 0
