"use strict";
(() => {
  // Lists as `tool::preview::data` writes them.
  const [KIND, RULE, FIELD, PIECE, ELEMENT, WORDS, BEST, STAYS, BECAUSE] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [TABLE, TOML, WHAT, BLOCKS, KEPT] = [0, 1, 2, 3, 4];
  const [PARENT, LABEL, PROPOSAL] = [0, 1, 2];
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const at = (id) => document.getElementById(id);
  const parts = at("parts"), status = at("status"), inspector = at("inspector"), search = at("search");
  const partAt = (index) => at("b" + index);
  const indexOf = (node) => Number(node.id.slice(1));
  const count = (number, one, many) => number + " " + (number === 1 ? one : many);
  let current = 0, opened = null, chosen = null, hits = [], hit = -1;

  const node = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const place = (rule) => rule.file ? rule.file + (rule.line ? ":" + rule.line : "") : "";

  const reasons = (part) => {
    if (!part[BECAUSE]) return "";
    const [chance, all] = part[BECAUSE];
    const words = all.map(([feature, value, points]) => feature + " " + value + " " + (points > 0 ? "+" : "") + points);
    return "chance of main content " + (chance / 10).toFixed(1) + " %: " + words.join(" · ");
  };

  const judged = (part) => part[KIND] === "kept" || (part[RULE] !== null && facts.rules[part[RULE]].id.includes("/strip.generic."));

  const fate = (part) => {
    if (part[KIND] === "kept") return part[PIECE] ? "Kept in piece " + part[PIECE] : "Kept";
    if (part[KIND] === "field") return "Moved into " + part[FIELD];
    return "Removed";
  };

  const sentence = (index) => {
    const part = facts.parts[index];
    const words = [fate(part)];
    if (part[RULE] !== null) {
      const rule = facts.rules[part[RULE]];
      words.push("by " + rule.id, place(rule));
    }
    if (part[BECAUSE] && judged(part)) words.push(reasons(part));
    return words.filter(Boolean).join("  —  ");
  };

  // The elements around a part, as far as there is room: the nearest ones.
  const trail = (index) => {
    const found = [];
    let number = facts.parts[index][ELEMENT];
    for (; number !== null && found.length < 5; number = facts.elements[number][PARENT]) found.unshift(facts.elements[number][LABEL]);
    return (number === null ? "" : "… › ") + found.join(" › ");
  };

  const tell = (index) => {
    const words = trail(index);
    status.replaceChildren(sentence(index));
    if (words) status.append(node("span", words, "trail"));
  };

  // Parts: one of them can be reached by Tab, the others by arrows.
  const isShown = (node) => !document.body.classList.contains("only") || node.classList.contains("removed");

  const focusPart = (index, scroll = true) => {
    const node = partAt(index);
    if (!node) return;
    partAt(current)?.setAttribute("tabindex", "-1");
    current = index;
    node.setAttribute("tabindex", "0");
    node.focus({ preventScroll: true });
    if (scroll) node.scrollIntoView({ block: "nearest" });
    tell(index);
  };

  const step = (by, wanted = () => true) => {
    for (let index = current + by; index >= 0 && index < facts.parts.length; index += by) {
      if (isShown(partAt(index)) && wanted(index)) return focusPart(index);
    }
  };

  const sameFate = (one, other) =>
    [KIND, RULE, FIELD, PIECE].every((key) => facts.parts[one][key] === facts.parts[other][key]);

  const run = (by) => {
    const from = current;
    step(by, (index) => !sameFate(index, from));
  };

  // The inspector.
  const choices = (part) => {
    const found = [];
    for (let number = part[ELEMENT]; number !== null && number !== undefined; number = facts.elements[number][PARENT]) {
      found.push({ label: facts.elements[number][LABEL], proposal: facts.elements[number][PROPOSAL] });
    }
    found.unshift({ label: found.length ? "its words" : "the line", proposal: part[WORDS] });
    return found;
  };

  const choose = (part, number) => {
    chosen = number;
    const proposal = facts.proposals[number];
    const verb = part[KIND] === "kept" ? "strip" : "keep";
    at("snippet").textContent = "[" + verb + "." + proposal[TABLE] + "]\n" + proposal[TOML] + "\n";
    for (const radio of at("path").children) {
      const on = Number(radio.dataset.proposal) === number && radio.dataset.proposal !== "";
      radio.setAttribute("aria-checked", String(on));
      radio.tabIndex = on ? 0 : -1;
    }
    const effect = at("effect");
    const other = proposal[BLOCKS] - proposal[KEPT];
    const total = count(proposal[BLOCKS], "block", "blocks") + " of this capture";
    let words, harm = false;
    if (verb === "strip") {
      words = proposal[KEPT] + (proposal[KEPT] === 1 ? " is kept now" : " are kept now");
      harm = proposal[KEPT] >= facts.kept;
      if (harm) words += ": it would take all that is kept";
    } else {
      words = other + (other === 1 ? " is not kept now" : " are not kept now");
    }
    effect.className = harm ? "effect harm" : "effect";
    effect.replaceChildren("Matches ", node("b", total), "; ", node("b", words), ". Goes into a profile that extends ", node("b", facts.base), ".");
    at("copied").textContent = "";
  };

  const open = (index) => {
    const part = facts.parts[index];
    opened?.setAttribute("aria-selected", "false");
    opened = partAt(index);
    opened.setAttribute("aria-selected", "true");
    at("chosen").textContent = fate(part);
    const rule = part[RULE] === null ? null : facts.rules[part[RULE]];
    at("why").textContent = rule ? rule.id : part[KIND] === "kept" ? "No rule took it." : "";
    at("place").textContent = rule ? place(rule) : "";
    at("judged").hidden = !(part[BECAUSE] && judged(part));
    if (part[BECAUSE]) {
      const rows = [["chance of main content", (part[BECAUSE][0] / 10).toFixed(1) + " %", ""]].concat(
        part[BECAUSE][1].map(([feature, value, points]) => [feature, String(value), (points > 0 ? "+" : "") + points]));
      at("reasons").replaceChildren(...rows.map((row) => {
        const line = node("tr");
        line.append(...row.map((cell) => node("td", cell)));
        return line;
      }));
    }
    const stays = part[STAYS];
    at("change").hidden = stays !== null;
    at("stays").hidden = stays === null;
    if (stays !== null) {
      at("stays").textContent = facts.stays[stays];
      chosen = null;
    } else {
      at("verb").textContent = part[KIND] === "kept" ? "Take it out" : "Keep it";
      at("path").replaceChildren(...choices(part).map(({ label, proposal }) => {
        const known = proposal === null || proposal === undefined ? null : facts.proposals[proposal];
        const radio = node("button");
        radio.type = "button";
        radio.setAttribute("role", "radio");
        radio.dataset.proposal = known ? proposal : "";
        radio.disabled = !known;
        radio.append(node("code", label), node("small", known ? count(known[BLOCKS], "block", "blocks") + ", " + known[KEPT] + " kept" : "no stable selector"));
        if (known) radio.addEventListener("click", () => choose(part, proposal));
        return radio;
      }));
      choose(part, part[BEST]);
    }
    at("off").hidden = !(rule && rule.off);
    at("offlines").textContent = rule && rule.off ? rule.off : "";
    inspector.hidden = false;
    inspector.scrollTop = 0;
    at("side").scrollTop = 0;
  };

  const close = () => {
    if (inspector.hidden) return;
    inspector.hidden = true;
    opened?.setAttribute("aria-selected", "false");
    opened = null;
    chosen = null;
    focusPart(current);
  };

  const copy = async () => {
    if (chosen === null) return;
    let done = true;
    try {
      await navigator.clipboard.writeText(at("snippet").textContent);
    } catch {
      // Files have no clipboard in some browsers: what is selected can still be copied.
      getSelection().selectAllChildren(at("snippet"));
      done = document.execCommand("copy");
      if (done) getSelection().removeAllRanges();
    }
    at("copied").textContent = done ? "Copied." : "Not copied: select the lines and copy them by hand.";
  };

  // Search.
  const find = () => {
    for (const index of hits) partAt(index).classList.remove("hit");
    const words = search.value.trim().toLowerCase();
    hits = [];
    hit = -1;
    if (words) {
      for (const text of parts.getElementsByClassName("text")) {
        if (text.textContent.toLowerCase().includes(words) && isShown(text.parentNode)) hits.push(indexOf(text.parentNode));
      }
    }
    for (const index of hits) partAt(index).classList.add("hit");
    if (hits.length) nextHit(1);
    else at("found").textContent = words ? "nothing found" : "";
  };

  const nextHit = (by) => {
    if (!hits.length) return;
    hit = (hit + by + hits.length) % hits.length;
    at("found").textContent = hit + 1 + " of " + hits.length;
    partAt(current).setAttribute("tabindex", "-1");
    current = hits[hit];
    const node = partAt(current);
    node.setAttribute("tabindex", "0");
    node.scrollIntoView({ block: "center" });
    tell(current);
  };

  const only = () => {
    const on = document.body.classList.toggle("only");
    at("only").setAttribute("aria-pressed", String(on));
    if (on && !isShown(partAt(current))) {
      const first = facts.parts.findIndex((part, index) => index >= current && part[KIND] === "removed");
      const any = first < 0 ? facts.parts.findIndex((part) => part[KIND] === "removed") : first;
      if (any >= 0) focusPart(any);
    } else {
      partAt(current)?.scrollIntoView({ block: "center" });
    }
  };

  const help = () => {
    at("help").hidden = !at("help").hidden;
    at("keys").setAttribute("aria-expanded", String(!at("help").hidden));
  };

  parts.addEventListener("mouseover", (event) => {
    const part = event.target.closest(".part");
    if (part) tell(indexOf(part));
  });
  parts.addEventListener("mouseleave", () => { if (facts.parts.length) tell(current); });
  parts.addEventListener("focusin", (event) => {
    const part = event.target.closest(".part");
    if (part) tell(indexOf(part));
  });
  parts.addEventListener("click", (event) => {
    const part = event.target.closest(".part");
    // Who drags over words wants to copy them.
    const selected = getSelection();
    if (!part || (!selected.isCollapsed && parts.contains(selected.anchorNode))) return;
    focusPart(indexOf(part), false);
    open(current);
  });
  for (const [id, does] of [["only", only], ["keys", help], ["close", close], ["copy", copy]]) at(id).addEventListener("click", does);
  search.addEventListener("input", find);
  for (const button of document.getElementsByClassName("rule")) {
    let last = -1;
    button.addEventListener("click", () => {
      const rule = Number(button.dataset.rule);
      const isNext = (part, index) => index > last && part[RULE] === rule && isShown(partAt(index));
      last = facts.parts.findIndex(isNext);
      if (last < 0) last = facts.parts.findIndex((part, index) => part[RULE] === rule && isShown(partAt(index)));
      if (last >= 0) {
        focusPart(last, false);
        partAt(last).scrollIntoView({ block: "center" });
      }
    });
  }
  at("side").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-part]");
    if (!link) return;
    event.preventDefault();
    document.body.classList.remove("only");
    at("only").setAttribute("aria-pressed", "false");
    focusPart(Number(link.dataset.part), false);
    partAt(current).scrollIntoView({ block: "center" });
  });
  at("path").addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...at("path").children].filter((radio) => !radio.disabled);
    const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
    next.focus();
    next.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target === search) {
      if (event.key === "Enter") { event.preventDefault(); nextHit(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { search.value = ""; find(); focusPart(current); }
      return;
    }
    const inParts = parts.contains(target) || target === document.body;
    const moves = {
      j: () => step(1), k: () => step(-1), n: () => run(1), p: () => run(-1),
    };
    const arrows = {
      ArrowDown: () => step(1), ArrowUp: () => step(-1),
      Home: () => { current = -1; step(1); }, End: () => { current = facts.parts.length; step(-1); },
      Enter: () => { open(current); at("chosen").focus(); }, " ": () => open(current),
    };
    const anywhere = { "/": () => search.focus(), r: only, "?": help, c: copy, Escape: close };
    const does = anywhere[event.key] || moves[event.key] || (inParts && arrows[event.key]);
    if (!does) return;
    event.preventDefault();
    does();
  });

  // Skip links and addresses lead to a part that can take the focus.
  for (const link of document.getElementsByClassName("skip")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (link.hash === "#parts") focusPart(current);
      else at("side").focus();
    });
  }
})();
