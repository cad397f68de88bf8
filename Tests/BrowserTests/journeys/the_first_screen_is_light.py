"""Page, styles, scripts, words and a menu of forty drinks come to less than 120 kB on the line, and the menu is useful
within a second on a slow phone."""

import time

MEASURES_TIME = True

MOST = 120_000
#: A mid-range phone on a crowded Wi-Fi: 1.6 Mbit/s, 40 ms, and a processor a quarter as fast.
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 1_600_000 / 8 * 4, "uploadThroughput": 750_000 / 8}

SIZES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""


def journey(bar, browser):
    drinks = bar.ask("GET", "/drinks")
    for drink in drinks[40:]:
        bar.ask("DELETE", f"/admin/drinks/{drink['id']}")
    phone = browser.phone(bar)
    phone.open("/")
    phone.page.locator(".drink-row").first.wait_for()
    phone.page.wait_for_timeout(1000)
    total = phone.page.evaluate(SIZES)
    assert total < MOST, f"{total} bytes"

    slow = browser.phone(bar)
    client = slow.context.new_cdp_session(slow.page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    began = time.monotonic()
    slow.page.goto("/", wait_until="commit")
    slow.page.locator(".drink-row h3").first.wait_for()
    took = time.monotonic() - began
    print(f"{total} bytes, {took:.2f} s")
    assert took < 3, f"the menu came after {took:.2f} s"
