"""The phone changes its network, and nobody tells the line it had: what happened meanwhile is seen at once."""

# A line that is lost lets nothing through any more, and does not end.
LINES = """
    const ask = window.fetch;
    window.fetch = async (path, ...more) => {
        const answer = await ask(path, ...more);
        if (path !== "/events" || !answer.body) return answer;
        const line = { isLost: false };
        window.line = line;
        const through = new TransformStream({ transform: (bytes, on) => { if (!line.isLost) on.enqueue(bytes); } });
        return new Response(answer.body.pipeThrough(through), answer);
    };
"""


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    page.add_init_script(LINES)
    phone.join("Ana")
    order = phone.order("Negroni")
    shown = page.locator(".order-bar")
    bar.move(order, "in_progress")
    shown.get_by_text("Negroni is being mixed").wait_for()
    page.evaluate("() => { window.line.isLost = true; }")
    bar.move(order, "ready")
    # Longer than a line counts as fresh after its last word, and shorter than silence counts as its end.
    page.wait_for_timeout(1_500)
    assert shown.get_by_text("Negroni is ready").count() == 0
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    shown.get_by_text("Negroni is ready").wait_for(state="attached", timeout=2_000)
