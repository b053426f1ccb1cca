"use strict";
(() => {
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // A cell's number where it has one; missing numbers sort last whichever way.
  const order = (cell) => cell.dataset.order === undefined ? null : Number(cell.dataset.order);

  const compare = (a, b, sign) => {
    const [x, y] = [order(a), order(b)];
    if (x !== null && y !== null) return sign * (x - y);
    if (x !== null || y !== null) return x === null ? 1 : -1;
    return sign * collator.compare(a.textContent, b.textContent);
  };

  const sort = (head) => {
    const table = head.closest("table");
    const column = [...head.parentElement.children].indexOf(head);
    const rising = head.getAttribute("aria-sort") !== "ascending";
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => compare(a.cells[column], b.cells[column], rising ? 1 : -1));
    table.tBodies[0].append(...rows);
    for (const other of head.parentElement.children) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", rising ? "ascending" : "descending");
  };

  const text = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t")).join("\n");

  const copy = async (button) => {
    const words = text(document.getElementById(button.dataset.table));
    const area = Object.assign(document.createElement("textarea"), { value: words });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done && navigator.clipboard) await navigator.clipboard.writeText(words);
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
    button.focus();
  };

  document.addEventListener("click", (event) => {
    const head = event.target.closest("thead th");
    if (head) sort(head);
    const button = event.target.closest("button.copy");
    if (button) copy(button).catch(() => {});
  });
})();
