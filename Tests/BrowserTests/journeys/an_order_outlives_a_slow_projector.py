"""An order that the bar has taken, and shows only later, is not taken for lost, whatever the stream says meanwhile."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    phone.join("Ana")
    button = page.get_by_role("button", name="Order: Negroni", exact=True)
    button.wait_for()
    page.evaluate("() => { window.stays = true; }")
    with phone.trouble():
        # Neither shows it, nor tells of it.
        with bar.held_up("projector orders"), bar.held_up("projector notifications"):
            button.click()
            shown = page.locator(".order-bar")
            shown.get_by_text("Negroni is in line").wait_for()
            # The stream begins anew at a position before the order, as where its model is slower than that of orders.
            page.route("**/events", lambda route: route.fulfill(
                status=200, content_type="text/event-stream",
                body='event: reset\nid: 1\ndata: {"type":"reset","position":1}\n\n'))
            phone.put_away()
            phone.take_out()
            # The one wait for time itself: what would be read too early is read by then.
            page.wait_for_timeout(4_000)
            assert shown.get_by_text("Negroni is in line").count() == 1
            page.unroute("**/events")
        shown.get_by_text("Negroni is in line").wait_for()
        order = until(bar.queue, "the order is in the queue")[0]
        bar.move(order, "in_progress")
        shown.get_by_text("Negroni is being mixed").wait_for()
