"""Two hundred open tickets: moving and scrolling them keeps the page from answering for no more than a tenth of a second."""

from a_long_menu_stays_smooth import WATCH
from bar import until


def journey(bar, browser):
    drinks = bar.ask("GET", "/drinks")
    for number in range(200):
        drink = drinks[number % len(drinks)]
        bar.ask("POST", "/admin/orders", {"guest_name": f"Guest {number}", "drink_id": drink["id"], "note": "No ice"})
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    page = host.page
    page.add_init_script(f"({WATCH})()")
    host.sign_in()
    until(lambda: page.locator(".slim").count() == 200, "all tickets are there")
    page.wait_for_timeout(1000)
    page.mouse.move(250, 500)
    # The quietest of three: others have the processor, too.
    longest = [work(bar, page, number) for number in range(3)]
    print(longest)
    assert min(longest) < 100, f"{longest} ms at a time"


def work(bar, page, number):
    """Scrolls, moves tickets, and has one come; the longest time that the page was busy."""
    page.evaluate("() => { window.longest = 0; }")
    for _ in range(20):
        page.mouse.wheel(0, 600 * (-1) ** number)
        page.wait_for_timeout(16)
    for _ in range(4):
        page.keyboard.press("1")
        page.wait_for_timeout(50)
    until(lambda: page.locator(".full").count() == 4 * (number + 1), "they are being mixed")
    bar.order_for(f"The last of {number}", "Negroni")
    page.locator(".slim").get_by_text(f"The last of {number}").wait_for(state="attached")
    page.wait_for_timeout(300)
    return page.evaluate("() => window.longest")
