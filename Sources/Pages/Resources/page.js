// Builds the page, and follows runs that are going on.

let table, sections = [];

function setHidden(runs, isHidden) {
    for (const run of runs) if (isHidden) state.hidden.add(run); else state.hidden.delete(run);
    writeState();
    redraw();
}

function toggleChosen(run) {
    const now = selected();
    choose(now.includes(run) ? now.filter((other) => other !== run) : [...now, run]);
}

async function choose(runs) {
    state.runs = runs;
    writeState();
    table.drawRows();
    if (page.live) await load(runs);
    redraw();
}

function redraw() {
    table.drawRows();
    for (const section of sections) section.redraw();
}

function adopt(content) {
    page = content;
    page.byId = new Map();
    const place = (name) => page.columns.indexOf(name);
    for (const row of page.rows) page.byId.set(row[0], { id: row[0], label: `run ${row[0]}`, status: row[place("status")] });
    for (const run of page.described) Object.assign(page.byId.get(run.id) ?? {}, run);
    for (const clock of Object.values(page.clocks)) {
        for (const unit of ["epoch", "seconds"]) if (clock[unit]) clock[unit] = { x: numbers(clock[unit].x), y: numbers(clock[unit].y) };
    }
    for (const section of page.sections) for (const figure of section.figures) nameParts(figure.figure);
}

/** Tells the lines and maps of one run apart: a part is what a name says beside the run's, as "batch" in "bn, batch". */
function nameParts(figure) {
    for (const part of figure.kind === "lines" ? figure.panels.flatMap((panel) => panel.series) : figure.panels) {
        const label = page.byId.get(part.run)?.label, name = part.name ?? part.title;
        if (label !== undefined && name.startsWith(label + ", ")) part.part = name.slice(label.length + 2);
    }
}

const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
        const view = figures.find((figure) => figure.node === entry.target);
        if (entry.isIntersecting && view && !view.isDrawn) view.draw();
    }
}, { rootMargin: "300px" });

function build() {
    figures.length = 0;
    watcher.disconnect();
    sections = page.sections.map((section) => new SectionView(section));
    for (const section of sections) figures.push(...section.figures);
    document.getElementById("sections").replaceChildren(...sections.map((section) => section.node));
    document.getElementById("contents").replaceChildren(...["runs", ...sections.map((section) => `section-${section.id}`)].map((id, place) =>
        element("button", { type: "button", onclick: () => document.getElementById(id).scrollIntoView() }, place === 0 ? "Runs" : page.sections[place - 1].title)));
    for (const figure of figures) watcher.observe(figure.node);
    controls();
}

function controls() {
    const select = (label, options, value, action) => element("label", {}, label + " ", element("select", { onchange: (event) => action(event.target.value) },
        ...options.map(([name, text]) => element("option", { value: name, selected: name === value }, text))));
    const bar = document.getElementById("controls");
    bar.replaceChildren(
        select("over", [["step", "steps"], ["epoch", "epochs"], ["seconds", "seconds"]], state.x, (value) => {
            state.x = value;
            state.zoom = {};
            writeState();
            redraw();
        }),
        element("label", {}, element("input", { type: "checkbox", checked: meansSeeds(), onchange: (event) => { state.seeds = event.target.checked ? "mean" : "each"; writeState(); redraw(); } }), "mean over seeds"),
        element("label", {}, "smoothing ", element("input", {
            type: "range", min: 0, max: 0.99, step: 0.01, value: state.smooth, "aria-label": "Smoothing of training curves",
            oninput: (event) => { state.smooth = Number(event.target.value); writeState(); redraw(); },
        })),
        select("theme", [["", "of the system"], ["light", "light"], ["dark", "dark"]], state.theme, (value) => {
            state.theme = value;
            writeState();
            applyTheme();
            redraw();
        }));
}

function applyTheme() { document.documentElement.dataset.theme = isDark() ? "dark" : "light"; }

const notice = (text) => { document.getElementById("notice").textContent = text; };

async function ask(path, fields) {
    const query = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const answer = await fetch(`${path}?${query}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw Object.assign(new Error(await answer.text()), { isAnswer: true });
    return answer.json();
}

async function load(runs) {
    try {
        const content = await ask("page.json", { ...(runs ? { runs: runs.join(",") } : {}), state: page.state });
        const { rows, columns, shownColumns, state: known } = page;
        adopt({ rows, columns, shownColumns, state: known, ...content });
        build();
    } catch (error) {
        notice(`The pictures could not be loaded: ${error.message}`);
    }
}

/** Asks for the rows that were written since, as long as a chosen run may write any. */
async function follow() {
    const asked = page;
    try {
        const news = await ask("news.json", { runs: selected().join(","), after: Object.entries(page.cursors).map(([run, step]) => `${run}:${step}`).join(","), state: page.state });
        notice("");
        // Another choice of runs may have come meanwhile.
        if (page !== asked) return;
        if (news.rows) {
            Object.assign(page, { rows: news.rows, columns: news.columns, state: news.state });
            table.update();
        }
        // A picture that had no rows yet is not on the page.
        if (news.figures.some(({ id }) => !figures.some((view) => view.id === id))) await load(state.runs);
        else {
            Object.assign(page.cursors, news.cursors);
            for (const run of news.unsteady ?? []) if (runOf(run)) runOf(run).isUnsteady = true;
            for (const [run, clock] of Object.entries(news.clocks ?? {})) {
                for (const unit of ["epoch", "seconds"]) if (clock[unit]) (page.clocks[run] ??= {})[unit] = { x: numbers(clock[unit].x), y: numbers(clock[unit].y) };
            }
            for (const { id, figure, replaces } of news.figures) {
                const view = figures.find((other) => other.id === id);
                nameParts(figure);
                if (replaces) view.data = decoded(figure); else append(view.data, decoded(figure));
                if (replaces || view.panels.length !== view.data.panels.length) view.makePanels();
                if (view.isDrawn) view.draw();
            }
        }
    } catch (error) {
        notice(error.isAnswer ? error.message : `No connection to bnexp serve: ${error.message}`);
    } finally {
        setTimeout(follow, document.hidden ? 5000 : 1000);
    }
}

/** Returns the section in which any SELECT is answered. */
function askSection() {
    const statement = element("textarea", { "aria-label": "SQL statement", spellcheck: "false" }), answer = element("div", {});
    statement.value = "SELECT name, normalization, test_accuracy FROM run_summary ORDER BY test_accuracy DESC LIMIT 20";
    const run = async () => {
        try {
            const { columns, rows, isCut } = await ask("sql.json", { statement: statement.value });
            answer.replaceChildren(tableNode({ title: "", columns, rows: rows.slice(0, 1000) }),
                element("p", { class: "note" }, isCut || rows.length > 1000 ? "Only the first rows are shown; bnexp sql prints all." : `${rows.length} rows`));
        } catch (error) {
            answer.replaceChildren(element("p", { class: "note", role: "alert" }, error.message));
        }
    };
    return element("section", { id: "ask", class: "ask" }, element("h2", {}, "Ask"),
        element("p", { class: "question" }, "What else does the file say? One SELECT, answered within 5 seconds."),
        statement, element("div", { class: "toolbar" }, element("button", { type: "button", onclick: run }, "Run")), answer);
}

async function start() {
    readState();
    const embedded = document.getElementById("content");
    if (embedded) adopt(JSON.parse(embedded.textContent));
    else {
        try {
            adopt(await ask("page.json", state.runs ? { runs: state.runs.join(",") } : {}));
        } catch (error) {
            return notice(`The page could not be loaded: ${error.message}`);
        }
    }
    applyTheme();
    document.title = page.title;
    document.getElementById("title").textContent = page.title;
    document.getElementById("subtitle").textContent = page.subtitle;
    table = new RunsTable();
    document.getElementById("runsplace").replaceChildren(table.node);
    if (page.live) document.getElementById("askplace").replaceChildren(askSection());
    build();
    addEventListener("resize", redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { applyTheme(); redraw(); });
    addEventListener("hashchange", async () => {
        readState();
        applyTheme();
        controls();
        table.update();
        if (page.live) await load(state.runs);
        redraw();
    });
    // A sheet of A4 or Letter has a place for 700 pixels; what is drawn for a window would be cut.
    const print = (isOn) => {
        document.documentElement.classList.toggle("printing", isOn);
        document.getElementById("state").textContent = isOn ? stateInWords() : "";
        table.drawRows();
        for (const figure of figures) if (isOn || figure.isDrawn) figure.draw();
        // A table that is wider than the sheet is made smaller.
        for (const box of document.querySelectorAll(".tablebox > div, .scroller")) {
            box.style.zoom = isOn && box.scrollWidth > box.clientWidth ? box.clientWidth / box.scrollWidth : "";
        }
    };
    addEventListener("beforeprint", () => print(true));
    addEventListener("afterprint", () => print(false));
    if (page.live) setTimeout(follow, 1000);
    document.documentElement.dataset.ready = "true";
}

start();
