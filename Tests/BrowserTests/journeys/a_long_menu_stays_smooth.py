"""A menu of four hundred drinks: nothing that the page does keeps it from answering for more than a tenth of a second."""

MEASURES_TIME = True

WATCH = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask" });
}"""


def journey(bar, browser):
    section = bar.ask("GET", "/sections")[0]["id"]
    model = bar.drink("Negroni")
    for number in range(400 - len(bar.ask("GET", "/drinks"))):
        bar.ask("POST", "/admin/drinks", {
            "section_id": section, "name": f"Number {number}", "description": "One of many.", "glass": model["glass"],
            "ingredients": [{"name": f"Essence {number % 40}", "amount": 20, "unit": "ml"}, *model["ingredients"]]})
    phone = browser.phone(bar)
    page = phone.page
    page.add_init_script(f"({WATCH})()")
    phone.open("/")
    page.locator(".drink-row").first.wait_for()
    page.wait_for_timeout(1000)
    page.evaluate("() => { window.longest = 0; }")
    for text in ("n", "ne", "neg", "essence 3", ""):
        page.get_by_role("searchbox").fill(text)
        page.wait_for_timeout(200)
    page.evaluate("() => window.scrollTo(0, 0)")
    for _ in range(60):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(16)
    page.wait_for_timeout(300)
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    page.wait_for_timeout(2000)
    moved = page.evaluate("() => window.longest")
    assert page.locator(".drink-row").count() == 400
    assert moved < 100, f"searching and scrolling took {moved:.0f} ms at a time"
