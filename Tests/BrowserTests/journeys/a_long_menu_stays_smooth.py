"""A menu of four hundred drinks: nothing that the page does keeps it from answering for more than a tenth of a second."""

from tasks import tasks

MEASURES_TIME = True

#: Of the processor, milliseconds at a time. Opening takes half of its limit, and more where all rows are made at once.
MOST = 100
MOST_OPENING = 45


def journey(bar, browser):
    section = bar.ask("GET", "/sections")[0]["id"]
    model = bar.drink("Negroni")
    for number in range(400 - len(bar.ask("GET", "/drinks"))):
        bar.ask("POST", "/admin/drinks", {
            "section_id": section, "name": f"Number {number}", "description": "One of many.", "glass": model["glass"],
            "ingredients": [{"name": f"Essence {number % 40}", "amount": 20, "unit": "ml"}, *model["ingredients"]]})
    page = browser.phone(bar).page
    search = page.get_by_role("searchbox")

    def opening():
        page.goto("/")
        page.locator("aside").wait_for(state="attached")
        page.wait_for_function("() => !document.querySelector('.drink-row:empty')", polling=50)
        assert page.locator(".drink-row").count() == 400

    def typing():
        for text in ("n", "ne", "neg", "essence 3", ""):
            search.fill(text)
            page.wait_for_timeout(200)

    def wishing():
        search.fill("gin")
        page.locator(".suggest .with").first.click()
        page.wait_for_timeout(300)
        page.locator(".chip.want").first.click()
        for chip in (2, 1):
            page.locator(".finder .chip").nth(chip).click()
            page.wait_for_timeout(200)
        page.locator(".finder .chip").first.click()
        page.wait_for_timeout(300)

    def scrolling():
        page.evaluate("() => window.scrollTo(0, 0)")
        page.mouse.move(195, 500)
        for _ in range(60):
            page.mouse.wheel(0, 700)
            page.wait_for_timeout(16)
        page.wait_for_timeout(300)

    def coming_back():
        place = page.evaluate("""() => {
            const seen = [...document.querySelectorAll(".drink-row")]
                .find((row) => row.getBoundingClientRect().top > 200);
            seen.querySelector("a").click();
            return scrollY;
        }""")
        page.locator("dialog.sheet h1").wait_for()
        page.go_back()
        page.locator("dialog.sheet").wait_for(state="detached")
        assert page.evaluate("scrollY") == place > 1000

    def running_out():
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
        page.evaluate("async () => (await import('/assets/menu.js')).menu.load()")
        page.wait_for_function("() => document.querySelectorAll('.drink-row.out').length > 300", polling=50)

    took = {}
    for act in (opening, typing, wishing, scrolling, coming_back, running_out):
        with tasks(page) as seen:
            act()
        took[act.__name__] = round(seen.longest)
    print(took)
    slow = {name: longest for name, longest in took.items()
            if longest >= (MOST_OPENING if name == "opening" else MOST)}
    assert not slow, f"milliseconds at a time: {slow}"
