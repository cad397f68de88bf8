"""The host makes a code: it lets a guest in, and after it was taken back nobody. A guest who is put out is out at once."""

from bar import until


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/guests")
    page = host.page
    page.get_by_role("button", name="Make a code").click()
    page.get_by_label("A note for yourself").fill("Table four")
    page.get_by_label("For how many").fill("twelve")
    page.locator("dialog .primary").click()
    page.get_by_text("A whole number from 1 to 25.").wait_for()
    page.get_by_label("For how many").fill("2")
    page.locator("dialog .primary").click()
    link = page.locator("dialog .link-text").inner_text()
    assert page.locator("dialog .qr path").get_attribute("d").startswith("M4 4h7v1H4z")
    page.keyboard.press("Escape")
    row = page.locator("li", has_text="Table four")
    row.get_by_text("2 of 2 can still come in").wait_for()

    guest = browser.phone(bar)
    guest.open(link)
    guest.come_in("Ana")
    page.locator("li", has_text="Ana").get_by_text("Table four").wait_for()
    row.get_by_text("One of 2 can still come in").wait_for()

    row.get_by_role("button", name="Take back").click()
    page.get_by_text("Whoever came in by it stays in.").wait_for()
    page.locator("dialog .primary").click()
    row.get_by_role("button", name="Take back").wait_for(state="detached")
    late = browser.phone(bar)
    with late.trouble():
        late.open(link)
        late.page.locator("#name").fill("Bo")
        late.page.locator("form .primary").click()
        late.page.get_by_text("This code lets nobody in").wait_for()

    order = guest.order("Negroni")
    page.get_by_role("button", name="Put out: Ana").click()
    page.locator("dialog").get_by_text("One order of theirs stays on the board").wait_for()
    with guest.trouble():
        page.locator("dialog .primary").click()
        guest.page.get_by_text("Your time here is over").wait_for(timeout=5_000)
    assert [one["id"] for one in bar.queue()] == [order["id"]]

    page.locator("details", has_text="not here any more").locator("summary").click()
    page.get_by_role("button", name="Forget Ana").click()
    page.locator("dialog .primary").click()
    until(lambda: bar.queue()[0]["username"] == "", "nobody knows whose it was")
    page.get_by_role("button", name="Forget Ana").wait_for(state="detached")
    assert "Ana" not in [guest["username"] for guest in bar.ask("GET", "/admin/guests")]
