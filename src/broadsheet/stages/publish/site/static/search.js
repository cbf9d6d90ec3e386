/* Broadsheet: the search. The only script of the site; the pages of stories have none.

   It reads small files that lie beside the page, as many as a query needs, and sends nothing anywhere. The files are
   scripts that call `broadsheet(name, data)`: a page opened from a folder may load scripts, but may not fetch. What they
   hold is told in the modules of the build, stages/publish/search/; the cutting of words is the same in both. */
"use strict";
(() => {
  const form = document.getElementById("search");
  const said = JSON.parse(form.dataset.said);
  const root = form.dataset.root;
  const box = form.elements.q, found = document.getElementById("found"), note = document.getElementById("note");
  const list = document.getElementById("results"), status = document.getElementById("status"), more = document.getElementById("more");
  const side = document.getElementById("narrow"), papers = document.getElementById("papers"), sorts = document.getElementById("sorts");
  const PAGE = 10, BLOCK = 16, MOST_WORDS = 8;
  const FIRST_QUERY = 210_000, FURTHER = 8_000_000; // bytes of words to fetch before a reader is asked whether to go on

  /* ---- words, as stages/publish/search/words.py cuts them ---- */
  const MARKS = "\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u064b-\\u065f\\u0670\\u0900-\\u0963\\u0966-\\u0dff\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17d3\\u3099\\u309a";
  const SPACELESS = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17d3\\u3005-\\u3007\\u3040-\\u30ff\\u3130-\\u318f\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const WORD = new RegExp(`[\\p{L}\\p{N}${MARKS}]{1,80}`, "gu");
  const RUN = new RegExp(`[${SPACELESS}]+|[^${SPACELESS}]+`, "gu");
  const IS_SPACELESS = new RegExp(`^[${SPACELESS}]`, "u");
  const DROPPED = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0640\u064b-\u065f\u0670]/g;
  const ARTICLE = /^(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=[^]{3})/u;
  const LETTERS = new Map([...[..."øđðłıħςةىٱکی"].map((c, i) => [c, [..."oddlihσهياكي"][i]]),
    ...[..."٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"].map((c, i) => [c, String(i % 10)]), ["ß", "ss"], ["æ", "ae"], ["œ", "oe"], ["þ", "th"]]);
  const STOP = new Set(said.stop_words);
  const PLAIN = /^[\0-\x7f]*$/;

  const fold = (word) => {
    const plain = word.normalize("NFKD").toLowerCase().replace(DROPPED, "").normalize("NFKC");
    return Array.from(plain, (c) => LETTERS.get(c) ?? c).join("");
  };
  const cut = (run) => {
    if (!IS_SPACELESS.test(run)) return [run.replace(ARTICLE, "")];
    const letters = Array.from(run);
    return letters.map((c, i) => c + (letters[i + 1] ?? ""));
  };
  const pieces = (word) => {
    const lower = word.toLowerCase();
    return PLAIN.test(lower) ? [lower] : (fold(lower).match(WORD) ?? []).flatMap((p) => p.match(RUN).flatMap(cut));
  };
  const wordsOf = (text) => (text.toLowerCase().match(WORD) ?? []).flatMap(pieces);
  const labelOf = (name) => wordsOf(name).join("-");

  /* What is asked for: each word once, with its place. A single letter after a pair of its own script says nothing new. */
  const parse = (text) => {
    const asked = [];
    let place = 0, before = "";
    for (const word of wordsOf(text)) {
      const tail = IS_SPACELESS.test(word) && Array.from(word).length === 1 && before.endsWith(word) && before !== word;
      if (!tail && !STOP.has(word) && asked.length < MOST_WORDS && !asked.some((a) => a.word === word)) asked.push({ word, place, last: false });
      place += 1;
      before = word;
    }
    if (asked.length && !/[\s.,;:!?"]$/.test(text)) asked[asked.length - 1].last = true;
    return asked;
  };

  /* ---- files ---- */
  const files = new Map(), waiting = new Map();
  performance.setResourceTimingBufferSize(5000);
  window.broadsheet = (name, data, rows) => waiting.get(name)?.({ data, rows });
  const load = (name, anew = "") => {
    if (!files.has(name)) {
      files.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        let told;
        waiting.set(name, (said) => { told = said; });
        script.onload = () => { script.remove(); if (told) done({ ...told, size: sizeOf(script.src, told) }); else failed(new Error(name)); };
        script.onerror = () => { script.remove(); files.delete(name); failed(new Error(name)); };
        script.src = `${root}search/${/^(recent$|stories)/.test(name) ? "" : "words/"}${name}.js${anew}`;
        document.head.append(script);
      }));
    }
    return files.get(name);
  };
  /* What came over the line, compressed or not; a folder's files come over none. */
  const sizeOf = (url, { data, rows }) => {
    if (location.protocol === "file:") return 0;
    return performance.getEntriesByName(url).at(-1)?.encodedBodySize || (rows ? JSON.stringify(rows) : data).length;
  };

  /* ---- segments ---- */
  const CODE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((c) => !"$\\`".includes(c));
  const VALUE = new Uint8Array(128);
  CODE.forEach((c, i) => { VALUE[c.charCodeAt(0)] = i; });
  const codeOf = (local, place) => CODE[Math.floor((local & 8191) / 91)] + CODE[(local & 8191) % 91] + CODE[place * 2 + (local >> 13)];

  const hash = (key) => {
    let value = 0x811c9dc5;
    for (const c of key) value = Math.imul(value ^ c.codePointAt(0), 0x01000193) >>> 0;
    return value;
  };
  const keyOf = (word) => (word[0] >= "\u3400" ? String.fromCodePoint(word.codePointAt(0)) : Array.from(word).slice(0, 4).join(""));
  const fileOf = (term, part) => {
    const size = part.end - part.start;
    return /^[#@]/.test(term)
      ? `${part.name}/f${hash(term) % Math.max(1, Math.floor(size / 512))}`
      : `${part.name}/${hash(keyOf(term)) % Math.max(1, Math.floor(size / (size <= 1024 ? 64 : 32)))}`;
  };

  /* The newest stories have no files of words: this makes them. */
  const recentPart = (rows, start) => {
    const terms = new Map();
    const put = (term, code) => { if (!terms.has(term)) terms.set(term, []); terms.get(term).push(code); };
    for (const row of rows) {
      const [number, , title, deck, topics, paper, domain] = row;
      const seen = new Set(), local = number - start;
      const read = (text, first, last) => wordsOf(text).forEach((word, i) => {
        if (!seen.has(word) && !STOP.has(word)) { seen.add(word); put(word, codeOf(local, Math.min(first + i, last))); }
      });
      if (local >= 16384) continue;
      read(title, 0, 19);
      read(deck, 20, 43);
      for (const term of [...topics.map((t) => "#" + labelOf(t)), "@" + labelOf(domain || paper)]) put(term, codeOf(local, 0));
    }
    const body = "\n" + [...terms.keys()].sort().map((t) => `${t} ${terms.get(t).join("")}\n`).join("");
    return { start, end: rows.length ? rows[rows.length - 1][0] + 1 : start, body, rows };
  };

  let opened;
  const open = () => (opened ??= load("recent").then(({ data, rows, size }) => {
    const ends = [0, ...data.ends];
    const parts = data.ends.map((end, i) => ({ start: ends[i], end, name: `${ends[i]}-${end}` }));
    const recent = recentPart(rows, ends[ends.length - 1]);
    return { parts: [...parts, recent].reverse(), stories: data.stories, ends: data.ends.join(), size, total: recent.end };
  }).catch((error) => { opened = undefined; throw error; }));

  /* The site was published anew while this page was open: where segments have joined, their old files are gone. */
  const again = async () => {
    const before = opened && (await opened.catch(() => null));
    files.delete("recent");
    const { data } = await load("recent", `?${Date.now()}`);
    if (!before || data.ends.join() === before.ends) return false;
    opened = undefined;
    return true;
  };

  const bodyOf = async (part, term) => part.body ?? (await load(fileOf(term, part))).data;

  /* ---- looking up ---- */
  /* What makes a plural, in the language of the site. */
  const ENDINGS = new Set({ de: ["e", "n", "en", "er", "s"], fr: ["s", "x", "es", "e"] }[document.documentElement.lang.slice(0, 2)] ?? ["s", "es"]);
  const stem = (word) => word.replace(/ies$/, "y");
  const alike = (one, other) => {
    const [short, long] = [stem(one), stem(other)].sort((a, b) => a.length - b.length);
    return short === long || (short.length > 2 && long.startsWith(short) && ENDINGS.has(long.slice(short.length)));
  };
  /* The lines of a file that have the word or its plural, and those that begin with it: [codes, weight]. */
  const lookUp = (body, { word, last }) => {
    const strong = [], weak = [], key = keyOf(word);
    const whole = word.length > 3 || IS_SPACELESS.test(word);
    let at = body.indexOf(`\n${whole ? key : word + " "}`);
    while (at >= 0) {
      const blank = body.indexOf(" ", at), end = body.indexOf("\n", blank), term = body.slice(at + 1, blank);
      if (!term.startsWith(whole ? key : word)) break;
      const codes = body.slice(blank + 1, end);
      if (term === word) strong.unshift([codes, 1]);
      else if (whole && !IS_SPACELESS.test(word) && alike(term, word)) strong.push([codes, 0.85]);
      else if (whole && last && term.startsWith(word)) weak.push([codes, 0.5 * (word.length / term.length) + 0.2]);
      at = end + 1 < body.length && whole ? end : -1;
    }
    return { strong, weak };
  };

  const placeOf = (codes, i) => ((VALUE[codes.charCodeAt(i)] * 91 + VALUE[codes.charCodeAt(i + 1)]) | ((VALUE[codes.charCodeAt(i + 2)] & 1) << 13));

  /* Which stories of a part the filters let through: null where there is none. */
  const filtersOf = (state) => [state.topic && "#" + labelOf(state.topic), state.from && "@" + labelOf(state.from)].filter(Boolean);
  const allowed = async (part, state) => {
    const terms = filtersOf(state);
    if (!terms.length && !state.days) return null;
    const passed = new Uint8Array(part.end - part.start);
    for (const term of terms) {
      const body = await bodyOf(part, term), at = body.indexOf(`\n${term} `);
      if (at < 0) continue;
      const from = at + term.length + 2, codes = body.slice(from, body.indexOf("\n", from));
      for (let i = 0; i < codes.length; i += 3) passed[placeOf(codes, i)] += 1;
    }
    if (state.days) {
      const since = Math.floor(Date.now() / 864e5) - state.days;
      if (part.rows) for (const row of part.rows) { if (row[7] >= since) passed[row[0] - part.start] += 1; }
      else {
        const runs = (await load(`${part.name}/days`)).data;
        for (let i = 0; i < runs.length; i += 2) {
          if (runs[i + 1] && runs[i + 1] >= since) for (let k = runs[i]; k < (runs[i + 2] ?? passed.length); k += 1) passed[k] += 1;
        }
      }
    }
    const needed = terms.length + (state.days ? 1 : 0);
    return passed.map((n) => +(n === needed));
  };

  const readPart = async (part, asked, state) => {
    const terms = [...asked.map((a) => a.word), ...filtersOf(state)];
    const names = part.body ? [] : [...new Set(terms.map((term) => fileOf(term, part)))];
    const cost = (await Promise.all(names.map((name) => load(name)))).reduce((sum, file) => sum + file.size, 0);
    const lists = await Promise.all(asked.map(async (a) => lookUp(await bodyOf(part, a.word), a)));
    return { part, passed: await allowed(part, state), cost, lists };
  };

  /* The newest first, as far as the budget goes: what a common word needs of an old segment is known from a newer one. */
  const gather = async (index, asked, state, budget) => {
    const read = [];
    let spent = index.size, at = 0, next = 0, cost = 0;
    while (at < index.parts.length && (at === 0 || spent + cost <= budget)) {
      if (at) next = cost ? at + Math.max(1, Math.floor((budget - spent) / cost)) : index.parts.length;
      else do next += 1; while (next < index.parts.length && index.parts[next - 1].end - index.parts[next - 1].start < 4096);
      const wave = await Promise.all(index.parts.slice(at, next).map((part) => readPart(part, asked, state)));
      read.push(...wave);
      for (const one of wave) { spent += one.cost; cost = Math.max(cost, one.cost); }
      at = Math.min(next, index.parts.length);
    }
    return { read, whole: at >= index.parts.length };
  };

  /* BM25 in short texts: a rare word says more, a title more than a deck, words side by side more than apart. */
  const rank = (index, asked, read, state, typing) => {
    const total = read.reduce((sum, { part }) => sum + part.end - part.start, 0);
    const weights = asked.map((a, n) => {
      a.begun = typing && a.last || !read.some((one) => one.lists[n].strong.length);
      const used = read.map((one) => [...one.lists[n].strong, ...(a.begun ? one.lists[n].weak : [])]);
      const df = used.flat().reduce((sum, [codes]) => sum + codes.length / 3, 0);
      return { used, idf: Math.log(1 + (total - df + 0.5) / (df + 0.5)) };
    });
    const all = 2 ** asked.length - 1, hits = [];
    read.forEach(({ part, passed }, r) => {
      const size = part.end - part.start, score = new Float32Array(size), seen = new Uint8Array(size);
      const places = asked.map(() => new Int8Array(size).fill(-99));
      weights.forEach(({ used, idf }, n) => {
        for (const [codes, weight] of used[r]) {
          for (let i = 0; i < codes.length; i += 3) {
            const local = placeOf(codes, i), place = VALUE[codes.charCodeAt(i + 2)] >> 1;
            if (seen[local] & (1 << n)) continue;
            seen[local] |= 1 << n;
            places[n][local] = place;
            score[local] += idf * weight * (place < 20 ? 2 + 0.4 / (1 + place) : 1);
          }
        }
      });
      for (let local = 0; local < size; local += 1) {
        if (passed ? !passed[local] : !seen[local]) continue;
        if (asked.length && !seen[local]) continue;
        let phrase = asked.length > 1 ? 1 : 0;
        for (let n = 1; n < asked.length && phrase; n += 1) {
          const [a, b] = [places[n - 1][local], places[n][local]];
          if (b - a !== asked[n].place - asked[n - 1].place || (a < 20) !== (b < 20)) phrase = 0;
        }
        const number = part.start + local;
        const newer = 1 + 0.2 * ((number + 1) / index.total);
        hits.push({ number, full: seen[local] === all, score: score[local] * newer * (1 + 0.5 * phrase) });
      }
    });
    const newest = (a, b) => b.number - a.number;
    const best = (a, b) => b.full - a.full || b.score - a.score || newest(a, b);
    const full = hits.filter((h) => h.full).length;
    const kept = state.by === "newest" && full ? hits.filter((h) => h.full) : hits;
    return { full, hits: kept.sort(state.by === "newest" || !asked.length ? newest : best), total };
  };

  /* ---- showing ---- */
  const el = (tag, props, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props ?? {})) if (value !== null && value !== undefined) node.setAttribute(name, value);
    node.append(...inside.filter((x) => x !== null));
    return node;
  };
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, said.thousands);
  const say = (key, values = {}) => {
    let text = said[key];
    if (typeof text !== "string") text = text[plural.select(values.n)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name] ?? ""));
  };
  const address = (path, hash = "") => root + path + (location.protocol === "file:" ? "index.html" : "") + hash;
  const dayOf = (days) => {
    const at = new Date(days * 864e5);
    const shown = say("date", { day: String(at.getUTCDate()), month: said.months[at.getUTCMonth()], year: String(at.getUTCFullYear()) });
    return el("time", { datetime: at.toISOString().slice(0, 10) }, shown);
  };

  /* The text with what was asked for marked: whole words, and within scripts without spaces the very letters. */
  const marked = (text, asked, query) => {
    const node = document.createDocumentFragment();
    const hit = (piece) => asked.some(({ word, begun }) => piece === word || (word.length > 3 && (alike(piece, word) || (begun && piece.startsWith(word)))));
    const runs = wanted(query);
    let done = 0;
    const mark = (from, to) => { node.append(text.slice(done, from), el("mark", {}, text.slice(from, to))); done = to; };
    for (const match of text.matchAll(WORD)) {
      const [word] = match;
      if (IS_SPACELESS.test(word)) {
        for (let at = 0; at < word.length; at += 1) {
          const run = runs.find((r) => fold(word.slice(at, at + r.length)) === fold(r));
          if (run) { mark(match.index + at, match.index + at + run.length); at += run.length - 1; }
        }
      } else if (pieces(word).some(hit)) mark(match.index, match.index + word.length);
    }
    node.append(text.slice(done));
    return node;
  };
  const wanted = (query) => (query.match(WORD) ?? []).flatMap((w) => w.match(RUN)).filter((r) => IS_SPACELESS.test(r));

  const tally = (independent, copies) => [
    el("span", { class: "tally", "aria-hidden": "true" }, el("i", { "data-n": Math.min(independent, 16) }), el("i", { "data-n": Math.min(copies, 16) })), " ",
  ];
  const result = (row, asked, query) => {
    const [, id, title, deck, topics, paper, domain, day, heat, independent, copies, lang] = row;
    const path = `stories/${encodeURIComponent(id)}/`, topic = said.topics.find((t) => t[0] === topics[0]);
    const step = heat ? Math.min(100, Math.max(5, (Math.round(heat / 10) - (heat % 20 === 5)) * 5)) : null;
    const letter = Array.from(paper).find((c) => /[\p{L}\p{N}]/u.test(c)) ?? "·";
    const name = [el("i", { class: "mk mk--0", "aria-hidden": "true" }, letter.toUpperCase()), el("bdi", {}, paper)];
    const counts = [say("independent", { n: independent }), copies ? say("copies", { n: copies }) : ""].filter(Boolean).join(said.comma);
    return el("article", { class: "story story--s result", "data-h": step },
      el("div", { class: "story__top" },
        el("p", { class: "kicker" }, ...(topic ? [el("a", { href: address(topic[2]) }, el("bdi", {}, topic[1])), said.comma] : []), dayOf(day)),
        el("a", { class: "heat", href: address(path, "#sum") }, el("small", {}, said.heat), " " + number(heat))),
      el("h3", {}, el("a", { href: address(path) }, el("bdi", { lang }, marked(title, asked, query)))),
      deck ? el("p", { class: "deck" }, el("bdi", { lang }, marked(deck, asked, query))) : null,
      el("p", { class: "meta" },
        domain ? el("a", { class: "chip", href: address(`providers/${encodeURIComponent(domain)}/`) }, ...name) : el("span", { class: "chip" }, ...name),
        ...(independent + copies > 1 ? [" ", el("span", { class: "count" }, ...tally(independent, copies), el("a", { href: address(path, "#coverage") }, counts))] : [])));
  };
  const rowsOf = async (index, hits) => {
    const recent = index.parts[0];
    const blocks = new Map(await Promise.all([...new Set(hits.filter((h) => h.number < recent.start).map((h) => Math.floor(h.number / BLOCK)))]
      .map(async (block) => [block, (await load(`stories/${block}`)).data])));
    return hits.map((h) => (h.number < recent.start ? blocks.get(Math.floor(h.number / BLOCK)) : recent.rows).find((row) => row[0] === h.number)).filter(Boolean);
  };

  /* ---- state: what the address says ---- */
  const readState = () => {
    const said = new URLSearchParams(location.search);
    return { q: (said.get("q") ?? "").slice(0, 200), topic: said.get("topic") ?? "", from: said.get("from") ?? "", days: Math.max(0, +said.get("days") || 0), by: said.get("by") === "newest" ? "newest" : "" };
  };
  const formState = () => {
    const data = new FormData(form);
    return { q: box.value, topic: data.get("topic") ?? "", from: data.get("from") ?? "", days: +data.get("days") || 0, by: data.get("by") ?? "" };
  };
  const addressOf = (state) => {
    const kept = Object.entries(state).filter(([, value]) => value);
    return location.pathname + (kept.length ? "?" + new URLSearchParams(kept) : "");
  };
  const showState = (state) => {
    if (box.value !== state.q) box.value = state.q;
    showPapers([], state);
    for (const [name, value] of Object.entries({ topic: state.topic, days: String(state.days || ""), from: state.from, by: state.by })) {
      for (const input of document.querySelectorAll(`input[form="search"][name="${name}"]`)) input.checked = input.value === value;
    }
  };
  /* The publishers of what was shown so far for this query, as choices. */
  let papersOf = "", names = new Map();
  const showPapers = (rows, state) => {
    const key = [state.q, state.topic, state.days].join("\n");
    if (key !== papersOf) { papersOf = key; names = new Map(); }
    for (const row of rows) if (row[6]) names.set(row[6], row[5]);
    if (state.from && !names.has(state.from)) names.set(state.from, state.from);
    const option = (value, name) => {
      const input = el("input", { type: "radio", name: "from", value, form: "search" });
      input.checked = value === state.from;
      return el("label", {}, input, " ", el("bdi", {}, name));
    };
    const shown = [...names].filter(([value], i) => i < 8 || value === state.from), focused = papers.contains(document.activeElement);
    papers.replaceChildren(papers.firstElementChild, option("", said.all_publishers), ...shown.map(([value, name]) => option(value, name)));
    papers.hidden = !names.size;
    if (focused) papers.querySelector("input:checked").focus();
  };

  let turn = 0;
  const announce = (text) => { status.textContent = text; };
  const head = (text, ...notes) => { found.textContent = text; note.replaceChildren(...notes); };
  const idle = () => { list.replaceChildren(); more.replaceChildren(); sorts.hidden = true; head(said.search_idle); announce(""); };

  const run = async (state, { typing = false, budget = FIRST_QUERY, retried = false } = {}) => {
    const mine = (turn += 1);
    const asked = parse(state.q);
    const query = state.q.trim();
    document.title = (query ? `${query} | ` : "") + said.page_title;
    if (!asked.length && !state.topic && !state.from && !state.days) {
      if (query) { list.replaceChildren(); more.replaceChildren(); sorts.hidden = true; head(said.search_common); announce(said.search_common); } else idle();
      return;
    }
    const late = setTimeout(() => { if (mine === turn) announce(said.search_busy); }, 700);
    try {
      const index = await open();
      const { read, whole } = await gather(index, asked, state, budget);
      if (mine !== turn) return;
      const ranked = rank(index, asked, read, state, typing);
      const rows = await rowsOf(index, ranked.hits.slice(0, PAGE));
      if (mine !== turn) return;
      show(state, index, asked, ranked, rows, whole);
    } catch (error) {
      if (mine !== turn) return;
      if (!retried && (await again().catch(() => false))) { run(state, { typing, budget, retried: true }); return; }
      list.replaceChildren();
      more.replaceChildren();
      head(said.search_failed);
      announce(said.search_failed);
      console.warn(error); // for whoever looks into it; a reader was told in words
    } finally {
      clearTimeout(late);
    }
  };

  const show = (state, index, asked, ranked, rows, whole) => {
    const counted = asked.length ? ranked.full : ranked.hits.length;
    const among = whole ? "" : say("search_among", { n: ranked.total });
    const some = asked.length > 1 && ranked.hits.length > ranked.full && (!ranked.full || ranked.full < PAGE) ? (ranked.full ? said.search_also_some : said.search_some) : "";
    const text = counted ? say("stories", { n: counted }) : some ? "" : said.search_none;
    head(text || some, [text && some, among].filter(Boolean).join(" "));
    announce([text, some, among].filter(Boolean).join(" "));
    sorts.hidden = !ranked.hits.length || !asked.length;
    list.replaceChildren(...rows.map((row) => result(row, asked, state.q)));
    const limit = ranked.full >= PAGE ? ranked.full : ranked.hits.length;
    showPapers(rows, state);
    offer(state, index, asked, ranked, PAGE, limit, whole);
  };

  const offer = (state, index, asked, ranked, shown, limit, whole) => {
    const buttons = [];
    const button = (text, act) => { const b = el("button", { type: "button", class: "btn" }, text); b.addEventListener("click", act); buttons.push(b); };
    if (shown < limit) {
      button(said.search_more, async () => {
        const mine = turn;
        const rows = await rowsOf(index, ranked.hits.slice(shown, Math.min(limit, shown + PAGE))).catch(() => []);
        if (mine !== turn) return;
        const added = rows.map((row) => result(row, asked, state.q));
        list.append(...added);
        offer(state, index, asked, ranked, shown + PAGE, limit, whole);
        added[0]?.querySelector("h3 a").focus();
      });
    }
    if (!whole) button(said.search_older, () => run(state, { budget: FURTHER }));
    more.replaceChildren(...buttons);
  };

  /* ---- what a reader does ---- */
  let pause;
  const go = (state, remember) => {
    clearTimeout(pause);
    if (addressOf(state) !== location.pathname + location.search) history[remember ? "pushState" : "replaceState"](null, "", addressOf(state));
    return run(state, { typing: !remember });
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); go(formState(), true); });
  side.addEventListener("change", () => go(formState(), true));
  sorts.addEventListener("change", () => go(formState(), true));
  box.addEventListener("input", () => {
    clearTimeout(pause);
    const asked = parse(box.value), last = asked[asked.length - 1];
    const short = last && last.last && last.word.length < 4 && !IS_SPACELESS.test(last.word); // wait: a beginning of four letters can be looked up
    pause = setTimeout(() => go(formState(), false), short ? 900 : 180);
  });
  window.addEventListener("popstate", () => { const state = readState(); showState(state); run(state); });
  document.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const stops = [box, ...list.querySelectorAll("h3 a")], at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });

  const state = readState();
  showState(state);
  idle();
  open().then((index) => { document.getElementById("label").textContent = say("search_label", { n: index.stories }); }).catch(() => {}); // a query will say so
  if (state.q || state.topic || state.from || state.days) run(state); else box.focus({ preventScroll: true });
})();
