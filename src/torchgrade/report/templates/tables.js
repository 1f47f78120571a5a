"use strict";
// Tables that sort, search and unfold. Without this script every row is there, in the order of the page.
(() => {
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const text = (cell.dataset.v ?? cell.textContent).trim();
    const empty = text === "" || text === "–";
    return { empty, number: empty ? NaN : Number(text), text };
  };
  const compare = (a, b, numeric, sign) => {
    if (a.empty !== b.empty) return a.empty ? 1 : -1;
    return sign * (numeric ? a.number - b.number : a.text.localeCompare(b.text, undefined, { numeric: true }));
  };

  const enhance = (table) => {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    let rows = [...body.rows];
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const page = Number(table.dataset.page || 0);
    let shown = page || rows.length;
    let words = [];

    const status = make("span", { className: "found" });
    status.setAttribute("role", "status");
    const more = make("button", { type: "button", className: "more-rows", textContent: "Show all" });
    const redraw = () => {
      let found = 0;
      for (const row of rows) {
        const fits = words.every((word) => texts.get(row).includes(word));
        found += fits;
        row.hidden = !fits || found > shown;
      }
      const seen = Math.min(found, shown);
      const of = found === rows.length ? `${found}` : `${found} found, of ${rows.length}`;
      status.textContent = seen < found ? `${seen} of ${of} shown` : of;
      more.hidden = seen === found;
    };
    const sortBy = (column, head) => {
      const up = head.getAttribute("aria-sort") === "ascending";
      const keys = new Map(rows.map((row) => [row, keyOf(row, column)]));
      const numeric = [...keys.values()].every((key) => key.empty || !Number.isNaN(key.number));
      rows.sort((a, b) => compare(keys.get(a), keys.get(b), numeric, up ? -1 : 1));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "descending" : "ascending");
      body.replaceChildren(...rows);
      redraw();
    };

    heads.forEach((head, column) => {
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      button.addEventListener("click", () => sortBy(column, head));
      head.append(button);
    });
    if (rows.length > 7) {
      const search = make("input", { type: "search", autocomplete: "off" });
      search.addEventListener("input", () => {
        words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        redraw();
      });
      more.addEventListener("click", () => {
        shown = rows.length;
        redraw();
      });
      const label = make("label", {}, make("span", { textContent: `Search ${table.dataset.what}` }), search);
      table.closest(".card").before(make("div", { className: "tools" }, label, status));
      table.closest(".card").after(more);
      window.addEventListener("beforeprint", () => more.click());
      redraw();
    }
  };

  for (const table of document.querySelectorAll("table.sortable")) enhance(table);
  for (const place of document.querySelectorAll("[data-print]")) {
    const button = make("button", { type: "button", textContent: "Print only these" });
    button.addEventListener("click", () => {
      location.hash = place.dataset.print;
      window.print();
    });
    place.append(button);
  }
})();
