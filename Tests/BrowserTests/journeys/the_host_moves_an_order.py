"""Behind the bar: a wrong password says so; the host sees a guest's order come, with its note, and moves it on."""


def journey(bar, browser):
    host = browser.phone(bar)
    page = host.page
    host.open("/host")
    with host.trouble():
        page.get_by_label("Password").fill("wrong-password")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("The name or the password is wrong.").wait_for()
    page.get_by_label("Password").fill(bar.first_run["admin"]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Nobody is waiting. The menu is open.").wait_for()
    phone = browser.phone(bar)
    phone.join("Ana")
    phone.page.locator(".drink-row a").get_by_text("Negroni", exact=True).click()
    phone.page.locator("#note").fill("No ice, please")
    phone.page.locator("dialog .sheet-act .primary").click()
    page.get_by_text("No ice, please").wait_for()
    for label, seen in [("Start Negroni for Ana", "Negroni is being mixed"), ("Ready: Negroni for Ana", "Negroni is ready")]:
        page.get_by_role("button", name=label).click()
        phone.page.locator(".order-bar").get_by_text(seen).wait_for(state="attached")
    page.get_by_role("button", name="Ana has taken Negroni").click()
    page.get_by_text("Nobody is waiting. The menu is open.").wait_for()
