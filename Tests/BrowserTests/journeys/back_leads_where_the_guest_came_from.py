"""What lies over the page goes by Back, Escape and its button; the page below keeps its place, and the focus returns."""

from bar import until

SET_UP = """async () => {
    window.sheet = await import('/assets/sheet.js');
    window.moves = [];
    window.sheet.whenMoved(() => window.moves.push(window.sheet.route().name));
    const tall = document.createElement('div');
    tall.id = 'tall';
    const button = document.createElement('button');
    button.id = 'opener';
    tall.append(button);
    document.body.append(tall);
    tall.style.paddingTop = '2000px';
    tall.style.paddingBottom = '2000px';
    window.scrollTo(0, 1500);
    window.show = (more = {}) => {
        const inside = document.createElement('div');
        const close = document.createElement('button');
        close.dataset.close = '';
        close.textContent = 'Close';
        inside.append(close);
        document.getElementById('opener').focus({ preventScroll: true });
        window.opened = window.sheet.openSheet(inside, {
            label: 'Something', opener: () => document.getElementById('opener'),
            closed: () => window.moves.push('closed'), ...more,
        });
    };
}"""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open("/")
    page = phone.page
    page.get_by_role("heading").first.wait_for()
    page.evaluate(SET_UP)
    dialog = page.get_by_role("dialog", name="Something")

    def is_back(moves):
        dialog.wait_for(state="detached")
        until(lambda: page.evaluate("() => window.moves") == moves, f"{moves}, not {page.evaluate('() => window.moves')}")
        assert page.evaluate("() => document.activeElement.id") == "opener"
        assert page.evaluate("() => scrollY") == 1500
        page.evaluate("() => { window.moves.length = 0; }")

    ways = [page.go_back, lambda: page.keyboard.press("Escape"), lambda: dialog.get_by_role("button").click()]
    for way in ways:
        page.evaluate("() => window.show()")
        dialog.wait_for()
        way()
        is_back(["closed"])

    # A sheet with an address: going there opens it, going back takes it away.
    for way in ways:
        page.evaluate("""() => {
            window.sheet.goTo('#/drink/a%2Fb');
            window.show({ isRoute: true, closed: undefined });
        }""")
        dialog.wait_for()
        assert page.evaluate("() => window.sheet.route()") == {"name": "drink", "id": "a/b"}
        page.evaluate("() => window.sheet.whenMoved(() => window.opened.finish())")
        way()
        is_back(["drink", "menu"])

    # Whoever came by such an address has nothing of this page to go back to, and stays in it.
    page.goto("about:blank")
    page.goto(bar.origin + "/#/drink/a")
    page.get_by_role("heading").first.wait_for()
    page.evaluate(SET_UP)
    page.evaluate("() => window.sheet.goBack()")
    assert page.evaluate("() => [location.hash, window.moves]") == ["#/", ["menu"]]
    page.evaluate("() => window.sheet.goTo('#/orders')")
    page.reload()
    page.get_by_role("heading").first.wait_for()
    page.evaluate("() => import('/assets/sheet.js').then(({ goBack }) => goBack())")
    until(lambda: page.evaluate("() => location.hash") == "#/", "back is still back after a reload")
