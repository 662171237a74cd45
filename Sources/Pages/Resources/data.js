// What the program sends, and the state of the page, which the fragment of its address holds.

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

const state = {
    runs: null, hidden: new Set(), x: "step", log: new Set(), linear: new Set(), zoom: {}, theme: "", smooth: 0,
    seeds: null, all: new Set(), sort: "-id", filter: "", columns: null, open: new Set(),
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
    state.seeds = ["mean", "each"].includes(fields.get("seeds")) ? fields.get("seeds") : null;
    state.all = new Set(list("all"));
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
    put("seeds", state.seeds ?? "");
    put("all", [...state.all].join(","));
    if (state.sort !== "-id") put("sort", state.sort);
    put("filter", state.filter);
    if (state.columns) put("columns", state.columns.join(","));
    put("zoom", Object.entries(state.zoom).map(([section, [low, high]]) => `${section}:${low}:${high}`).join(","));
    history.replaceState(null, "", "#" + fields.toString());
}

let page = null;
const figures = [];

const runOf = (id) => page.byId.get(id);
const isShown = (run) => run === undefined || (selected().includes(run) && !state.hidden.has(run));
const selected = () => state.runs ?? page.chosen;

/** The groups of the selected runs: those of one differ in nothing but the seed. */
const groupsOf = (runs) => [...new Set(runs.map((id) => runOf(id)?.group))];

/** Whether the seeds of a group are drawn as their mean: as the reader says, and of themselves where runs are more than colours. */
const meansSeeds = () => (state.seeds === null ? sharesHues() && selected().length > palette().length : state.seeds === "mean");

/** Whether the runs of a group have one colour: where there are several groups, of which some have several runs. */
function sharesHues() {
    const count = groupsOf(selected()).length;
    return count > 1 && count < selected().length;
}

/** Returns the place of a run's colour: that of its row, or of its group, among those that are selected, so that it is one everywhere. */
function hue(run) {
    const places = sharesHues() ? groupsOf(selected()) : selected();
    return Math.max(0, places.indexOf(sharesHues() ? runOf(run)?.group : run));
}

/** Whether what is drawn of a run, or of several as their mean, may leave the axes of the others, as the program says. */
const mayLeave = ({ run, runs }) => (runs ?? (run === undefined ? [] : [run])).some((run) => runOf(run)?.isUnsteady);

// After Sources/Charts/ReadableRange.swift.

/** Whether an axis that has a place for all values leaves less than half of it to those that are steady. */
function isFlattened(all, steady, scale) {
    if (!(steady[0] <= steady[1])) return false;
    const length = ([low, high]) => {
        const axis = makeAxis(low, high, scale);
        return scale === "linear" ? axis.high - axis.low : Math.log10(axis.high / axis.low);
    };
    return length(all) > 2 * length(steady);
}

/** Returns the value behind which a hundredth of the others lies, at least one, and the greatest; of less than 20 values it is the greatest. */
function percentileOf(values) {
    const sorted = Float64Array.from(values).sort(), last = sorted.length - 1;
    return [sorted[sorted.length < 20 ? last : last - Math.max(1, Math.floor(sorted.length / 100))], sorted[last]];
}

/** Returns 1.25 times that percentile if the greatest is beyond ten times it; else undefined. */
function endBeforeFew(values) {
    const [percentile, greatest] = percentileOf(values);
    return percentile > 0 && greatest > 10 * percentile ? 1.25 * percentile : undefined;
}

/** Returns a count with what it counts, as "1 value" and "2 values". */
const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

function widen(reach, value) {
    if (value < reach[0]) reach[0] = value;
    if (value > reach[1]) reach[1] = value;
}

const isPrinting = () => document.documentElement.classList.contains("printing");

/** Returns the state of the page in words, for a print, on which the settings are not. */
function stateInWords() {
    const name = (run) => runOf(run)?.label ?? `run ${run}`, words = [];
    words.push(`over ${state.x === "step" ? "steps" : state.x === "epoch" ? "epochs" : "seconds of training"}`);
    if (meansSeeds()) words.push("mean over seeds");
    if (state.smooth > 0) words.push(`smoothing ${state.smooth}`);
    for (const [section, [low, high]] of Object.entries(state.zoom)) words.push(`${section} from ${numberText(low)} to ${numberText(high)}`);
    if (state.hidden.size > 0) words.push(`hidden: ${[...state.hidden].map(name).join(", ")}`);
    if (state.filter) words.push(`runs filtered by ${state.filter}`);
    return `Drawn ${words.join("; ")}.`;
}

const isDark = () => state.theme === "dark" || (state.theme === "" && matchMedia("(prefers-color-scheme: dark)").matches);
const palette = (forLight = false) => page.palette[!forLight && isDark() ? "dark" : "light"];
const dashes = ["", "6 4", "2 4", "8 3 2 3"];

/** Returns the colour of a run; runs that are more than there are colours and differ in one number have the order of that. */
function colorOf(run, forLight) {
    const colors = palette(forLight), order = runOf(run)?.order;
    if (!hasOrder() || order === undefined) return colors[hue(run) % colors.length];
    const isOnDark = !forLight && isDark();
    return hexOf(viridis(page.palette.viridis, isOnDark ? 0.15 + 0.85 * order : 0.9 * order));
}

const hasOrder = () => groupsOf(selected()).length > palette().length && selected().every((run) => runOf(run)?.order !== undefined);

function lookOf(line, place, forLight) {
    if (line.run !== undefined && hasOrder()) return { color: colorOf(line.run, forLight), dash: dashes[(line.variant ?? 0) % 4] };
    const colors = palette(forLight), index = line.run === undefined ? place : hue(line.run) + (line.variant ?? 0) * colors.length;
    return { color: colors[index % colors.length], dash: dashes[Math.floor(index / colors.length) % 4] };
}

/** Returns the values of x of a line in the unit that is chosen; NaN where that is not known. */
function placesOf(line, unit) {
    if (unit === "step" || line.run === undefined) return line.x;
    line.places ??= {};
    if (line.places[unit]?.length !== line.x.length) {
        const clock = page.clocks[line.clock ?? line.run]?.[unit];
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
