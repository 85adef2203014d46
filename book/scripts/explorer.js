// Starts the what-if explorers of a page. crmlib/explorer writes their markup; Vega computes all results.

async function startExplorer(explorer) {
  explorer.dataset.started = "";
  const form = explorer.querySelector("form");
  const inputs = [...form.querySelectorAll("input")];
  const outputs = [...form.querySelectorAll("output")];
  const rows = [...explorer.querySelectorAll("tbody tr")];
  const chart = explorer.querySelector(".crm-explorer-chart");
  const fallback = [...chart.children];

  const spec = JSON.parse(explorer.querySelector("script").textContent);
  const compiled = vegaLite.compile(spec).spec;
  const points = compiled.marks.find((mark) => mark.type === "symbol").from.data;
  // Expressions are interpreted: the page's security policy lets nobody turn text into code.
  const parsed = vega.parse(compiled, undefined, { ast: true });
  const view = new vega.View(parsed, { renderer: "svg", expr: vega.expressionInterpreter });
  await view.initialize(chart.appendChild(document.createElement("div"))).runAsync();
  const first = Object.fromEntries(view.data(points).map(({ row, place }) => [row, place]));
  fallback.forEach((child) => child.remove());
  form.hidden = false;
  // Vega measures its container when the window changes, yet the page's columns also settle and fold by themselves.
  new ResizeObserver(() => window.dispatchEvent(new Event("resize"))).observe(chart);
  // The exact values: a slider itself can only hold multiples of its step.
  const start = Object.fromEntries(inputs.map(({ name }) => [name, view.signal(name)]));

  function showSliders() {
    for (const input of inputs) {
      input.value = view.signal(input.name);
      const digits = (input.step.split(".")[1] ?? "").length;
      const text = view.signal(input.name).toFixed(digits).replace("-", "−");
      input.setAttribute("aria-valuetext", text);
      input.closest("div").querySelector("span").textContent = text;
    }
  }

  function showRows(data) {
    rows.forEach((row) => (row.hidden = true));
    for (const { row, cells } of data) {
      rows[row].hidden = false;
      cells.forEach((text, position) => (rows[row].children[position + 1].textContent = text));
    }
  }

  function showQuadrantChanges(data) {
    const moved = data.filter(({ row, place }) => place !== first[row]);
    rows.forEach((row) => row.classList.remove("crm-moved"));
    moved.forEach(({ row }) => rows[row].classList.add("crm-moved"));
    const names = moved.map(({ customer }) => customer).join(", ");
    outputs[0].textContent = names ? `Changed quadrant: ${names}` : "No customer changed quadrant";
  }

  async function show() {
    await view.runAsync();
    const data = view.data(points);
    showSliders();
    showRows(data);
    if (outputs[0].name) outputs.forEach((output) => (output.textContent = data[0][output.name]));
    else showQuadrantChanges(data);
  }

  form.addEventListener("input", ({ target }) => {
    const set = Number(target.value);
    if (target.name.startsWith("weight")) {
      const siblings = [...target.closest("fieldset").querySelectorAll("input")].filter((input) => input !== target);
      const sum = (weight) => siblings.reduce((total, { name }) => total + weight(name), 0);
      // Siblings that have nothing left to keep in proportion go back to the proportion of the start.
      const now = (name) => view.signal(name);
      const weight = sum(now) > 0 ? now : (name) => start[name];
      const rest = (1 - set) / sum(weight);
      siblings.map(({ name }) => [name, weight(name) * rest]).forEach(([name, share]) => view.signal(name, share));
    }
    view.signal(target.name, set);
    show();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    Object.entries(start).forEach(([name, number]) => view.signal(name, number));
    show();
  });
  await show();
}

document.querySelectorAll(".crm-explorer:not([data-started])").forEach(startExplorer);
