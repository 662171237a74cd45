// Line charts.

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

/**
 * Returns the lines of the groups of runs that differ in nothing but the seed: the mean at each step over the runs that
 * have a value there, and how many these are. An area is that of the runs where they have one, as its mean; else one
 * standard deviation (ddof 1) on each side, where there are two values.
 */
function meansOver(lines) {
    const groups = new Map(), rest = [];
    for (const line of lines) {
        if (line.run === undefined) { rest.push(line); continue; }
        const key = `${runOf(line.run)?.group}\n${line.part ?? ""}`;
        groups.set(key, [...(groups.get(key) ?? []), line]);
    }
    for (const members of groups.values()) {
        if (members.length === 1) { rest.push(members[0]); continue; }
        const found = new Map(), ownAreas = members.every((line) => line.low);
        for (const line of members) {
            line.x.forEach((x, place) => {
                if (!Number.isFinite(line.y[place])) return;
                if (!found.has(x)) found.set(x, []);
                found.get(x).push([line.y[place], line.low?.[place], line.high?.[place]]);
            });
        }
        const xs = [...found.keys()].sort((a, b) => a - b), y = [], low = [], high = [];
        for (const x of xs) {
            const values = found.get(x), mean = meanOf(values.map(([value]) => value));
            const deviation = values.length < 2 ? NaN
                : Math.sqrt(values.reduce((sum, [value]) => sum + (value - mean) ** 2, 0) / (values.length - 1));
            y.push(mean);
            low.push(ownAreas ? meanOf(values.map(([, value]) => value)) : mean - deviation);
            high.push(ownAreas ? meanOf(values.map(([, , value]) => value)) : mean + deviation);
        }
        const diverged = members.filter((line) => line.diverged);
        const longest = members.reduce((most, line) => ((line.x.at(-1) ?? -1) > (most.x.at(-1) ?? -1) ? line : most));
        rest.push({
            ...members[0], places: undefined, clock: longest.run, x: Float64Array.from(xs), y: Float64Array.from(y),
            low: Float64Array.from(low), high: Float64Array.from(high), counts: xs.map((x) => found.get(x).length), ownAreas,
            runs: members.map((line) => line.run), diverged: diverged.length > 0, ends: diverged.map((line) => line.x.at(-1)),
            name: [runOf(members[0].run)?.groupLabel ?? members[0].name, members[0].part].filter(Boolean).join(", ")
                + ` (${members.length} seeds${diverged.length > 0 ? `, ${diverged.length} diverged` : ""})`,
        });
    }
    return rest;
}

/** Returns a mean, from the first value on, so that equal values have exactly that mean. */
const meanOf = (values) => values[0] + values.reduce((sum, value) => sum + value - values[0], 0) / values.length;

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
        if (title) {
            const most = Math.floor((this.width - left) / 7.2), node = text(title.length > most ? title.slice(0, most - 1) + "…" : title, left, 16, "start", "paneltitle");
            if (title.length > most) node.append(element("title", {}, title));
            nodes.push(node);
        }
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
        // From nowhere a step to the right or to the start begins at the start.
        let index = now === undefined ? (direction === 1 || direction === -Infinity ? 0 : places.length - 1)
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

/** Whether a value lies between the first and the last of some that are sorted, or not further away than their neighbours. */
function isWithin(sorted, value) {
    const last = sorted.length - 1;
    if (last < 1) return last === 0;
    return value >= sorted[0] - (sorted[1] - sorted[0]) && value <= sorted[last] + (sorted[last] - sorted[last - 1]);
}

class LinePanel extends Panel {
    /** The lines that are shown, means over seeds in place of their runs where these are asked for. */
    lines() {
        let lines = this.description.series.filter((line) => line.x.length > 0 && isShown(line.run));
        const parts = [...new Set(this.description.series.map((line) => line.part ?? ""))];
        lines.forEach((line) => { line.variant = Math.max(0, parts.indexOf(line.part ?? "")); });
        if (meansSeeds()) lines = meansOver(lines);
        return lines;
    }

    get yScale() { return this.figure.isLogarithmic ? "logarithmic" : "linear"; }

    /** Returns the least and greatest of x and y, over what is shown and within the zoom; of steady points alone if asked for. */
    reach(lines, isSteadyOnly = false) {
        this.withoutPlace = 0;
        const zoom = this.section.zoomOf(this.figure), reach = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
        for (const line of lines) {
            const xs = placesOf(line, this.unit);
            for (let place = 0; place < xs.length; place++) {
                const x = xs[place], y = line.y[place];
                if (Number.isFinite(x) && Number.isFinite(y) && !canShow(y, this.yScale)) this.withoutPlace++;
                // What diverged has a place along an axis that is no time.
                if (!this.figure.isOverSteps && Number.isFinite(x)) widen(reach.x, x);
                if (!Number.isFinite(x) || !canShow(y, this.yScale)) continue;
                if (zoom && (x < zoom[0] || x > zoom[1])) continue;
                widen(reach.x, x);
                if (isSteadyOnly && line.leaves?.includes(place)) continue;
                widen(reach.y, y);
                if (!line.low) continue;
                // No share is below 0, whatever a deviation says.
                const low = this.figure.description.startsAtZero ? Math.max(0, line.low[place]) : line.low[place];
                if (canShow(low, this.yScale)) widen(reach.y, low);
                if (canShow(line.high[place], this.yScale)) widen(reach.y, line.high[place]);
            }
        }
        return reach;
    }

    allPlaces() {
        const places = new Set();
        for (const line of this.lines()) for (const x of placesOf(line, this.unit)) if (Number.isFinite(x)) places.add(x);
        return [...places].sort((a, b) => a - b);
    }

    /** Draws the lines; x and y are what the axes reach over, as for all panels of the figure. */
    draw({ x, y }) {
        this.resize();
        const lines = this.shown = this.lines(), zoom = this.section.zoomOf(this.figure);
        const names = this.description.categories;
        this.drawing.replaceChildren();
        this.overlay.replaceChildren();
        this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
        const own = this.reach(lines);
        this.isEmpty = !(own.x[0] <= own.x[1] && y[0] <= y[1]);
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
        // Between whole numbers, such as layers, there is nothing.
        if (!zoom && !this.logarithmicX && lines.every((line) => placesOf(line, this.unit).every(Number.isInteger))) {
            this.xAxis.ticks = this.xAxis.ticks.filter((tick) => Math.abs(tick - Math.round(tick)) < 1e-9);
        }
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
                const path = line.mark === "line" && !(this.figure.isLimited && mayLeave(line)) ? this.areaOf(line, from, to, xs, clamped) : "";
                if (path) areas.push({ kind: "area", path, ...look, count: 2 * xs.length });
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
            for (const mark of this.beyond(drawn)) points.push({ ...mark, ...look, count: 1 });
            if (line.low && line.mark !== "line") {
                const bars = Array.from(xs, (x, index) => [x, line.low[from + index], line.high[from + index]]);
                for (const [x, low, high] of bars) {
                    if (canShow(low, this.yScale) && canShow(high, this.yScale) && low < high) points.push({ kind: "bar", path: bar(this.px(x), py(low), py(high)), ...look, count: 1 });
                }
            }
            // A single point would be an invisible line.
            if (line.mark !== "line" || finite.length === 1) {
                const partial = new Set((line.hollow ?? []).map((place) => this.px(all[place])));
                for (const index of finite) {
                    points.push({ kind: "point", x: drawn[index], y: drawn[index + 1], isHollow: partial.has(drawn[index]), ...look, count: 1 });
                }
            }
            for (const end of line.diverged ? line.ends ?? [line.x.at(-1)] : []) {
                const at = line.x.findLastIndex((x) => x <= end), value = this.valueUpTo(line, at);
                if (at >= 0 && all[at] >= this.xAxis.low && all[at] <= this.xAxis.high) {
                    points.push({ kind: "cross", x: this.px(all[at]), y: value === undefined ? this.plot.top : py(value), ...look, count: 1 });
                }
            }
        });
        return [...areas, ...strokes, ...points];
    }

    /** Returns the last value of a line up to a place that can be drawn; undefined if there is none. */
    valueUpTo(line, place) {
        while (place >= 0 && !canShow(line.y[place], this.yScale)) place--;
        return line.y[place];
    }

    /** Returns the area around a line as a path: a part for each stretch in which both of its edges are known. */
    areaOf(line, from, to, xs, clamped) {
        const isKnown = (place) => canShow(line.high[place], this.yScale) && Number.isFinite(line.low[place]);
        const floor = (value) => (canShow(value, this.yScale) ? clamped(this.py(value)) : this.plot.bottom + 4);
        const parts = [], width = this.plot.right - this.plot.left;
        for (let first = from; first < to; first++) {
            if (!isKnown(first)) continue;
            let last = first;
            while (last + 1 < to && isKnown(last + 1)) last++;
            const own = xs.subarray(first - from, last - from + 1);
            const upper = envelope(own, line.high.subarray(first, last + 1), this.px, (value) => clamped(this.py(value)), width).points;
            const lower = envelope(own, line.low.subarray(first, last + 1), this.px, floor, width).points;
            const back = [];
            for (let index = lower.length - 2; index >= 0; index -= 2) back.push(lower[index], lower[index + 1]);
            const path = pathOf([...upper, ...back]);
            if (path && last > first) parts.push(path + "Z");
            first = last;
        }
        return parts.join("");
    }

    /** Returns a mark at the edge for each part of a line, as drawn, that lies beyond the axis, and not more than one in 14 pixels. */
    beyond(drawn) {
        const { left, right, top, bottom } = this.plot, marks = [];
        let free = -Infinity;
        for (let index = 0; index < drawn.length; index += 2) {
            const x = drawn[index], y = drawn[index + 1];
            if (!(x >= left && x <= right && x >= free) || (y >= top - 0.5 && y <= bottom + 0.5) || !Number.isFinite(y)) continue;
            marks.push({ kind: "beyond", path: y < top ? `M${x - 4} ${top + 4}H${x + 4}L${x} ${top - 4}Z` : `M${x - 4} ${bottom - 4}H${x + 4}L${x} ${bottom + 4}Z` });
            free = x + 14;
        }
        return marks;
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
                case "bar": return element("path", { d: mark.path, stroke: mark.color, "stroke-width": 1.2, fill: "none", class: "bar" });
                case "beyond": return element("path", { d: mark.path, fill: mark.color, class: "beyond" });
                case "point": return element("circle", {
                    cx: mark.x.toFixed(1), cy: mark.y.toFixed(1), r: 3, fill: mark.isHollow ? "#fff" : mark.color, stroke: mark.isHollow ? mark.color : undefined,
                    "stroke-width": mark.isHollow ? 1.6 : undefined, class: mark.isHollow ? "hollow" : undefined,
                });
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
            context.lineWidth = { cross: 2.2, bar: 1.2 }[mark.kind] ?? 1.6;
            context.setLineDash(mark.dash && mark.kind === "line" ? mark.dash.split(" ").map(Number) : []);
            if (mark.kind === "point") {
                context.beginPath();
                context.arc(mark.x, mark.y, 3, 0, 2 * Math.PI);
                if (mark.isHollow) context.fillStyle = "#fff";
                context.fill();
                if (mark.isHollow) context.stroke();
            } else if (mark.kind === "area" || mark.kind === "beyond") context.fill(new Path2D(mark.path));
            else context.stroke(new Path2D(mark.kind === "cross" ? cross(mark) : mark.path));
        }
        context.restore();
    }

    summary(lines) {
        const parts = lines.slice(0, 8).map((line) => {
            const last = line.y.findLast((value) => Number.isFinite(value));
            return `${line.name}: ${counted(line.y.length, "point")}, last ${last === undefined ? "missing" : numberText(last, 4)}${line.diverged ? ", diverged" : ""}`;
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
            return { line, place, index, x: xs[index], y: line.y[index], isThere: isWithin(xs, cursor.x) };
        }).filter((point) => point.isThere && Number.isFinite(point.x) && Number.isFinite(point.y));
        for (const point of found) {
            if (!canShow(point.y, this.yScale)) continue;
            const look = lookOf(point.line, point.place);
            this.overlay.append(element("circle", { cx: this.px(point.x), cy: this.py(point.y), r: 3.2, fill: look.color, class: "cursor" }));
        }
        if (cursor.panel !== this) return;
        this.readout.append(element("b", {}, `${this.xLabel} ${this.description.categories[cursor.x] ?? numberText(found[0]?.x ?? cursor.x)}`));
        for (const point of found.slice(0, 12)) {
            const ends = [point.line.low?.[point.index], point.line.high?.[point.index]].filter(Number.isFinite), { runs, counts } = point.line;
            const range = (ends.length === 2 ? ` (${ends.map((end) => numberText(end, 4)).join(" to ")})` : "")
                + (runs ? `, n = ${counts[point.index]} of ${runs.length}` : "");
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

const bar = (x, low, high) => `M${x.toFixed(1)} ${low.toFixed(1)}V${high.toFixed(1)}M${(x - 4).toFixed(1)} ${low.toFixed(1)}h8M${(x - 4).toFixed(1)} ${high.toFixed(1)}h8`;
const cross = ({ x, y }) => `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x - 5} ${y + 5}L${x + 5} ${y - 5}`;
