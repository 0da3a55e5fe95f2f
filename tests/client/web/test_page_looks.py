"""The consultant's page for every eye, hand and screen: contrast, names, keyboard, a phone's width, a very long log."""

import json
from typing import Literal

import pytest
from pages import browser
from pages.browser import Visitor
from pages.consultant import completed, enter, home, open_review, priced, row, submit
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from local.stack import LocalStack

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

# Texts whose contrast with what lies behind them is below WCAG's AA: 4.5, or 3 where large.
FAINT_TEXTS = """() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
        const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        const [x, y, z] = [r, g, b].map((c) => linear(c / 255));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = channels(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const faint = [];
    for (const element of document.body.querySelectorAll("*")) {
        const own = [...element.childNodes].filter((node) => node.nodeType === 3);
        const text = own.map((node) => node.data).join("").trim();
        if (!text || !element.checkVisibility() || element.disabled) continue;
        const style = getComputedStyle(element);
        const [one, other] = [luminance(channels(style.color)), luminance(behind(element))].sort((a, b) => b - a);
        const ratio = (one + 0.05) / (other + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        if (ratio < (large ? 3 : 4.5)) faint.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return faint;
}"""

# What a screen reader could not name, or would be led astray by.
UNNAMED = """() => {
    const wrong = [];
    const visible = (one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
    const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
    for (const one of all("input, select, textarea")) if (!one.labels.length) wrong.push(`no label: ${one.outerHTML}`);
    for (const one of all("button, a")) if (!one.innerText.trim()) wrong.push(`no name: ${one.outerHTML}`);
    for (const one of all("progress")) if (!one.getAttribute("aria-label")) wrong.push(`no name: ${one.outerHTML}`);
    for (const one of all("img")) if (!one.hasAttribute("alt")) wrong.push(`no alt: ${one.outerHTML}`);
    if (document.querySelectorAll("main h1").length !== 1) wrong.push("not one h1");
    if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
    const levels = all("main h1, main h2, main h3").map((one) => Number(one.tagName[1]));
    levels.reduce((before, level) => (level > before + 1 && wrong.push(`h${before} then h${level}`), level), 0);
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: #${id}`);
    for (const name of ["aria-describedby", "aria-labelledby"]) {
        for (const one of document.querySelectorAll(`[${name}]`)) {
            const named = one.getAttribute(name).split(" ");
            for (const id of named) if (!ids.includes(id)) wrong.push(`${name} of no #${id}`);
        }
    }
    for (const one of all("button, summary, input, nav a")) {
        const { width, height } = one.getBoundingClientRect();
        if (width < 24 || height < 24) wrong.push(`too small to hit: ${one.outerHTML} ${width} x ${height}`);
    }
    return wrong;
}"""

# On a phone the agent is seen at work before its long tables; beside them elsewhere.
LOG_BEFORE_COSTS = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    return box(".log").bottom <= box(".costs").top;
}"""

LONG_LOG = """async () => {
    const { Timeline } = await import("/views/session/timeline.js");
    const timeline = new Timeline();
    document.getElementById("main").replaceChildren(timeline.element);
    const kinds = ["REASONING", "TOOL_CALL", "TOOL_RESPONSE", "WARNING", "CHUNK"];
    const event = (sequence) => ({
        sequence, type: kinds[sequence % 5], tool: "CostCalculator", text: `{"number": ${sequence}}`,
        truncated: false, timestamp: "2026-11-22T12:00:00.000Z",
    });
    const scroller = timeline.element.querySelector(".scroller");
    const rows = () => timeline.element.querySelectorAll(".event").length;
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const until = async (count) => { while (rows() < count) await frame(); };
    const adding = async (sequence) => {
        const began = performance.now();
        timeline.add([event(sequence)]);
        scroller.getBoundingClientRect();
        return performance.now() - began;
    };
    const median = (numbers) => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
    const pauses = [];
    new PerformanceObserver((list) => pauses.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: "longtask" });
    timeline.add(Array.from({ length: 10000 }, (_, n) => event(1 + n)));
    await until(8000);
    await frame();
    await frame();
    const one = [];
    for (let sequence = 10001; sequence <= 10020; sequence += 1) {
        one.push(await adding(sequence));
        await frame();
    }
    const followed = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const first = timeline.element.querySelector(".event");
    const changes = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(timeline.element, { childList: true, subtree: true });
    scroller.scrollTop = 1000;
    await frame();
    await frame();
    const before = scroller.scrollTop;
    timeline.add([event(10019), event(10020), event(10021), event(10022)]);
    await frame();
    const moved = changes.flatMap((change) => [...change.addedNodes, ...change.removedNodes]);
    return {
        one: median(one), pause: median(pauses.concat(0)), followed, moved: scroller.scrollTop - before,
        same: first === timeline.element.querySelector(".event"),
        changed: moved.filter((node) => node.classList?.contains("event")).length, rows: rows(),
        offered: !timeline.element.querySelector(".newest").hidden,
    };
}"""


async def assert_good_for_all(page: Page, what: str) -> None:
    await page.wait_for_timeout(400)  # colours are told once they have settled
    assert await page.evaluate(FAINT_TEXTS) == [], what
    assert await page.evaluate(UNNAMED) == [], what
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, what


@pytest.mark.parametrize(("scheme", "size"), [("light", PHONE), ("dark", DESKTOP)])
async def test_every_view_is_legible_named_and_fits(
    chromium: Browser, stack: LocalStack, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    """Each view keeps WCAG's contrast, names its controls, and needs no sideways scrolling, light or dark."""
    async with browser.visiting(chromium, viewport=size, color_scheme=scheme) as ada:
        page = ada.page
        await page.goto(home(stack))
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await assert_good_for_all(page, "sign-in")
        await enter(page, stack)
        await page.get_by_role("button", name="Create the proposal").click()
        await assert_good_for_all(page, "form with faults")
        await submit(page, "Donaudampfschifffahrtsgesellschaftskapitänsmützenhersteller" * 3)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await completed(page)
        for summary in await page.locator("summary").all():
            await summary.click()
        await assert_good_for_all(page, "completed")
        assert await page.evaluate(LOG_BEFORE_COSTS) is (size is PHONE)
        await submit(page, "Cancelled soon")
        await page.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_role("button", name="Run it again")).to_be_visible()
        await assert_good_for_all(page, "cancelled")
        await page.get_by_role("link", name="My proposals").click()
        await expect(page.get_by_role("listitem").nth(1)).to_be_visible()
        await assert_good_for_all(page, "list")
        await page.goto(f"{home(stack)}#/sessions/nobodys")
        await expect(page.get_by_role("heading", name="No such proposal")).to_be_visible()
        await assert_good_for_all(page, "missing")
        assert ada.complaints == []


@pytest.mark.parametrize(("scheme", "size"), [("dark", PHONE), ("light", DESKTOP)])
async def test_the_review_and_the_versions_are_legible_named_and_fit(
    chromium: Browser, stack: LocalStack, scheme: Literal["light", "dark"], size: ViewportSize
) -> None:
    """The review with edits and faults, a question before a deletion, and two versions, light or dark."""
    async with browser.visiting(chromium, viewport=size, color_scheme=scheme) as ada:
        page = ada.page
        await enter(page, stack)
        long = "Donaudampfschifffahrtsgesellschaft" * 4
        await submit(page, "Reviewed", f"# {long}\n- Users can book {long}\n- Exports to Excel", review=True)
        await open_review(page)
        await row(page, "FR-1").get_by_role("textbox").fill("")
        await page.get_by_label("Currency").fill("X")
        await page.get_by_role("button", name="Price again").click()
        await expect(page.get_by_text("They are marked.")).to_be_visible()
        await assert_good_for_all(page, "review with faults")
        await row(page, "FR-1").get_by_role("textbox").fill("Users can book a room")
        await page.get_by_label("Currency").fill("")
        await page.get_by_role("button", name="Price again").click()
        await priced(page, 2)
        await page.get_by_role("link", name="Back to the proposal").click()
        await expect(page.get_by_role("link", name="Review the proposal")).to_be_visible()
        await assert_good_for_all(page, "waiting")
        await page.get_by_role("button", name="Delete").click()
        await assert_good_for_all(page, "question before a deletion")
        await page.get_by_role("button", name="Keep it").click()
        await page.get_by_role("link", name="Compare versions").click()
        await expect(page.get_by_role("heading", name="Price and plan")).to_be_visible()
        await assert_good_for_all(page, "versions")
        assert ada.complaints == []


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


async def test_the_main_job_is_done_by_keyboard_alone(ada: Visitor, stack: LocalStack) -> None:
    """Skip link, sign-in, form and session are reached by Tab and used by Enter; the focus follows the view."""
    page, keys = ada.page, ada.page.keyboard
    account = stack.users.accounts[0]
    await page.goto(home(stack))
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await keys.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.type(account.username)
    await keys.press("Tab")
    await keys.type(account.password)
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="New proposal")).to_be_visible()
    await tab_to(page, page.get_by_label("Client"))
    await keys.type("By keyboard")
    await tab_to(page, page.get_by_label("Meeting notes"))
    await keys.type("- Users can book a room")
    await tab_to(page, page.get_by_role("button", name="Create the proposal"))
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="By keyboard")).to_be_focused()
    await completed(page)
    await tab_to(page, page.get_by_role("link", name="Download presentation"))
    await page.get_by_role("button", name="Sign out").press("Enter")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_focused()
    assert ada.complaints == []


async def test_tools_that_are_called_at_once_each_get_their_own_answer(ada: Visitor, stack: LocalStack) -> None:
    """An agent may ask for several tools before the first has answered; what no answer came to is told at the end."""
    await ada.page.goto(home(stack))
    told = await ada.page.evaluate(
        """async () => {
            const { Timeline } = await import("/views/session/timeline.js");
            const timeline = new Timeline();
            const said = ["CALL One", "CALL Two", "CALL Three", "RESPONSE One", "RESPONSE Two"];
            timeline.add(said.map((words) => words.split(" ")).map(([kind, tool], at) => ({
                sequence: at + 1, type: `TOOL_${kind}`, tool, text: `{"of": "${tool}"}`,
                truncated: false, timestamp: `2026-11-22T12:00:0${at}.000Z`,
            })));
            timeline.end();
            const texts = (from, what) => [...from.querySelectorAll(what)].map((one) => one.textContent).join("; ");
            const rows = [...timeline.element.querySelectorAll(".event")];
            return rows.map((row) => texts(row, "strong, .tool-state, .gist"));
        }"""
    )
    assert told == ["One; answered in 3 s; of: One", "Two; answered in 3 s; of: Two", "Three; no answer; "]


async def test_ten_thousand_events_stay_quick_and_do_not_move_a_reader(ada: Visitor, stack: LocalStack) -> None:
    """The log only grows: a new event costs one row, however many there are, and a reader's place stays."""
    await ada.page.goto(home(stack))
    measured = await ada.page.evaluate(LONG_LOG)
    print(json.dumps(measured))  # noqa: T201 - shown with -s, and when it fails
    assert measured["rows"] == 8017  # a call and its answer are one row
    assert measured["one"] < 100  # milliseconds; 5 where nothing else runs
    assert measured["pause"] < 500  # 60 where nothing else runs
    assert measured["followed"] < 40
    assert measured["moved"] == 0
    assert measured["same"]
    assert measured["changed"] == 1  # the new call's row; its answer went into it, and none was removed
    assert measured["offered"]
    assert ada.complaints == []
