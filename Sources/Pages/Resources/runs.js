// The table of runs.

const rowHeight = 26, mostChosen = 50;

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
        this.chooseAll = element("button", { type: "button", onclick: () => choose(this.shown.slice(0, mostChosen).map((row) => row[0])) });
        this.count = element("span", { class: "count", role: "status" });
        this.head = element("div", { class: "row head", role: "row" });
        this.space = element("div", { class: "space", role: "rowgroup" });
        this.scroller = element("div", { class: "scroller", role: "table", "aria-label": "Runs", tabindex: "0", onscroll: () => this.drawRows() }, this.head, this.space);
        this.node = element("section", { id: "runs" }, element("h2", {}, "Runs"),
            element("p", { class: "question" }, "Which runs are there? The chosen ones are drawn in every picture."),
            element("div", { class: "toolbar" }, this.filter, this.chooser,
                this.chooseAll,
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
        this.chooseAll.textContent = this.shown.length > mostChosen ? `Choose the first ${mostChosen}` : "Choose all shown";
        // By characters, so that the header and the rows, which are laid out apart, agree.
        const width = (name) => {
            const place = page.columns.indexOf(name);
            const longest = this.shown.slice(0, 500).reduce((most, row) => Math.max(most, cellText(row[place]).length), name.split(".").pop().length + 2);
            return `${Math.min(name === "name" ? 40 : 24, longest)}ch`;
        };
        // A column of numbers stands to the right, with its name and with what is missing.
        this.areNumbers = new Set(page.columns.filter((_, place) => this.shown.some((row) => typeof row[place] === "number")));
        const widths = this.widths = ["34px", "7ch", ...this.columns.map(width)].join(" ");
        this.head.style.gridTemplateColumns = widths;
        const header = (name) => element("button", {
            type: "button", class: this.areNumbers.has(name) ? "number" : undefined, role: "columnheader", title: name,
            "aria-sort": state.sort.replace(/^-/, "") === name ? (descending ? "descending" : "ascending") : "none",
            onclick: () => { state.sort = state.sort === name ? `-${name}` : name; writeState(); this.update(); },
        }, name.split(".").pop() + (state.sort.replace(/^-/, "") === name ? (descending ? " ↓" : " ↑") : ""));
        this.head.replaceChildren(element("span", { role: "columnheader", "aria-label": "chosen" }), header("id"), ...this.columns.map(header));
        this.space.style.height = `${this.shown.length * rowHeight}px`;
        this.drawRows();
    }

    /** Draws the rows in view, and for a print all, so that the number of runs does not matter. */
    drawRows() {
        const first = isPrinting() ? 0 : Math.max(0, Math.floor(this.scroller.scrollTop / rowHeight) - 4);
        const rows = isPrinting() ? this.shown : this.shown.slice(first, first + Math.ceil((this.scroller.clientHeight || 320) / rowHeight) + 8);
        const chosen = selected();
        this.space.replaceChildren(...rows.map((row, index) => {
            const isChosen = chosen.includes(row[0]), swatch = element("i", { class: "swatch" });
            if (isChosen) swatch.style.background = colorOf(row[0]);
            const node = element("div", { class: "row", role: "row", "data-run": row[0], "aria-selected": isChosen },
                element("label", {}, element("input", { type: "checkbox", checked: isChosen, "aria-label": `Choose run ${row[0]}`, onchange: () => toggleChosen(row[0]) }), swatch),
                element("span", { role: "cell", class: "number" }, String(row[0])),
                ...this.columns.map((name) => {
                    const value = row[page.columns.indexOf(name)];
                    const text = cellText(value);
                    return element("span", { role: "cell", class: [this.areNumbers.has(name) ? "number" : "", name === "status" ? `status-${value}` : ""].join(" "), title: text }, text);
                }));
            node.style.gridTemplateColumns = this.widths;
            node.style.top = `${(first + index) * rowHeight}px`;
            return node;
        }));
    }
}
