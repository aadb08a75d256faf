// SPDX-License-Identifier: LGPL-2.1-or-later
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const rows = [];

// The states of a cell, the best first.
const states = {
    proved: {sign: "✓", word: "proved", means: "answered what C answered"},
    failed: {sign: "≈", word: "failed alike", means: "only failed, as C did"},
    unsupported: {sign: "○", word: "unsupported", means: "failed as C did: what is behind the connection has it not"},
    decided: {sign: "≠", word: "decided", means: "differs from C, as is known of the established binding"},
    differs: {sign: "✗", word: "differs", means: "did not get what C got"},
    absent: {sign: "∅", word: "absent", means: "the language has it not"},
    skipped: {sign: "–", word: "left out", means: "what calls it could not be played"},
    untried: {sign: "–", word: "cannot be tried", means: "the leg cannot try it, for the reason that is told"},
    blank: {sign: "–", word: "not reached", means: "no step of the leg calls it"},
    elsewhere: {sign: "·", word: "not here", means: "this libvirt has it not"},
    helper: {sign: "·", word: "helper", means: "programs of a language do not call it"},
};

function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null));
    return made;
}

function sign(state) {
    const mark = element("span", {textContent: states[state].sign});
    mark.setAttribute("aria-hidden", "true");
    return element("span", {className: `sign ${state}`, title: states[state].means},
        mark, states[state].word);
}

function release(number) {
    return `${Math.floor(number / 1000000)}.${Math.floor(number / 1000) % 1000}.${number % 1000}`;
}

function cell(entry, leg) {
    return entry.legs[leg];
}

function showTotals() {
    document.getElementById("about").textContent =
        `Function by function: what each leg proved in each language, on libvirt ${release(data.libvirt)}. ` +
        `${data.passed} tests passed, ${data.failed} failed, ${data.skipped} skipped.`;
    for (const [index, language] of data.languages.entries()) {
        const callable = data.functions.filter((f) => f.languages[index] &&
            !["helper", "elsewhere"].includes(f.languages[index].standing));
        const card = element("section", {className: "card"},
            element("h2", {}, `${language.name} `,
                element("small", {textContent: `${callable.length} functions can be called`})));
        for (const leg of data.legs) {
            const bar = element("div", {className: "bar"});
            const counts = {};
            for (const f of callable) {
                const {state} = cell(f.languages[index], leg);
                counts[state] = (counts[state] || 0) + 1;
            }
            for (const state of ["proved", "failed", "unsupported", "decided", "differs", "absent"]) {
                const part = element("i", {className: state});
                part.style.width = `${100 * (counts[state] || 0) / (callable.length || 1)}%`;
                bar.append(part);
            }
            card.append(element("div", {className: "row"}, element("span", {textContent: leg}), bar,
                element("span", {textContent: `${counts.proved || 0} proved`})));
        }
        document.getElementById("totals").append(card);
    }
}

function showHead() {
    const head = element("tr", {}, element("th", {className: "function", scope: "col",
        textContent: "Function"}));
    for (const language of data.languages) {
        head.append(element("th", {scope: "col", textContent: `${language.name}: call`}));
        for (const leg of data.legs)
            head.append(element("th", {className: "leg", scope: "col"}, leg,
                element("small", {textContent: language.name})));
    }
    document.getElementById("head").append(head);
}

function details(f) {
    return element("details", {}, element("summary", {textContent: f.name}),
        element("div", {className: "more"}, element("code", {textContent: f.prototype}),
            element("div", {className: "since",
                textContent: `${f.library}, ${f.kind}, since ${release(f.since * 1000)}`})));
}

// The reasons stand below the signs while a function is open.
function reasons(entries, open) {
    for (const {place, why} of entries) {
        const shown = place.querySelector(".why");
        if (open && why && !shown)
            place.append(element("span", {className: "why", textContent: why}));
        else if (!open && shown)
            shown.remove();
    }
}

function showFunction(f) {
    const name = details(f);
    const row = element("tr", {}, element("th", {scope: "row"}, name));
    const entries = [];
    const found = new Set();
    for (const [index, language] of data.languages.entries()) {
        const entry = f.languages[index];
        row.append(element("td", {className: "signature",
            textContent: entry ? entry.signature : "not in its manifest"}));
        for (const leg of data.legs) {
            const {state, why} = entry ? cell(entry, leg) : {state: "absent", why: ""};
            const place = element("td", {}, sign(state));
            const reason = why || states[state].means;
            place.firstChild.title = reason;
            entries.push({place, why: reason});
            found.add(`${language.name} ${state}`);
            found.add(` ${state}`);
            row.append(place);
        }
        // Over all legs: none reached it.
        if (!entry || entry.standing === "blank") {
            found.add(`${language.name} nowhere`);
            found.add(" nowhere");
        }
    }
    name.addEventListener("toggle", () => reasons(entries, name.open));
    rows.push({row, found, library: f.library, text: [f.name, ...f.languages.map(
        (entry) => entry ? entry.signature : "")].join(" ").toLowerCase()});
    return row;
}

function option(value, text) {
    return element("option", {value, textContent: text});
}

function fillFilters() {
    document.getElementById("library").append(option("", "all"),
        ...[...new Set(data.functions.map((f) => f.library))].map((name) => option(name, name)));
    document.getElementById("language").append(option("", "any"),
        ...data.languages.map((language) => option(language.name, language.name)));
    document.getElementById("state").append(option("", "any"),
        option("nowhere", "reached by no leg"),
        ...Object.entries(states).map(([name, state]) => option(name, state.word)));
    for (const [name, state] of Object.entries(states))
        document.getElementById("legend").append(element("div", {},
            element("dt", {}, sign(name)), element("dd", {textContent: state.means})));
}

function filter() {
    const value = (name) => document.getElementById(name).value;
    const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const {row, found, library, text} of rows) {
        const fits = words.every((word) => text.includes(word)) &&
            (!value("library") || library === value("library")) &&
            (!value("state") || found.has(`${value("language")} ${value("state")}`));
        row.hidden = !fits;
        count += fits;
    }
    document.getElementById("shown").textContent = `${count} of ${rows.length} functions`;
    document.getElementById("none").hidden = count > 0;
    const set = ["text", "library", "state", "language"].filter(value);
    history.replaceState(null, "", set.length ? "#" + new URLSearchParams(
        set.map((name) => [name, value(name)])) : location.pathname + location.search);
}

function start() {
    showTotals();
    showHead();
    fillFilters();
    document.getElementById("body").append(...data.functions.map(showFunction));
    for (const [name, value] of new URLSearchParams(location.hash.slice(1)))
        if (document.getElementById(name))
            document.getElementById(name).value = value;
    document.getElementById("filters").addEventListener("input", filter);
    document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.target.matches("input, select"))
            return;
        event.preventDefault();
        document.getElementById("text").focus();
    });
    filter();
}

start();
