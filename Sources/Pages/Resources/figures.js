// Figures with their legends and tools, and the sections that they stand in.

/** A figure of the page: its panels, its legend and its tools. */
class FigureView {
    constructor(section, description) {
        Object.assign(this, { section, description, id: description.id, title: description.title });
        this.data = decoded(description.figure);
        this.body = element("div", { class: "panels" });
        this.legend = element("div", { class: "legend" });
        this.note = element("p", { class: "note" });
        this.sql = element("pre", { class: "sql", hidden: true }, description.sql);
        const tool = (text, label, action, attributes = {}) =>
            element("button", { type: "button", title: label, "aria-label": `${label}: ${this.title}`, onclick: action, ...attributes }, text);
        this.logTool = this.data.kind === "lines"
            ? tool("log", "Logarithmic y axis", () => this.toggleLogarithmic(), { "aria-pressed": this.isLogarithmic }) : undefined;
        this.allTool = tool("all values", "Axes that reach over all values", () => this.toggleAll(), { hidden: true });
        this.node = element("figure", { id: this.id, class: "figure" },
            element("figcaption", {},
                element("h3", {}, this.title),
                element("span", { class: "tools" }, this.logTool, this.allTool,
                    tool("reset", "Reset the zoom", () => this.section.zoomTo(null)),
                    tool("SQL", "Show the SQL behind it", () => { this.sql.hidden = !this.sql.hidden; }),
                    tool("CSV", "Download the values", () => download(`${this.id}.csv`, "text/csv", this.csv())),
                    tool("SVG", "Download the picture", () => download(`${this.id}.svg`, "image/svg+xml", this.svg())),
                    tool("plot", "Copy the bnexp plot command", (event) => this.copyCommand(event.target)))),
            this.sql, this.legend, this.body, this.note);
        this.makePanels();
    }

    get isOverSteps() { return this.description.isOverSteps; }
    get smooths() { return this.description.smooths; }
    /** Whether its axes always have a place for all values: those of what is set, and not measured. */
    get showsAll() { return this.description.showsAll || state.all.has(this.id); }
    get isLogarithmic() {
        if (state.log.has(this.id)) return true;
        return !state.linear.has(this.id) && this.data.panels[0]?.yAxis?.scale === "logarithmic";
    }
    get height() {
        if (this.data.kind === "lines") return this.panels.length === 1 ? 300 : 210;
        const rows = Math.max(...this.data.panels.map((panel) => panel.rows.length));
        return frame.top + frame.bottom + Math.min(240, Math.max(120, rows * 22));
    }

    makePanels() {
        const limit = state.open.has(this.id) ? Infinity : 12;
        let shown = this.data.panels;
        if (this.data.kind === "maps") {
            shown = shown.filter((panel) => isShown(panel.run));
            if (meansSeeds()) shown = meanMaps(shown);
        }
        this.panels = shown.slice(0, limit).map((panel) => new (this.data.kind === "lines" ? LinePanel : MapPanel)(this, panel));
        this.body.replaceChildren(...this.panels.map((panel) => panel.node));
        this.body.classList.toggle("single", this.panels.length === 1);
        if (shown.length > limit) {
            this.body.append(element("button", { type: "button", class: "more", onclick: () => { state.open.add(this.id); this.makePanels(); this.draw(); } },
                `Show ${counted(shown.length - limit, "more panel")}`));
        }
    }

    /**
     * Returns what the axes reach over: all values, or where the runs that left their beginning would flatten the
     * others, those of the others.
     */
    limited(all, steady, scale) {
        this.isLimited = !this.description.showsAll && isFlattened(all, steady, scale);
        return this.isLimited && !this.showsAll ? steady : all;
    }

    /** The scale of colours of all maps together. */
    reachOfColors() {
        const { scale } = this.data.panels[0].colorAxis, all = [Infinity, -Infinity], steady = [Infinity, -Infinity];
        const steadyValues = [];
        this.withoutColor = 0;
        for (const { description } of this.panels) {
            const leaves = mayLeave(description);
            for (const value of description.values) {
                if (Number.isFinite(value) && !canShow(value, scale)) this.withoutColor++;
                if (!canShow(value, scale)) continue;
                widen(all, value);
                if (leaves) continue;
                widen(steady, value);
                if (value > 0) steadyValues.push(value);
            }
        }
        // A hundredth of the cells, such as single bins that hold most of the values, does not darken all others.
        if (scale === "linear" && steadyValues.length >= 20) {
            const [end] = percentileOf(steadyValues);
            if (end > steady[0]) steady[1] = end;
        }
        const [low, high] = all[0] <= all[1] ? this.limited(all, steady, scale) : scale === "linear" ? [0, 1] : [1, 10];
        return makeAxis(low, high, scale);
    }

    /**
     * Returns the range of x over all maps, so that a step stands below each other, and how wide a single column is:
     * as wide as the narrowest of the others.
     */
    reachOfSteps() {
        let low = Infinity, high = -Infinity, column = Infinity;
        for (const panel of this.panels) {
            const places = panel.places();
            if (places.length === 0 || !places.every(Number.isFinite)) continue;
            low = Math.min(low, places[0]);
            high = Math.max(high, places[places.length - 1]);
            for (let place = 1; place < places.length; place++) column = Math.min(column, places[place] - places[place - 1]);
        }
        if (low === high) [low, high] = [0, 2 * high || 1];
        if (column === Infinity) column = (high - low) / 20;
        for (const panel of this.panels) {
            const edges = panel.edgesOf(panel.places(), column);
            if (!edges.every(Number.isFinite)) continue;
            low = Math.min(low, edges[0] ?? low);
            high = Math.max(high, edges[edges.length - 1] ?? high);
        }
        return { range: [low, high], column };
    }

    /** Returns the least and greatest of x and y, over the panels. */
    reachOfLines() {
        const all = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] }, steady = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
        for (const panel of this.panels) {
            const lines = panel.lines();
            for (const [whole, part] of [[steady, lines.filter((line) => !mayLeave(line))], [all, lines]]) {
                const reach = panel.reach(part, whole === steady);
                for (const axis of ["x", "y"]) for (const end of reach[axis]) if (Number.isFinite(end)) widen(whole[axis], end);
            }
        }
        const scale = this.isLogarithmic ? "logarithmic" : "linear";
        if (this.description.startsAtZero && scale === "linear") for (const reach of [all, steady]) widen(reach.y, 0);
        const end = scale === "linear" && !this.section.zoomOf(this) ? endBeforeFew(this.steadyValues()) : undefined;
        if (end !== undefined) steady.y = [Math.min(end, steady.y[0] <= steady.y[1] ? steady.y[0] : all.y[0]), end];
        return { x: all.x, y: this.limited(all.y, steady.y, scale) };
    }

    /** Returns the values of the lines that stay with the others; of all lines if none does. */
    steadyValues() {
        const lines = this.panels.flatMap((panel) => panel.lines());
        const values = (some) => some.flatMap((line) => Array.from(line.y).filter((value, place) => canShow(value, "linear") && !line.leaves?.includes(place)));
        const own = values(lines.filter((line) => !mayLeave(line)));
        return own.length > 0 ? own : values(lines);
    }

    draw() {
        this.isDrawn = true;
        this.logTool?.setAttribute("aria-pressed", this.isLogarithmic);
        if (this.data.kind === "maps") {
            this.makePanels();
            this.colorAxis = this.reachOfColors();
            this.steps = this.isOverSteps ? this.reachOfSteps() : undefined;
        }
        const reach = this.data.kind === "lines" ? this.reachOfLines() : undefined;
        for (const panel of this.panels) panel.draw(reach);
        this.allTool.hidden = !this.isLimited;
        this.allTool.setAttribute("aria-pressed", state.all.has(this.id));
        this.drawLegend();
        const notes = [];
        for (const note of new Set(this.data.panels.flatMap((panel) => panel.notes ?? []))) notes.push(`${note[0].toUpperCase()}${note.slice(1)}.`);
        const withoutPlace = this.panels.reduce((sum, panel) => sum + (panel.withoutPlace ?? 0), 0), isOne = withoutPlace === 1;
        if (withoutPlace > 0) notes.push(`${counted(withoutPlace, "value")} that ${isOne ? "is" : "are"} not above 0 ${isOne ? "has" : "have"} no place on the logarithmic axis.`);
        if (this.data.kind === "maps" && this.withoutColor > 0) {
            notes.push(`${counted(this.withoutColor, "value")} that ${this.withoutColor === 1 ? "is not above 0 has" : "are not above 0 have"} no colour on the logarithmic scale.`);
        }
        const columns = Math.max(...this.panels.map((panel) => panel.thinned ?? 1), 1);
        if (this.panels.some((panel) => panel.node.dataset.thinned === "true")) notes.push("Lowest and highest value of each column of pixels; zoom in to see every point.");
        if (columns > 1) notes.push(`Each column of pixels is the mean of up to ${columns} steps; zoom in to see every one.`);
        if (state.smooth > 0 && this.smooths) notes.push(`Smoothed with weight ${state.smooth}; the faint line is what was measured.`);
        if (this.isLimited && !this.showsAll) {
            const what = this.data.kind === "lines" ? "triangles at the edge mark values beyond them" : "values beyond them have the last colour";
            notes.push(`The axes are those of the runs that neither diverged nor rose above 5 times their first loss, and end before few values far beyond all others; ${what}. “all values” shows everything.`);
        }
        const means = this.panels.flatMap((panel) => panel.shown?.filter((line) => line.runs) ?? []);
        if (means.length > 0) {
            const areas = means.some((line) => line.ownAreas) ? "areas the means of what the title says" : "areas one standard deviation where there are two values";
            notes.push(`Lines are means over the seeds that have a value at a step, ${areas}.`);
        }
        this.notes = notes;
        this.note.textContent = notes.join(" ");
    }

    drawLegend() {
        if (this.data.kind === "maps") return this.legend.replaceChildren(this.colorBar());
        const entries = new Map(), isOfGroups = sharesHues() && !meansSeeds();
        for (const panel of this.panels) {
            (panel.shown ?? []).forEach((line, place) => {
                const name = isOfGroups && line.run !== undefined ? [runOf(line.run)?.groupLabel, line.part].filter(Boolean).join(", ") : line.name;
                if (!entries.has(name)) entries.set(name, { look: lookOf(line, place), runs: new Set() });
                for (const run of line.runs ?? (line.run === undefined ? [] : [line.run])) entries.get(name).runs.add(run);
            });
        }
        const hidden = new Map();
        for (const run of state.hidden) {
            if (!selected().includes(run) || !this.data.panels.some((panel) => panel.series.some((line) => line.run === run))) continue;
            const name = sharesHues() ? runOf(run)?.groupLabel : runOf(run)?.label ?? `run ${run}`;
            hidden.set(name, [...(hidden.get(name) ?? []), run]);
        }
        const entry = (name, look, runs, isHidden) => {
            const key = element("svg", { width: 24, height: 10, "aria-hidden": "true" },
                element("path", { d: "M1 5H23", stroke: look.color, "stroke-width": 2.5, "stroke-dasharray": look.dash || undefined }));
            if (runs.length === 0) return element("span", { class: "entry" }, key, name);
            const what = runs.length === 1 ? "this run" : `these ${runs.length} runs`;
            return element("button", {
                type: "button", class: "entry", "aria-pressed": !isHidden, title: `${isHidden ? "Show" : "Hide"} ${what}`, onclick: () => setHidden(runs, !isHidden),
            }, key, name);
        };
        this.legend.replaceChildren(
            ...[...entries].map(([name, { look, runs }]) => entry(name, look, [...runs], false)),
            ...[...hidden].map(([name, runs]) => entry(name, { color: "#999", dash: "2 4" }, runs, true)));
    }

    colorBar() {
        if (this.panels.length === 0) return element("span", {});
        const axis = this.colorAxis, width = 260, samples = page.palette.viridis;
        const bar = element("svg", { class: "colorbar", width: width + 60, height: 34, role: "img", "aria-label": `Colours from ${numberText(axis.low)} to ${numberText(axis.high)}` });
        for (let place = 0; place < 64; place++) {
            bar.append(element("rect", { x: 20 + place * width / 64, y: 0, width: width / 64 + 0.5, height: 12, fill: hexOf(viridis(samples, (place + 0.5) / 64)) }));
        }
        let free = -Infinity;
        for (const tick of axis.ticks) {
            const x = 20 + fraction(axis, tick) * width, half = numberText(tick).length * 3.6;
            if (x - half < free) continue;
            free = x + half + 6;
            bar.append(element("line", { x1: x, x2: x, y1: 12, y2: 16, class: "axisline" }), element("text", { x, y: 28, "text-anchor": "middle", class: "tick" }, numberText(tick)));
        }
        // What lies beyond the scale has the colour of its end, of which an arrow says so.
        const all = this.panels.flatMap(({ description }) => Array.from(description.values).filter((value) => canShow(value, axis.scale)));
        if (all.some((value) => value < axis.low)) bar.append(element("path", { d: "M19 0V12L8 6Z", fill: hexOf(viridis(samples, 0)), class: "beyond" }));
        if (all.some((value) => value > axis.high)) bar.append(element("path", { d: `M${21 + width} 0V12L${32 + width} 6Z`, fill: hexOf(viridis(samples, 1)), class: "beyond" }));
        return element("span", { class: "entry" }, bar, this.data.panels[0].valueLabel);
    }

    toggleLogarithmic() {
        const now = !this.isLogarithmic;
        state.log.delete(this.id);
        state.linear.delete(this.id);
        if (now !== (this.data.panels[0]?.yAxis?.scale === "logarithmic")) (now ? state.log : state.linear).add(this.id);
        writeState();
        this.draw();
    }

    toggleAll() {
        if (state.all.has(this.id)) state.all.delete(this.id); else state.all.add(this.id);
        writeState();
        this.draw();
    }

    async copyCommand(button) {
        const { command } = this.description;
        try {
            await navigator.clipboard.writeText(command);
            button.textContent = "copied";
            setTimeout(() => { button.textContent = "plot"; }, 1500);
        } catch {
            this.sql.textContent = `${command}\n\n${this.description.sql}`;
            this.sql.hidden = false;
        }
    }

    csv() {
        const header = this.data.kind === "lines" ? ["panel", "series", this.data.panels[0]?.xLabel, this.data.panels[0]?.yLabel, "low", "high"]
            : ["panel", this.data.panels[0]?.xLabel, this.data.panels[0]?.yLabel, this.data.panels[0]?.valueLabel];
        const field = (value) => {
            const text = String(value ?? "");
            return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        };
        return [header, ...this.panels.flatMap((panel) => panel.rows())].map((row) => row.map(field).join(",") + "\r\n").join("");
    }

    /** Returns the picture as an SVG file of its own, on white. */
    svg() {
        const columns = Math.min(3, this.panels.length), width = this.panels[0].width, height = this.panels[0].height + 8;
        const rows = Math.ceil(this.panels.length / columns), legend = this.data.kind === "lines" ? [...this.legend.querySelectorAll(".entry")] : [];
        const notes = this.notes ?? [], top = 30 + 18 * (legend.length + notes.length);
        const svg = element("svg", {
            xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${columns * width} ${top + rows * height}`, "font-size": 12, fill: "#333",
            "font-family": "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
        }, element("rect", { width: "100%", height: "100%", fill: "#fff" }), element("text", { x: 8, y: 20, "font-size": 15, "font-weight": 600 }, this.title));
        legend.forEach((entry, place) => {
            const key = entry.querySelector("path")?.cloneNode(true);
            const group = element("g", { transform: `translate(8 ${30 + 18 * place})` }, element("text", { x: 30, y: 9 }, entry.textContent));
            if (key) group.append(key);
            svg.append(group);
        });
        notes.forEach((note, place) => svg.append(element("text", { x: 8, y: 39 + 18 * (legend.length + place), "font-size": 11 }, note)));
        this.panels.forEach((panel, place) => {
            svg.append(element("g", { transform: `translate(${place % columns * width} ${top + Math.floor(place / columns) * height})` }, ...panel.exported()));
        });
        for (const node of svg.querySelectorAll(".grid")) node.setAttribute("stroke", "#ddd");
        for (const node of svg.querySelectorAll("[class]")) node.removeAttribute("class");
        return new XMLSerializer().serializeToString(svg) + "\n";
    }
}

class SectionView {
    constructor(description) {
        this.description = description;
        this.id = description.id;
        this.cursor = null;
        this.content = element("div", {});
        this.node = element("section", { id: `section-${this.id}` },
            element("h2", {}, description.title), element("p", { class: "question" }, description.question), this.content);
        this.fill();
    }

    fill() {
        const { figures: all, tables, tablesBelow, sentences } = this.description;
        this.figures = all.map((figure) => new FigureView(this, figure));
        this.content.replaceChildren(
            ...sentences.map((sentence) => element("p", { class: "answer" }, sentence)), ...tables.map(tableNode),
            ...this.figures.map((figure) => figure.node), ...tablesBelow.map(tableNode));
    }

    zoomOf(figure) { return figure.isOverSteps ? state.zoom[this.id] : undefined; }

    zoomTo(range) {
        if (range) state.zoom[this.id] = range; else delete state.zoom[this.id];
        writeState();
        this.redraw();
    }

    moveCursor(cursor) {
        this.cursor = cursor;
        for (const figure of this.figures) {
            if (!figure.isDrawn || (cursor && figure !== cursor.panel.figure && !(figure.isOverSteps && cursor.panel.figure.isOverSteps))) continue;
            for (const panel of figure.panels) panel.showCursor(cursor);
        }
    }

    redraw() {
        for (const figure of this.figures) if (figure.isDrawn) figure.draw();
        if (this.cursor) this.moveCursor(this.cursor);
    }
}

function tableNode({ title, columns, rows }) {
    // A column of numbers stands to the right, with its name and with what is missing; any other to the left.
    const areNumbers = columns.map((_, place) => rows.some((row) => typeof row[place] === "number") && rows.every((row) => row[place] === null || typeof row[place] === "number"));
    const cell = (value, kind, place) => element(kind, { class: areNumbers[place] ? "number" : String(value).length > 60 ? "long" : undefined, scope: kind === "th" ? "row" : undefined },
        value === null ? "-" : typeof value === "number" ? (Number.isInteger(value) ? String(value) : numberText(value, 5)) : String(value));
    return element("div", { class: "tablebox" }, title ? element("h3", {}, title) : undefined,
        element("div", { tabindex: "0", role: "region", "aria-label": title || "Table" }, element("table", {}, element("thead", {}, element("tr", {}, ...columns.map((name, place) => element("th", { scope: "col", class: areNumbers[place] ? "number" : undefined }, name)))),
            element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((value, place) => cell(value, place === 0 ? "th" : "td", place))))))));
}
