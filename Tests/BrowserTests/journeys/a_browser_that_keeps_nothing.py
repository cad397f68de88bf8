"""A private window without any storage: a guest comes in, orders, and an order that could not be sent goes once, as
long as the page is open. Where there is storage it outlives the tab."""

from bar import until

NOTHING = """
    for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
    }
    Object.defineProperty(window, 'indexedDB', { value: undefined });
"""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.context.add_init_script(NOTHING)
    page = phone.page
    with phone.trouble():
        phone.open("/")
        page.get_by_role("button", name="Order: Negroni", exact=True).click()
        page.locator("#code").fill(bar.first_run["registration_code"])
        phone.come_in("Ana")
        order = until(bar.queue, "it is in the queue")[0]
        bar.move(order, "ready")
        page.locator("dialog h1").get_by_text("Ready.").wait_for()
        page.get_by_text("I have it").click()
        bar.move(order, "completed")
        late(phone, "Daiquiri")
        phone.context.set_offline(False)
        page.locator(".order-bar").get_by_text("Daiquiri is in line").wait_for(timeout=20_000)
        assert [one["drink"]["name"] for one in bar.queue()] == ["Daiquiri"]

        # Closed before it could be sent, and opened again later.
        keeps = browser.phone(bar)
        with keeps.trouble():
            keeps.join("Bo")
            before = keeps.order("Negroni")
            keeps.page.locator(".order-bar").get_by_text("Negroni is in line").wait_for()
            late(keeps, "Margarita", "#/order/" + before["id"])
            keeps.page.close()
            keeps.context.set_offline(False)
            assert [one["drink"]["name"] for one in bar.queue()] == ["Daiquiri", "Negroni"]
            keeps.page = keeps.context.new_page()
            keeps.open("/")
            keeps.page.locator(".order-bar").get_by_text("and one more").wait_for(timeout=20_000)
            until(lambda: sorted(one["drink"]["name"] for one in bar.queue()) == ["Daiquiri", "Margarita", "Negroni"],
                  "it has been sent once", seconds=20)


def late(phone, drink, before=None):
    page = phone.page
    phone.context.set_offline(True)
    page.get_by_role("button", name=f"Order: {drink}", exact=True).click()
    page.locator(".toast").get_by_text("Not sent yet. It goes as soon as the bar answers.").wait_for()
    page.locator(".strip").get_by_text("No connection to the bar. Trying again by itself.").wait_for()
    page.locator(".order-bar").click()
    if before is None:
        page.locator("dialog h1").get_by_text("Not sent yet").wait_for()
        page.locator("dialog .about .meta").get_by_text("No connection to the bar.").wait_for()
    else:
        page.locator("dialog .order-row p").get_by_text("Not sent yet").wait_for()
        page.locator(f"dialog a[href='{before}']").click()
        page.locator("dialog .about .meta").get_by_text("Your order is safe at the bar.").wait_for()
        page.go_back()
    page.locator("dialog h1").wait_for()
    page.evaluate("() => import('/assets/sheet.js').then(({ goTo }) => goTo('#/'))")
    page.locator("dialog").wait_for(state="detached")
