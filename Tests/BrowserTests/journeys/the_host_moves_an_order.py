"""Behind the bar: an order comes within a second, with a sound; it is moved on by one tap, taken back by one, and what
the host says of one that cannot be reaches its guest."""

from bar import until

#: A browser without a loudspeaker rings all the same.
LISTEN = """() => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { window.notes += 1; return start.apply(this, when); };
}"""


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    page = host.page
    page.add_init_script(f"({LISTEN})()")
    host.open("/host")
    with host.trouble():
        page.get_by_label("Password").fill("wrong-password")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("The name or the password is wrong.").wait_for()
    host.sign_in()
    page.get_by_text("Nobody is waiting. The menu is open.").wait_for()
    # A tap is what browsers want before a page may sound.
    page.locator(".host-head h1").click()
    page.get_by_role("button", name="The bell rings for new orders").wait_for()

    phone = browser.phone(bar)
    phone.join("Ana")
    phone.page.locator(".drink-row a").get_by_text("Negroni", exact=True).click()
    phone.page.locator("#note").fill("No ice, please")
    phone.page.locator("dialog .stepper button").last.click()
    with phone.page.expect_response(lambda answer: answer.url.endswith("/orders") and answer.status == 201):
        phone.page.locator("dialog .sheet-act .primary").click()
    page.locator(".slim .note").get_by_text("No ice, please").wait_for(timeout=1000)
    until(lambda: page.evaluate("() => window.notes") > 0, "the bell rings")
    assert page.locator("[role=status]").get_by_text("New: 2 × Negroni for Ana.").count() == 1

    shown = phone.page.locator(".order-bar")
    page.get_by_role("button", name="Start 2 × Negroni for Ana").click()
    shown.get_by_text("Negroni is being mixed").wait_for(state="attached")
    ticket = page.locator(".full")
    assert ticket.locator("dt").all_inner_texts() == ["60 ml"] * 3, "twice the recipe"
    assert ticket.locator(".picture").count() == 2
    until(lambda: page.evaluate("() => document.activeElement.ariaLabel") == "Ready: 2 × Negroni for Ana",
          "the focus is at the ticket's next step")

    # Back by the toast, forward by its key, back by Ctrl+Z, and once more.
    page.locator(".toast").get_by_role("button", name="Undo").click()
    shown.get_by_text("Negroni is in line").wait_for(state="attached")
    page.keyboard.press("1")
    page.keyboard.press("2")
    shown.get_by_text("Negroni is ready").wait_for(state="attached")
    page.keyboard.press("Control+z")
    page.locator(".full").wait_for()
    page.keyboard.press("Control+z")
    page.locator(".slim:not(.done)").wait_for()
    until(lambda: bar.queue()[0]["status"] == "pending", "it waits again at the bar")

    # A key that is held down, and two taps at what closes a sheet, mean one step.
    page.get_by_role("button", name="Start 2 × Negroni for Ana").focus()
    for _ in range(4):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.locator(".full").wait_for()
    page.locator(".toast").get_by_text("2 × Negroni for Ana is being mixed.").wait_for()
    page.keyboard.press("u")
    page.locator(".slim:not(.done)").wait_for()
    address = page.url
    page.get_by_role("button", name="Everything about 2 × Negroni for Ana").click()
    page.locator("dialog [data-close]").evaluate("(button) => { button.click(); button.click(); }")
    page.locator("dialog").wait_for(state="detached")
    assert page.url == address, "the host is still at the board"

    page.get_by_role("button", name="Everything about 2 × Negroni for Ana").click()
    page.locator("dialog summary").click()
    page.get_by_role("button", name="Come and see us at the bar, please.").click()
    page.get_by_role("button", name="Tell Ana that it is off").click()
    page.locator(".toast").get_by_text("Ana will read that there is no 2 × Negroni this time.").wait_for()
    phone.page.goto(bar.origin + "/#/orders")
    phone.page.get_by_role("link", name="2 × Negroni").click()
    phone.page.locator("dialog .say").get_by_text("Come and see us at the bar, please.").wait_for()
