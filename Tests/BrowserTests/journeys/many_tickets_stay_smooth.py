"""Two hundred open tickets: moving and scrolling them keeps the page from answering for no more than a tenth of a second."""

from bar import until
from tasks import tasks

#: Of the processor, so that it stays under 100 by the clock on a machine that has something else to do.
MOST = 80

MEASURES_TIME = True


def journey(bar, browser):
    drinks = bar.ask("GET", "/drinks")
    for number in range(200):
        drink = drinks[number % len(drinks)]
        bar.ask("POST", "/admin/orders", {"guest_name": f"Guest {number}", "drink_id": drink["id"], "note": "No ice"})
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    page = host.page
    host.sign_in()
    until(lambda: page.locator(".slim").count() == 200, "all tickets are there")
    page.wait_for_timeout(1000)
    page.mouse.move(250, 500)
    with tasks(page) as seen:
        for _ in range(40):
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(16)
        for _ in range(6):
            page.keyboard.press("1")
            page.wait_for_timeout(50)
        until(lambda: page.locator(".full").count() == 6, "six are being mixed")
        bar.order_for("The last", "Negroni")
        page.locator(".slim").get_by_text("The last").wait_for(state="attached")
        page.wait_for_timeout(500)
    print(f"{seen.longest:.0f} ms")
    assert seen.longest < MOST, f"{seen.longest:.0f} ms at a time"
