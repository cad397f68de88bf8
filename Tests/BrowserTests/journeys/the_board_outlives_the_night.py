"""Every process ends and comes back, and the token ends while nobody looks: the board goes on by itself, with all that
came meanwhile, and nobody signs in again."""

from bar import until


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    page = host.page
    page.clock.install()
    host.sign_in()
    bar.order_for("Ana", "Negroni")
    page.get_by_role("button", name="Start Negroni for Ana").wait_for()
    page.evaluate("() => { window.stays = true; }")
    access = "() => JSON.parse(localStorage['barback.staff']).access"
    before = page.evaluate(access)

    with host.trouble():
        bar.stop()
        page.locator(".strip").get_by_text("Not connected since").wait_for(timeout=15_000)
        # A step that nobody answers for is not lost.
        page.get_by_role("button", name="Start Negroni for Ana").click()
        page.locator(".full").wait_for()
        bar.start()
        until(lambda: bar.queue()[0]["status"] == "in_progress", "the step is done", seconds=20)
        page.locator(".toast").get_by_text("Connected again.").wait_for(timeout=20_000)
        bar.order_for("Bo", "Daiquiri")
        page.get_by_role("button", name="Start Daiquiri for Bo").wait_for()

        # A night asleep: the clock jumps, the stream is gone.
        page.clock.fast_forward("09:00:00")
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
        until(lambda: page.evaluate(access) != before, "there is another token", seconds=20)
    bar.order_for("Cleo", "Margarita")
    page.get_by_role("button", name="Start Margarita for Cleo").click()
    page.get_by_role("button", name="Ready: Margarita for Cleo").wait_for()
    assert page.evaluate("() => window.stays")
    # Minutes go by the bar's clock, for which no night has passed.
    until(lambda: page.locator(".age").count() == 3 and page.locator(".age.late").count() == 0, "nobody is late")
