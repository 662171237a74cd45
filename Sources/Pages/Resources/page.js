// The page of `bnexp report` and `bnexp serve`: draws the figures that the program describes, and nothing else.
//
// A figure is what `Figure.json` of the module Charts says; axes follow the same rules here as there, which a test
// compares. Everything that is shown is set as text, never as HTML.
"use strict";

// ---- Axes, after Sources/Charts/Axis.swift -------------------------------------------------------------------------

const canShow = (value, scale) => Math.abs(value) < 1e300 && (scale === "linear" || value > 1e-300);

/** Returns the ends and ticks of an axis that has a place for all values from least to greatest. */
function makeAxis(least, greatest, scale) {
    return scale === "linear" ? linearAxis(least, greatest) : logarithmicAxis(least, greatest);
}

function linearAxis(least, greatest) {
    let low = least, high = greatest;
    if (high - low < 1e-290) {
        [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
    }
    const step = roundStep((high - low) / 6);
    const first = Math.floor(low / step), last = Math.ceil(high / step);
    const ticks = [];
    for (let place = first; place <= last; place++) ticks.push(place * step);
    return { scale: "linear", low: first * step, high: last * step, ticks };
}

function roundStep(rough) {
    const power = Math.pow(10, Math.floor(Math.log10(rough)));
    return ([1, 2, 5, 10].find((multiple) => multiple * power >= rough) ?? 10) * power;
}

function logarithmicAxis(least, greatest) {
    const powers = [];
    for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(greatest)) + 1; power++) {
        powers.push(power);
    }
    const multiples = powers.flatMap((power) => [1, 2, 5].map((multiple) => multiple * Math.pow(10, power)));
    const low = multiples.findLast((multiple) => multiple <= least) ?? least;
    const high = multiples.find((multiple) => multiple >= greatest && multiple > low) ?? greatest;
    return { scale: "logarithmic", low, high, ticks: logarithmicTicks(low, high, powers, multiples) };
}

function logarithmicTicks(low, high, powers, multiples) {
    const decades = Math.log10(high / low), step = Math.max(1, Math.round(decades / 6));
    const ticks = decades < 2.5
        ? multiples : powers.filter((power) => power % step === 0).map((power) => Math.pow(10, power));
    return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Returns an axis with exactly these ends, as a zoomed one has. */
function axisBetween(low, high, scale) {
    const whole = makeAxis(low, high, scale);
    return { scale, low, high, ticks: whole.ticks.filter((tick) => tick >= low && tick <= high) };
}

function fraction(axis, value) {
    return axis.scale === "linear"
        ? (value - axis.low) / (axis.high - axis.low)
        : Math.log10(value / axis.low) / Math.log10(axis.high / axis.low);
}

function valueAt(axis, fraction) {
    return axis.scale === "linear"
        ? axis.low + fraction * (axis.high - axis.low) : axis.low * Math.pow(axis.high / axis.low, fraction);
}

/** Returns a number with at most so many significant digits, or with all of its digits before the point. */
function numberText(value, digits = 6) {
    if (value === 0) return "0";
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    const magnitude = Math.abs(value);
    if (magnitude < 1e-300 || magnitude > 1e300) return value.toPrecision(3);
    if (magnitude >= 1e6 || magnitude < 1e-3) {
        let exponent = Math.floor(Math.log10(magnitude));
        let factor = roundedAway(value / Math.pow(10, exponent) * 100) / 100;
        if (Math.abs(factor) >= 10) [factor, exponent] = [factor / 10, exponent + 1];
        return `${Number(factor.toPrecision(6))}e${exponent}`;
    }
    const shown = Math.max(digits, Math.floor(Math.log10(magnitude)) + 1);
    return `${Number((roundedAway(value * 1e6) / 1e6).toPrecision(shown))}`;
}

const roundedAway = (value) => Math.sign(value) * Math.round(Math.abs(value));

// ---- Colours -------------------------------------------------------------------------------------------------------

const channels = (hex) => [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));

/** Returns the colour of viridis at a fraction from 0 to 1, as red, green and blue. */
function viridis(samples, fraction) {
    const place = Math.min(1, Math.max(0, fraction)) * (samples.length - 1);
    const index = Math.min(samples.length - 2, Math.floor(place)), share = place - index;
    const [from, to] = [channels(samples[index]), channels(samples[index + 1])];
    return from.map((part, channel) => Math.round(part + share * (to[channel] - part)));
}

const hexOf = (parts) => "#" + parts.map((part) => part.toString(16).padStart(2, "0").toUpperCase()).join("");

// ---- Numbers that the program sends --------------------------------------------------------------------------------

function numbers(list) {
    if (Array.isArray(list)) return Float64Array.from(list);
    if (list.f64 === undefined) return Float64Array.from({ length: list.count }, (_, place) => list.from + list.by * place);
    const text = atob(list.f64), bytes = new Uint8Array(text.length);
    for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place);
    return new Float64Array(bytes.buffer);
}

function joined(first, second) {
    const all = new Float64Array(first.length + second.length);
    all.set(first);
    all.set(second, first.length);
    return all;
}

/** Decodes the lists of numbers of a figure, in place. */
function decoded(figure) {
    for (const panel of figure.panels) {
        for (const line of panel.series ?? []) {
            for (const list of ["x", "y", "low", "high"]) if (line[list]) line[list] = numbers(line[list]);
        }
        if (panel.values) panel.values = numbers(panel.values);
    }
    return figure;
}

/** Adds the points of a figure that goes on with another to it. */
function append(figure, more) {
    for (const panel of more.panels) {
        const known = figure.panels.find((other) => other.title === panel.title);
        if (!known) figure.panels.push(panel);
        else if (figure.kind === "maps") appendColumns(known, panel);
        else {
            for (const line of panel.series) {
                const own = known.series.find((other) => other.name === line.name && other.run === line.run);
                if (!own) known.series.push(line);
                else for (const list of ["x", "y", "low", "high"]) if (own[list]) own[list] = joined(own[list], line[list]);
            }
        }
    }
}

function appendColumns(map, more) {
    const columns = [...map.columns, ...more.columns];
    const rows = more.rows.length > map.rows.length ? more.rows : map.rows;
    const values = new Float64Array(rows.length * columns.length).fill(NaN);
    for (const [part, offset] of [[map, 0], [more, map.columns.length]]) {
        part.rows.forEach((name, row) => {
            const place = rows.indexOf(name);
            for (let column = 0; column < part.columns.length; column++) {
                values[place * columns.length + offset + column] = part.values[row * part.columns.length + column];
            }
        });
    }
    Object.assign(map, { columns, rows, values });
}

// ---- Elements ------------------------------------------------------------------------------------------------------

function element(name, attributes = {}, ...children) {
    const isSVG = ["svg", "g", "path", "line", "rect", "text", "circle", "clipPath", "defs", "pattern", "title", "image"].includes(name);
    const node = isSVG ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== undefined && child !== null));
    return node;
}

function download(name, type, text) {
    const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// ---- State, which the fragment of the address holds ----------------------------------------------------------------

const state = {
    runs: null, hidden: new Set(), x: "step", log: new Set(), linear: new Set(), zoom: {}, theme: "", smooth: 0,
    seeds: false, sort: "-id", filter: "", columns: null, open: new Set(),
};

function readState() {
    const fields = new URLSearchParams(location.hash.slice(1));
    const list = (name) => (fields.get(name) ?? "").split(",").filter((part) => part !== "");
    state.runs = fields.has("runs") ? list("runs").map(Number) : null;
    state.hidden = new Set(list("hide").map(Number));
    state.x = ["step", "epoch", "seconds"].includes(fields.get("x")) ? fields.get("x") : "step";
    state.log = new Set(list("log"));
    state.linear = new Set(list("linear"));
    state.theme = ["dark", "light"].includes(fields.get("theme")) ? fields.get("theme") : "";
    state.smooth = Math.min(0.99, Math.max(0, Number(fields.get("smooth")) || 0));
    state.seeds = fields.get("seeds") === "mean";
    state.sort = fields.get("sort") ?? "-id";
    state.filter = fields.get("filter") ?? "";
    state.columns = fields.has("columns") ? list("columns") : null;
    state.zoom = {};
    for (const part of list("zoom")) {
        const [section, low, high] = part.split(":");
        if (Number(low) < Number(high)) state.zoom[section] = [Number(low), Number(high)];
    }
}

function writeState() {
    const fields = new URLSearchParams();
    const put = (name, value) => { if (value !== "" && value !== undefined) fields.set(name, value); };
    if (state.runs) put("runs", state.runs.join(",") || "none");
    put("hide", [...state.hidden].join(","));
    if (state.x !== "step") put("x", state.x);
    put("log", [...state.log].join(","));
    put("linear", [...state.linear].join(","));
    put("theme", state.theme);
    if (state.smooth) put("smooth", state.smooth);
    if (state.seeds) put("seeds", "mean");
    if (state.sort !== "-id") put("sort", state.sort);
    put("filter", state.filter);
    if (state.columns) put("columns", state.columns.join(","));
    put("zoom", Object.entries(state.zoom).map(([section, [low, high]]) => `${section}:${low}:${high}`).join(","));
    history.replaceState(null, "", "#" + fields.toString());
}

// ---- The data of the page ------------------------------------------------------------------------------------------

let page = null;
const figures = [];

const runOf = (id) => page.byId.get(id);
const isShown = (run) => run === undefined || (selected().includes(run) && !state.hidden.has(run));
const selected = () => state.runs ?? page.chosen;

/** Returns the place of a run's colour: that of its row among those that are selected, so that it is one everywhere. */
function hue(run) {
    const group = state.seeds ? runOf(run)?.group : undefined;
    const places = state.seeds ? [...new Set(selected().map((id) => runOf(id)?.group))] : selected();
    return Math.max(0, places.indexOf(state.seeds ? group : run));
}

const isDark = () => state.theme === "dark" || (state.theme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
const palette = (forLight = false) => page.palette[!forLight && isDark() ? "dark" : "light"];
const dashes = ["", "6 4", "2 4", "8 3 2 3"];

function lookOf(line, place, forLight) {
    const colors = palette(forLight), index = line.run === undefined ? place : hue(line.run) + (line.variant ?? 0) * colors.length;
    return { color: colors[index % colors.length], dash: dashes[Math.floor(index / colors.length) % 4] };
}

/** Returns the values of x of a line in the unit that is chosen; NaN where that is not known. */
function placesOf(line, unit) {
    if (unit === "step" || line.run === undefined) return line.x;
    line.places ??= {};
    if (line.places[unit]?.length !== line.x.length) {
        const clock = page.clocks[line.run]?.[unit];
        line.places[unit] = clock ? line.x.map((step) => interpolated(clock, step)) : line.x.map(() => NaN);
    }
    return line.places[unit];
}

/** Returns the value of a clock at a step: linear between those that it has, and before its first from 0 at step 0. */
function interpolated(clock, step) {
    const { x, y } = clock;
    let high = x.findIndex((other) => other >= step);
    if (high < 0) {
        if (x.length < 2) return NaN;
        high = x.length - 1;
    }
    if (x[high] === step) return y[high];
    const [x0, y0] = high === 0 ? [0, 0] : [x[high - 1], y[high - 1]];
    return y0 + (step - x0) * (y[high] - y0) / (x[high] - x0);
}

// ---- Lines ---------------------------------------------------------------------------------------------------------

/**
 * Returns the points of a line that are drawn, in pixels: all of them, or where there are more than four for a pixel
 * the first, lowest, highest and last of each column of pixels, so that nothing that sticks out is lost.
 */
function envelope(xs, ys, px, py, width) {
    const count = xs.length;
    if (count <= 4 * width) {
        const points = [];
        for (let place = 0; place < count; place++) points.push(px(xs[place]), py(ys[place]));
        return { points, thinned: false };
    }
    const points = [];
    let column = null, first = 0, low = 0, high = 0, last = 0, at = 0;
    const flush = () => {
        const middle = column + 0.5;
        points.push(middle, first);
        if (low !== first) points.push(middle, low);
        if (high !== low) points.push(middle, high);
        if (last !== high) points.push(middle, last);
    };
    for (let place = 0; place < count; place++) {
        const x = px(xs[place]), y = py(ys[place]);
        if (!(x === x && y === y)) {
            if (column !== null) flush();
            column = null;
            points.push(NaN, NaN);
            continue;
        }
        at = Math.floor(x);
        if (at !== column) {
            if (column !== null) flush();
            column = at;
            first = low = high = y;
        }
        if (y > low) low = y;
        if (y < high) high = y;
        last = y;
    }
    if (column !== null) flush();
    return { points, thinned: true };
}

/** Returns points as a path; one that is not finite is a gap. */
function pathOf(points) {
    let path = "", isOpen = false;
    for (let place = 0; place < points.length; place += 2) {
        const x = points[place], y = points[place + 1];
        if (!(Number.isFinite(x) && Number.isFinite(y))) { isOpen = false; continue; }
        path += `${isOpen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
        isOpen = true;
    }
    return path;
}

/** Returns the exponential moving average of a line, corrected for its start as Adam's moments are. */
function smoothed(ys, weight) {
    let mean = 0, correction = 1;
    return ys.map((y) => {
        if (!Number.isFinite(y)) return NaN;
        mean = weight * mean + (1 - weight) * y;
        correction *= weight;
        return mean / (1 - correction);
    });
}

/** Returns the lines of the groups of runs that differ in nothing but the seed: mean and deviation (ddof 1). */
function meansOver(lines) {
    const groups = new Map(), rest = [];
    for (const line of lines) {
        if (line.run === undefined) { rest.push(line); continue; }
        const key = `${runOf(line.run)?.group}\n${line.part ?? ""}`;
        groups.set(key, [...(groups.get(key) ?? []), line]);
    }
    for (const members of groups.values()) {
        if (members.length === 1) { rest.push(members[0]); continue; }
        const sums = new Map();
        for (const line of members) {
            line.x.forEach((x, place) => {
                if (!Number.isFinite(line.y[place])) return;
                if (!sums.has(x)) sums.set(x, []);
                sums.get(x).push(line.y[place]);
            });
        }
        const xs = [...sums.keys()].sort((a, b) => a - b), y = [], low = [], high = [];
        for (const x of xs) {
            const values = sums.get(x), mean = values.reduce((a, b) => a + b, 0) / values.length;
            const deviation = values.length < 2 ? 0
                : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
            y.push(mean);
            low.push(mean - deviation);
            high.push(mean + deviation);
        }
        rest.push({
            ...members[0], places: undefined, x: Float64Array.from(xs), y: Float64Array.from(y),
            low: Float64Array.from(low), high: Float64Array.from(high),
            name: `${runOf(members[0].run)?.groupLabel ?? members[0].name}, mean of ${members.length} seeds`,
        });
    }
    return rest;
}

const frame = { left: 62, right: 12, top: 26, bottom: 34 };

/** One chart or map of a figure, with its drawing, its cursor and its keys. */
class Panel {
    constructor(figure, description) {
        this.figure = figure;
        this.description = description;
        this.canvas = element("canvas", { "aria-hidden": "true" });
        this.drawing = element("svg", { class: "drawing", "aria-hidden": "true" });
        this.overlay = element("svg", { class: "overlay", "aria-hidden": "true" });
        this.readout = element("output", { class: "readout", "aria-live": "polite" });
        this.node = element("div", {
            class: "panel", tabindex: "0", role: "img", onkeydown: (event) => this.key(event),
            onpointermove: (event) => this.pointer(event), onpointerleave: () => this.section.moveCursor(null),
            onpointerdown: (event) => this.press(event), onpointerup: (event) => this.release(event),
            ondblclick: () => this.section.zoomTo(null), onblur: () => this.section.moveCursor(null),
        }, this.canvas, this.drawing, this.overlay, this.readout);
    }

    get section() { return this.figure.section; }
    get unit() { return this.figure.isOverSteps ? state.x : "step"; }

    resize() {
        this.width = Math.max(160, this.node.clientWidth);
        this.height = this.figure.height;
        for (const node of [this.drawing, this.overlay]) {
            node.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
            node.setAttribute("width", this.width);
            node.setAttribute("height", this.height);
        }
        const ratio = devicePixelRatio || 1;
        this.canvas.width = Math.round(this.width * ratio);
        this.canvas.height = Math.round(this.height * ratio);
        this.plot = {
            left: frame.left, right: this.width - frame.right, top: frame.top, bottom: this.height - frame.bottom,
        };
    }

    /** Returns the grid, labels and title around the plot. */
    furniture(xAxis, yAxis, xTexts, yTexts) {
        const { left, right, top, bottom } = this.plot, nodes = [];
        const px = (value) => left + fraction(xAxis, value) * (right - left);
        const py = (value) => bottom - fraction(yAxis, value) * (bottom - top);
        const text = (content, x, y, anchor, kind = "tick") =>
            element("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, class: kind }, content);
        yAxis.ticks.forEach((tick, place) => {
            nodes.push(element("line", { x1: left, x2: right, y1: py(tick).toFixed(1), y2: py(tick).toFixed(1), class: "grid" }));
            nodes.push(text(yTexts[place], left - 7, py(tick) + 4, "end"));
        });
        let free = -Infinity;
        xAxis.ticks.forEach((tick, place) => {
            const x = px(tick), half = xTexts[place].length * 3.4;
            nodes.push(element("line", { x1: x.toFixed(1), x2: x.toFixed(1), y1: top, y2: bottom, class: "grid" }));
            if (x - half < free) return;
            free = x + half + 8;
            nodes.push(text(xTexts[place], Math.min(x, this.width - half - 1), bottom + 15, "middle"));
        });
        const { title } = this.description;
        if (title) nodes.push(text(title, left, 16, "start", "paneltitle"));
        nodes.push(text(this.xLabel, (left + right) / 2, bottom + 30, "middle", "label"));
        return { nodes, px, py };
    }

    get xLabel() {
        const { xLabel } = this.description;
        return this.figure.isOverSteps ? { step: "step", epoch: "epoch", seconds: "training time in s" }[state.x] : xLabel;
    }

    pointer(event) {
        const box = this.node.getBoundingClientRect(), x = event.clientX - box.left;
        if (this.pressed !== undefined) this.showRange(this.pressed, x);
        if (!this.xAxis) return;
        const place = (x - this.plot.left) / (this.plot.right - this.plot.left);
        this.section.moveCursor(place < 0 || place > 1 ? null : { x: valueAt(this.xAxis, place), panel: this });
    }

    press(event) {
        if (event.button !== 0 || !this.xAxis) return;
        this.pressed = event.clientX - this.node.getBoundingClientRect().left;
        this.node.setPointerCapture(event.pointerId);
    }

    release(event) {
        if (this.pressed === undefined) return;
        const ends = [this.pressed, event.clientX - this.node.getBoundingClientRect().left].sort((a, b) => a - b);
        this.pressed = undefined;
        this.range?.remove();
        if (ends[1] - ends[0] < 5) return;
        const [low, high] = ends.map((x) => valueAt(this.xAxis, Math.min(1, Math.max(0, (x - this.plot.left) / (this.plot.right - this.plot.left)))));
        if (high > low) this.section.zoomTo([low, high]);
    }

    showRange(from, to) {
        this.range?.remove();
        this.range = element("rect", {
            x: Math.min(from, to), y: this.plot.top, width: Math.abs(to - from), height: this.plot.bottom - this.plot.top, class: "range",
        });
        this.overlay.append(this.range);
    }

    key(event) {
        const ends = [this.xAxis?.low, this.xAxis?.high];
        if (!this.xAxis) return;
        const keys = {
            ArrowLeft: () => this.stepCursor(-1), ArrowRight: () => this.stepCursor(1),
            Home: () => this.stepCursor(-Infinity), End: () => this.stepCursor(Infinity),
            "+": () => this.section.zoomTo(this.zoomed(ends, 0.5)), "-": () => this.section.zoomTo(this.zoomed(ends, 2)),
            0: () => this.section.zoomTo(null), Escape: () => this.section.moveCursor(null),
        };
        if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        keys[event.key]();
    }

    zoomed([low, high], factor) {
        const middle = this.section.cursor?.x ?? (low + high) / 2, reach = (high - low) * factor / 2;
        return [middle - reach, middle + reach];
    }

    stepCursor(direction) {
        const places = this.allPlaces();
        if (places.length === 0) return;
        const now = this.section.cursor?.x;
        let index = now === undefined ? (direction > 0 && Number.isFinite(direction) ? 0 : places.length - 1)
            : nearest(places, now) + direction;
        index = Math.min(places.length - 1, Math.max(0, index));
        this.section.moveCursor({ x: places[index], panel: this });
    }
}

function nearest(sorted, value) {
    let low = 0, high = sorted.length - 1;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < value) low = middle + 1; else high = middle;
    }
    return low > 0 && value - sorted[low - 1] <= sorted[low] - value ? low - 1 : low;
}

class LinePanel extends Panel {
    /** The lines that are shown, means over seeds in place of their runs where these are asked for. */
    lines() {
        let lines = this.description.series.filter((line) => line.x.length > 0 && isShown(line.run));
        const parts = [...new Set(this.description.series.map((line) => line.part ?? ""))];
        lines.forEach((line) => { line.variant = Math.max(0, parts.indexOf(line.part ?? "")); });
        if (state.seeds) lines = meansOver(lines);
        return lines;
    }

    get yScale() { return this.figure.isLogarithmic ? "logarithmic" : "linear"; }

    /** Returns the least and greatest of x and y, over what is shown and within the zoom. */
    reach(lines) {
        const zoom = this.section.zoomOf(this.figure), reach = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
        const add = (list, value) => {
            if (value < list[0]) list[0] = value;
            if (value > list[1]) list[1] = value;
        };
        for (const line of lines) {
            const xs = placesOf(line, this.unit);
            for (let place = 0; place < xs.length; place++) {
                const x = xs[place], y = line.y[place];
                if (!Number.isFinite(x) || !canShow(y, this.yScale)) continue;
                if (zoom && (x < zoom[0] || x > zoom[1])) continue;
                add(reach.x, x);
                add(reach.y, y);
                if (!line.low) continue;
                if (canShow(line.low[place], this.yScale)) add(reach.y, line.low[place]);
                if (canShow(line.high[place], this.yScale)) add(reach.y, line.high[place]);
            }
        }
        return reach;
    }

    allPlaces() {
        const places = new Set();
        for (const line of this.lines()) for (const x of placesOf(line, this.unit)) if (Number.isFinite(x)) places.add(x);
        return [...places].sort((a, b) => a - b);
    }

    draw(shared) {
        this.resize();
        const lines = this.shown = this.lines(), own = this.reach(lines), zoom = this.section.zoomOf(this.figure);
        const names = this.description.categories;
        const y = shared ? shared.y : own.y, x = shared && !zoom ? shared.x : own.x;
        this.drawing.replaceChildren();
        this.overlay.replaceChildren();
        this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.isEmpty = !(x[0] <= x[1] && y[0] <= y[1]);
        if (this.isEmpty) {
            this.xAxis = undefined;
            this.drawing.append(element("text", { x: this.width / 2, y: this.height / 2, "text-anchor": "middle", class: "label" },
                lines.length > 0 && this.unit !== "step" ? `no ${this.unit} is known` : "no data"));
            this.node.setAttribute("aria-label", `${this.figure.title}${this.description.title ? ", " + this.description.title : ""}: no data`);
            return;
        }
        this.xAxis = zoom ? axisBetween(zoom[0], zoom[1], "linear")
            : names.length ? { scale: "linear", low: -0.5, high: names.length - 0.5, ticks: names.map((_, place) => place) }
            : this.logarithmicX ? makeAxis(x[0], x[1], "logarithmic") : makeAxis(x[0], x[1], "linear");
        this.yAxis = makeAxis(y[0], y[1], this.yScale);
        const { nodes, px, py } = this.furniture(this.xAxis, this.yAxis,
            this.xAxis.ticks.map((tick) => names.length ? names[tick] : numberText(tick)), this.yAxis.ticks.map((tick) => numberText(tick)));
        [this.px, this.py] = [px, py];
        this.drawing.append(...nodes);
        const marks = this.marks(lines);
        const isHeavy = marks.reduce((sum, mark) => sum + mark.count, 0) > 5000;
        if (isHeavy) this.paint(marks); else this.drawing.append(this.drawn(marks));
        this.node.setAttribute("aria-label", this.summary(lines));
        this.node.dataset.thinned = marks.some((mark) => mark.thinned);
    }

    get logarithmicX() { return this.description.xAxis.scale === "logarithmic"; }

    /** Returns what is drawn: areas first, then lines, then points, so that no area lies over a line. */
    marks(lines, forLight = false) {
        const { left, right } = this.plot, width = right - left, areas = [], strokes = [], points = [];
        const clamped = (y) => Math.min(this.plot.bottom + 4, Math.max(this.plot.top - 4, y));
        const py = (value) => canShow(value, this.yScale) ? clamped(this.py(value)) : NaN;
        lines.forEach((line, place) => {
            const look = lookOf(line, place, forLight), all = placesOf(line, this.unit);
            // Only what is within the axis, and a point on each side of it.
            let from = 0, to = all.length;
            while (from + 1 < to && all[from + 1] < this.xAxis.low) from++;
            while (to - 1 > from && all[to - 2] > this.xAxis.high) to--;
            const xs = all.subarray(from, to), ys = line.y.subarray(from, to);
            if (line.low) {
                const upper = envelope(xs, line.high.subarray(from, to), this.px, py, width).points;
                const lower = envelope(xs, line.low.subarray(from, to), this.px, (value) => canShow(value, this.yScale) ? clamped(this.py(value)) : this.plot.bottom + 4, width).points;
                const back = [];
                for (let index = lower.length - 2; index >= 0; index -= 2) back.push(lower[index], lower[index + 1]);
                const path = pathOf([...upper, ...back].filter((_, index, list) => Number.isFinite(list[index - index % 2]) && Number.isFinite(list[index - index % 2 + 1])));
                if (path && line.mark === "line") areas.push({ kind: "area", path: path + "Z", ...look, count: upper.length });
            }
            const { points: drawn, thinned } = envelope(xs, ys, this.px, py, width);
            const isSmooth = state.smooth > 0 && this.figure.smooths && xs.length > 2;
            const finite = [];
            for (let index = 0; index < drawn.length; index += 2) if (Number.isFinite(drawn[index]) && Number.isFinite(drawn[index + 1])) finite.push(index);
            if (line.mark !== "points") {
                strokes.push({ kind: "line", path: pathOf(drawn), ...look, count: drawn.length / 2, thinned, faint: isSmooth, name: line.name });
                if (isSmooth) {
                    const { points: smooth } = envelope(xs, smoothed(ys, state.smooth), this.px, py, width);
                    strokes.push({ kind: "line", path: pathOf(smooth), ...look, count: smooth.length / 2, name: line.name });
                }
            }
            // A single point would be an invisible line.
            if (line.mark !== "line" || finite.length === 1) {
                for (const index of finite) {
                    points.push({ kind: "point", x: drawn[index], y: drawn[index + 1], ...look, count: 1 });
                }
            }
            if (line.diverged && xs.length > 0) {
                const lastX = this.px(all[all.length - 1]), last = finite[finite.length - 1];
                if (all[all.length - 1] <= this.xAxis.high) {
                    points.push({ kind: "cross", x: Number.isFinite(lastX) ? lastX : drawn[last], y: last === undefined ? this.plot.top : drawn[last + 1], ...look, count: 1 });
                }
            }
        });
        return [...areas, ...strokes, ...points];
    }

    /** Returns marks as SVG. */
    drawn(marks) {
        const clip = `clip-${this.figure.id}-${this.figure.panels.indexOf(this)}`;
        const { left, right, top, bottom } = this.plot;
        return element("g", { "clip-path": `url(#${clip})` },
            element("clipPath", { id: clip }, element("rect", { x: left - 6, y: top - 6, width: right - left + 12, height: bottom - top + 12 })),
            ...marks.map((mark) => {
                switch (mark.kind) {
                case "area": return element("path", { d: mark.path, fill: mark.color, "fill-opacity": 0.18 });
                case "line": return element("path", {
                    d: mark.path, fill: "none", stroke: mark.color, "stroke-width": 1.6, "stroke-linejoin": "round", "stroke-linecap": "round",
                    "stroke-dasharray": mark.dash || undefined, "stroke-opacity": mark.faint ? 0.3 : undefined,
                });
                case "point": return element("circle", { cx: mark.x.toFixed(1), cy: mark.y.toFixed(1), r: 3, fill: mark.color });
                default: return element("path", { d: cross(mark), stroke: mark.color, "stroke-width": 2.2, class: "diverged" });
                }
            }));
    }

    /** Draws marks on the canvas. */
    paint(marks) {
        const context = this.canvas.getContext("2d"), ratio = devicePixelRatio || 1;
        const { left, right, top, bottom } = this.plot;
        context.save();
        context.scale(ratio, ratio);
        context.beginPath();
        context.rect(left - 6, top - 6, right - left + 12, bottom - top + 12);
        context.clip();
        context.lineJoin = "round";
        for (const mark of marks) {
            context.globalAlpha = mark.kind === "area" ? 0.18 : mark.faint ? 0.3 : 1;
            context.fillStyle = context.strokeStyle = mark.color;
            context.lineWidth = mark.kind === "cross" ? 2.2 : 1.6;
            context.setLineDash(mark.dash && mark.kind === "line" ? mark.dash.split(" ").map(Number) : []);
            if (mark.kind === "point") {
                context.beginPath();
                context.arc(mark.x, mark.y, 3, 0, 2 * Math.PI);
                context.fill();
            } else if (mark.kind === "area") context.fill(new Path2D(mark.path));
            else context.stroke(new Path2D(mark.kind === "cross" ? cross(mark) : mark.path));
        }
        context.restore();
    }

    summary(lines) {
        const parts = lines.slice(0, 8).map((line) => {
            const last = line.y.findLast((value) => Number.isFinite(value));
            return `${line.name}: ${line.y.length} points, last ${last === undefined ? "missing" : numberText(last, 4)}${line.diverged ? ", diverged" : ""}`;
        });
        return `${this.figure.title}${this.description.title ? ", " + this.description.title : ""}. ${parts.join("; ")}`
            + (lines.length > 8 ? `; and ${lines.length - 8} more` : "") + ". Arrow keys move the cursor.";
    }

    showCursor(cursor) {
        this.overlay.querySelectorAll(".cursor").forEach((node) => node.remove());
        this.readout.replaceChildren();
        if (!cursor || !this.xAxis || cursor.x < this.xAxis.low || cursor.x > this.xAxis.high) return;
        const x = this.px(cursor.x);
        this.overlay.append(element("line", { x1: x, x2: x, y1: this.plot.top, y2: this.plot.bottom, class: "cursor" }));
        const found = this.shown.map((line, place) => {
            const xs = placesOf(line, this.unit), index = nearest(xs, cursor.x);
            return { line, place, index, x: xs[index], y: line.y[index] };
        }).filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
        for (const point of found) {
            if (!canShow(point.y, this.yScale)) continue;
            const look = lookOf(point.line, point.place);
            this.overlay.append(element("circle", { cx: this.px(point.x), cy: this.py(point.y), r: 3.2, fill: look.color, class: "cursor" }));
        }
        if (cursor.panel !== this) return;
        this.readout.append(element("b", {}, `${this.xLabel} ${this.description.categories[cursor.x] ?? numberText(found[0]?.x ?? cursor.x)}`));
        for (const point of found.slice(0, 12)) {
            const range = point.line.low ? ` (${numberText(point.line.low[point.index], 4)} to ${numberText(point.line.high[point.index], 4)})` : "";
            const key = element("i", {});
            key.style.background = lookOf(point.line, point.place).color;
            this.readout.append(element("span", {}, key, `${point.line.name}: ${numberText(point.y, 5)}${range}`));
        }
        if (found.length > 12) this.readout.append(element("span", {}, `and ${found.length - 12} more`));
        this.readout.classList.toggle("left", x > this.width / 2);
    }

    /** Returns the rows of the panel as lines of a CSV file. */
    rows() {
        return this.description.series.flatMap((line) => Array.from(line.x, (x, place) =>
            [this.description.title, line.name, x, line.y[place], line.low?.[place] ?? "", line.high?.[place] ?? ""]));
    }

    exported() {
        const marks = this.marks(this.shown ?? [], true);
        return [...this.drawing.querySelectorAll(".grid, .tick, .label, .paneltitle")].map((node) => node.cloneNode(true))
            .concat(this.isEmpty ? [] : [this.drawn(marks)]);
    }
}

const cross = ({ x, y }) => `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x - 5} ${y + 5}L${x + 5} ${y - 5}`;

// ---- Maps ----------------------------------------------------------------------------------------------------------

class MapPanel extends Panel {
    allPlaces() { return Array.from(this.places()); }

    /** The places of the columns along the axis: numbers where all names are, else 0, 1, 2, ... */
    places() {
        const { columns, run } = this.description, steps = columns.map(Number);
        if (steps.some((step) => !Number.isFinite(step))) return Float64Array.from(columns.keys());
        if (!this.figure.isOverSteps) return Float64Array.from(columns.keys());
        return placesOf({ x: Float64Array.from(steps), run }, this.unit);
    }

    draw(shared) {
        this.resize();
        this.drawing.replaceChildren();
        this.overlay.replaceChildren();
        const { rows, columns, values } = this.description;
        const context = this.canvas.getContext("2d");
        context.clearRect(0, 0, this.canvas.width, this.canvas.height);
        const places = this.columnPlaces = this.places();
        const isByName = !this.figure.isOverSteps;
        this.isEmpty = columns.length === 0 || places.some((place) => !Number.isFinite(place));
        if (this.isEmpty) {
            this.xAxis = undefined;
            this.drawing.append(element("text", { x: this.width / 2, y: this.height / 2, "text-anchor": "middle", class: "label" }, "no data"));
            return;
        }
        // A column reaches half the way to its neighbours.
        const edges = this.edges = Float64Array.from({ length: places.length + 1 }, (_, edge) => {
            if (places.length === 1) return places[0] + edge - 0.5;
            if (edge === 0) return places[0] - (places[1] - places[0]) / 2;
            if (edge === places.length) return places[edge - 1] + (places[edge - 1] - places[edge - 2]) / 2;
            return (places[edge - 1] + places[edge]) / 2;
        });
        const zoom = this.section.zoomOf(this.figure);
        const [low, high] = zoom ?? [edges[0], edges[edges.length - 1]];
        const xAxis = this.xAxis = isByName
            ? { scale: "linear", low, high, ticks: Array.from(places) } : axisBetween(low, high, "linear");
        const yAxis = { scale: "linear", low: rows.length - 0.5, high: -0.5, ticks: rows.map((_, row) => row) };
        const step = Math.ceil(14 / ((this.plot.bottom - this.plot.top) / rows.length));
        yAxis.ticks = yAxis.ticks.filter((row) => row % step === 0);
        const { nodes, px, py } = this.furniture(xAxis, yAxis,
            xAxis.ticks.map((tick) => isByName ? columns[tick] : numberText(tick)), yAxis.ticks.map((row) => rows[row]));
        [this.px, this.py] = [px, py];
        this.drawing.append(...nodes.filter((node) => node.getAttribute("class") !== "grid"));
        this.colorAxis = this.figure.colorAxis;
        this.paintCells(this.canvas, devicePixelRatio || 1);
        const finite = values.filter((value) => Number.isFinite(value));
        const text = finite.length ? `${numberText(finite.reduce((a, b) => Math.min(a, b)), 4)} to ${numberText(finite.reduce((a, b) => Math.max(a, b)), 4)}` : "no values";
        this.node.setAttribute("aria-label", `${this.figure.title}, ${this.description.title}: ${this.description.valueLabel} of ${rows.length} rows and ${columns.length} columns, ${text}`);
    }

    /** Paints the cells; of several columns in one pixel the mean is shown. */
    paintCells(canvas, ratio) {
        const { rows, columns, values } = this.description, { left, right, top, bottom } = this.plot;
        const context = canvas.getContext("2d"), samples = page.palette.viridis, axis = this.colorAxis;
        const width = Math.round((right - left) * ratio), height = rows.length;
        const image = context.createImageData(width, height);
        const missing = channels(isDark() ? "#2a2d31" : "#f0f0f0");
        let column = 0, thinned = 1;
        for (let x = 0; x < width; x++) {
            const from = valueAt(this.xAxis, x / width), to = valueAt(this.xAxis, (x + 1) / width), middle = (from + to) / 2;
            while (column < columns.length - 1 && this.edges[column + 1] <= middle) column++;
            // The column at the middle of the pixel; where more begin in it, all that do.
            let first = column, last = column;
            while (first > 0 && this.edges[first] > from && this.edges[first + 1] - this.edges[first] < to - from) first--;
            while (last < columns.length - 1 && this.edges[last + 1] < to && this.edges[last + 1] - this.edges[last] < to - from) last++;
            const isOutside = to < this.edges[0] || from > this.edges[columns.length];
            thinned = Math.max(thinned, last - first + 1);
            for (let row = 0; row < height; row++) {
                let sum = 0, count = 0;
                for (let index = first; index <= last; index++) {
                    const value = values[row * columns.length + index];
                    if (canShow(value, axis.scale)) { sum += value; count++; }
                }
                const color = count === 0 || isOutside ? missing : viridis(samples, fraction(axis, sum / count));
                image.data.set([...color, 255], 4 * (row * width + x));
            }
        }
        this.thinned = thinned;
        const cells = document.createElement("canvas");
        [cells.width, cells.height] = [width, height];
        cells.getContext("2d").putImageData(image, 0, 0);
        context.imageSmoothingEnabled = false;
        context.drawImage(cells, 0, 0, width, height, left * ratio, top * ratio, width, (bottom - top) * ratio);
    }

    showCursor(cursor) {
        this.overlay.querySelectorAll(".cursor").forEach((node) => node.remove());
        this.readout.replaceChildren();
        if (!cursor || !this.xAxis || cursor.x < this.xAxis.low || cursor.x > this.xAxis.high) return;
        const x = this.px(cursor.x);
        this.overlay.append(element("line", { x1: x, x2: x, y1: this.plot.top, y2: this.plot.bottom, class: "cursor" }));
        if (cursor.panel !== this) return;
        const { rows, columns, values } = this.description, column = nearest(this.columnPlaces, cursor.x);
        this.readout.append(element("b", {}, `${this.xLabel} ${this.figure.isOverSteps ? numberText(this.columnPlaces[column]) : columns[column]}`));
        for (const [row, name] of [...rows.entries()].slice(0, 16)) {
            const value = values[row * columns.length + column];
            this.readout.append(element("span", {}, `${this.description.yLabel} ${name}: ${Number.isFinite(value) ? numberText(value, 4) : "missing"}`));
        }
        this.readout.classList.toggle("left", x > this.width / 2);
    }

    rows() {
        const { rows, columns, values, title } = this.description;
        return rows.flatMap((row, y) => columns.map((column, x) => [title, column, row, values[y * columns.length + x]]));
    }

    exported() {
        if (this.isEmpty) return [];
        const copy = document.createElement("canvas");
        [copy.width, copy.height] = [this.canvas.width, this.canvas.height];
        this.paintCells(copy, devicePixelRatio || 1);
        return [element("image", { href: copy.toDataURL(), x: 0, y: 0, width: this.width, height: this.height }),
            ...[...this.drawing.querySelectorAll(".tick, .label, .paneltitle")].map((node) => node.cloneNode(true))];
    }
}

// ---- Figures -------------------------------------------------------------------------------------------------------

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
        this.node = element("figure", { id: this.id, class: "figure" },
            element("figcaption", {},
                element("h3", {}, this.title),
                element("span", { class: "tools" }, this.logTool,
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
        const shown = this.data.panels.filter((panel) => this.data.kind === "lines" || isShown(panel.run));
        this.panels = shown.slice(0, limit).map((panel) => new (this.data.kind === "lines" ? LinePanel : MapPanel)(this, panel));
        this.body.replaceChildren(...this.panels.map((panel) => panel.node));
        this.body.classList.toggle("single", this.panels.length === 1);
        if (shown.length > limit) {
            this.body.append(element("button", { type: "button", class: "more", onclick: () => { state.open.add(this.id); this.makePanels(); this.draw(); } },
                `Show ${shown.length - limit} more panels`));
        }
    }

    /** The scale of colours of all maps together, over what is shown. */
    get colorAxis() {
        const { scale } = this.data.panels[0].colorAxis;
        let low = Infinity, high = -Infinity;
        for (const panel of this.panels) {
            for (const value of panel.description.values) {
                if (!canShow(value, scale)) continue;
                if (value < low) low = value;
                if (value > high) high = value;
            }
        }
        if (low > high) [low, high] = scale === "linear" ? [0, 1] : [1, 10];
        return makeAxis(low, high, scale);
    }

    draw() {
        this.isDrawn = true;
        this.logTool?.setAttribute("aria-pressed", this.isLogarithmic);
        if (this.data.kind === "maps") this.makePanels();
        let shared;
        if (this.data.kind === "lines" && this.panels.length > 1) {
            shared = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
            for (const panel of this.panels) {
                const reach = panel.reach(panel.lines());
                for (const axis of ["x", "y"]) {
                    shared[axis] = [Math.min(shared[axis][0], reach[axis][0]), Math.max(shared[axis][1], reach[axis][1])];
                }
            }
            if (!this.description.sharesScale) shared = undefined;
        }
        for (const panel of this.panels) panel.draw(shared);
        this.drawLegend();
        const notes = [];
        const columns = Math.max(...this.panels.map((panel) => panel.thinned ?? 1), 1);
        if (this.panels.some((panel) => panel.node.dataset.thinned === "true")) notes.push("Lowest and highest value of each column of pixels; zoom in to see every point.");
        if (columns > 1) notes.push(`Each column of pixels is the mean of up to ${columns} steps; zoom in to see every one.`);
        if (state.smooth > 0 && this.smooths) notes.push(`Smoothed with weight ${state.smooth}; the faint line is what was measured.`);
        this.note.textContent = notes.join(" ");
    }

    drawLegend() {
        if (this.data.kind === "maps") return this.legend.replaceChildren(this.colorBar());
        const seen = new Map();
        for (const panel of this.panels) {
            (panel.shown ?? []).forEach((line, place) => { if (!seen.has(line.name)) seen.set(line.name, { line, look: lookOf(line, place) }); });
        }
        const hidden = [...state.hidden].filter((run) => selected().includes(run) && this.data.panels.some((panel) => panel.series.some((line) => line.run === run)));
        const entry = (name, look, run, isHidden) => {
            const key = element("svg", { width: 24, height: 10, "aria-hidden": "true" },
                element("path", { d: "M1 5H23", stroke: look.color, "stroke-width": 2.5, "stroke-dasharray": look.dash || undefined }));
            if (run === undefined) return element("span", { class: "entry" }, key, name);
            return element("button", {
                type: "button", class: "entry", "aria-pressed": !isHidden, title: isHidden ? "Show this run" : "Hide this run", onclick: () => toggleHidden(run),
            }, key, name);
        };
        const limit = 24, shown = [...seen.entries()];
        this.legend.replaceChildren(
            ...shown.slice(0, limit).map(([name, { line, look }]) => entry(name, look, line.run, false)),
            ...(shown.length > limit ? [element("span", { class: "entry" }, `and ${shown.length - limit} more`)] : []),
            ...hidden.map((run) => entry(runOf(run)?.label ?? `run ${run}`, { color: "#999", dash: "2 4" }, run, true)));
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
        const top = 30 + 18 * legend.length;
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
        this.panels.forEach((panel, place) => {
            svg.append(element("g", { transform: `translate(${place % columns * width} ${top + Math.floor(place / columns) * height})` }, ...panel.exported()));
        });
        for (const node of svg.querySelectorAll(".grid")) node.setAttribute("stroke", "#ddd");
        for (const node of svg.querySelectorAll("[class]")) node.removeAttribute("class");
        return new XMLSerializer().serializeToString(svg) + "\n";
    }
}

// ---- Sections ------------------------------------------------------------------------------------------------------

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
        const { figures: all, tables, note } = this.description;
        this.figures = all.map((figure) => new FigureView(this, figure));
        this.content.replaceChildren(
            ...(note ? [element("p", { class: "note" }, note)] : []), ...(tables ?? []).map(tableNode), ...this.figures.map((figure) => figure.node));
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

    redraw() { for (const figure of this.figures) if (figure.isDrawn) figure.draw(); }
}

function tableNode({ title, columns, rows }) {
    const cell = (value, kind) => element(kind, { class: typeof value === "number" ? "number" : undefined },
        value === null ? "-" : typeof value === "number" ? (Number.isInteger(value) ? String(value) : numberText(value, 5)) : String(value));
    return element("div", { class: "tablebox" }, title ? element("h3", {}, title) : undefined,
        element("table", {}, element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)))),
            element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((value, place) => cell(value, place === 0 ? "th" : "td")))))));
}

// ---- The table of runs ---------------------------------------------------------------------------------------------

const rowHeight = 26;

const cellText = (value) => value === null || value === undefined ? "-"
    : typeof value === "number" ? (Number.isInteger(value) ? String(value) : numberText(value, 4))
    : String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/, "$1 $2");

class RunsTable {
    constructor() {
        this.filter = element("input", {
            type: "search", placeholder: "Filter: text, or key=value", "aria-label": "Filter the runs", value: state.filter,
            oninput: () => { state.filter = this.filter.value; writeState(); this.update(); },
        });
        this.chooser = element("details", { class: "chooser" }, element("summary", {}, "Columns"), element("div", {}));
        this.count = element("span", { class: "count", role: "status" });
        this.head = element("div", { class: "row head", role: "row" });
        this.space = element("div", { class: "space", role: "rowgroup" });
        this.scroller = element("div", { class: "scroller", role: "table", "aria-label": "Runs", tabindex: "0", onscroll: () => this.drawRows() }, this.head, this.space);
        this.node = element("section", { id: "runs" }, element("h2", {}, "Runs"),
            element("p", { class: "question" }, "Which runs are there? The chosen ones are drawn in every picture."),
            element("div", { class: "toolbar" }, this.filter, this.chooser,
                element("button", { type: "button", onclick: () => choose(this.shown.slice(0, 50).map((row) => row[0])) }, "Choose all shown"),
                element("button", { type: "button", onclick: () => choose([]) }, "Choose none"), this.count),
            this.scroller);
        this.fillChooser();
        this.update();
    }

    get columns() { return state.columns ?? page.shownColumns; }

    fillChooser() {
        this.chooser.lastChild.replaceChildren(...page.columns.slice(1).map((name) => element("label", {}, element("input", {
            type: "checkbox", checked: this.columns.includes(name),
            onchange: (event) => {
                const now = new Set(this.columns);
                if (event.target.checked) now.add(name); else now.delete(name);
                state.columns = page.columns.filter((other) => now.has(other));
                writeState();
                this.update();
            },
        }), name)));
    }

    matches(row) {
        const text = state.filter.trim();
        if (text === "") return true;
        const split = text.indexOf("=");
        if (split > 0) {
            const place = page.columns.indexOf(text.slice(0, split).trim());
            if (place >= 0) return String(row[place] ?? "null").toLowerCase() === text.slice(split + 1).trim().toLowerCase();
        }
        return row.some((value) => value !== null && String(value).toLowerCase().includes(text.toLowerCase()));
    }

    update() {
        const descending = state.sort.startsWith("-"), place = Math.max(0, page.columns.indexOf(state.sort.replace(/^-/, "")));
        const compare = (a, b) => {
            const [x, y] = [a[place], b[place]];
            // What is missing comes last in either direction.
            if (x === null || y === null) return (x === null) - (y === null);
            const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en", { numeric: true });
            return descending ? -order : order;
        };
        this.shown = page.rows.filter((row) => this.matches(row)).sort(compare);
        this.count.textContent = this.shown.length === page.rows.length ? `${page.rows.length} runs` : `${this.shown.length} of ${page.rows.length} runs`;
        // By characters, so that the header and the rows, which are laid out apart, agree.
        const width = (name) => {
            const place = page.columns.indexOf(name);
            const longest = this.shown.slice(0, 500).reduce((most, row) => Math.max(most, cellText(row[place]).length), name.split(".").pop().length + 2);
            return `${Math.min(name === "name" ? 40 : 24, longest)}ch`;
        };
        const widths = this.widths = ["34px", "7ch", ...this.columns.map(width)].join(" ");
        this.head.style.gridTemplateColumns = widths;
        const header = (name) => element("button", {
            type: "button", role: "columnheader", title: name,
            "aria-sort": state.sort.replace(/^-/, "") === name ? (descending ? "descending" : "ascending") : "none",
            onclick: () => { state.sort = state.sort === name ? `-${name}` : name; writeState(); this.update(); },
        }, name.split(".").pop() + (state.sort.replace(/^-/, "") === name ? (descending ? " ↓" : " ↑") : ""));
        this.head.replaceChildren(element("span", { role: "columnheader", "aria-label": "chosen" }), header("id"), ...this.columns.map(header));
        this.space.style.height = `${this.shown.length * rowHeight}px`;
        this.drawRows();
    }

    /** Draws the rows in view, so that the number of runs does not matter. */
    drawRows() {
        const first = Math.max(0, Math.floor(this.scroller.scrollTop / rowHeight) - 4);
        const rows = this.shown.slice(first, first + Math.ceil((this.scroller.clientHeight || 320) / rowHeight) + 8);
        const chosen = selected(), colors = palette();
        this.space.replaceChildren(...rows.map((row, index) => {
            const isChosen = chosen.includes(row[0]), swatch = element("i", { class: "swatch" });
            if (isChosen) swatch.style.background = colors[hue(row[0]) % colors.length];
            const node = element("div", { class: "row", role: "row", "data-run": row[0], "aria-selected": isChosen },
                element("label", {}, element("input", { type: "checkbox", checked: isChosen, "aria-label": `Choose run ${row[0]}`, onchange: () => toggleChosen(row[0]) }), swatch),
                element("span", { role: "cell", class: "number" }, String(row[0])),
                ...this.columns.map((name) => {
                    const value = row[page.columns.indexOf(name)];
                    const text = cellText(value);
                    return element("span", { role: "cell", class: [typeof value === "number" ? "number" : "", name === "status" ? `status-${value}` : ""].join(" "), title: text }, text);
                }));
            node.style.gridTemplateColumns = this.widths;
            node.style.top = `${(first + index) * rowHeight}px`;
            return node;
        }));
    }
}

// ---- What the user does --------------------------------------------------------------------------------------------

let table, sections = [];

function toggleHidden(run) {
    if (state.hidden.has(run)) state.hidden.delete(run); else state.hidden.add(run);
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

// ---- Building the page ---------------------------------------------------------------------------------------------

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

/** Tells the lines of one run apart: a line's part is what its name says beside the run's, as "batch" in "bn, batch". */
function nameParts(figure) {
    if (figure.kind !== "lines") return;
    for (const panel of figure.panels) {
        for (const line of panel.series) {
            const label = page.byId.get(line.run)?.label;
            if (label !== undefined && line.name.startsWith(label + ", ")) line.part = line.name.slice(label.length + 2);
        }
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
        element("label", {}, element("input", { type: "checkbox", checked: state.seeds, onchange: (event) => { state.seeds = event.target.checked; writeState(); redraw(); } }), "mean over seeds"),
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

// ---- Live ----------------------------------------------------------------------------------------------------------

const notice = (text) => { document.getElementById("notice").textContent = text; };

async function ask(path, fields) {
    const query = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const answer = await fetch(`${path}?${query}`, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
}

async function load(runs) {
    try {
        adopt(await ask("page.json", runs ? { runs: runs.join(",") } : {}));
        build();
    } catch (error) {
        notice(`The pictures could not be loaded: ${error.message}`);
    }
}

/** Asks for the rows that were written since, as long as a chosen run may write any. */
async function follow() {
    try {
        const news = await ask("news.json", { runs: selected().join(","), after: Object.entries(page.cursors).map(([run, step]) => `${run}:${step}`).join(","), state: page.state });
        notice("");
        if (news.rows) {
            [page.rows, page.columns, page.state] = [news.rows, news.columns, news.state];
            table.update();
        }
        // A picture that had no rows yet is not on the page.
        if (news.figures.some(({ id }) => !figures.some((view) => view.id === id))) await load(state.runs);
        else {
            Object.assign(page.cursors, news.cursors);
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
        notice(`No connection to bnexp serve: ${error.message}`);
    }
    setTimeout(follow, document.hidden ? 5000 : 1000);
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
    controls();
    table = new RunsTable();
    document.getElementById("runsplace").replaceChildren(table.node);
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
    addEventListener("beforeprint", () => { for (const figure of figures) if (!figure.isDrawn) figure.draw(); });
    if (page.live) setTimeout(follow, 1000);
    document.documentElement.dataset.ready = "true";
}

start();
