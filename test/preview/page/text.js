// What is read rather than looked at: numbers, bars and tables.
import { color, fixedColor, format, mapped, overridesFor, thresholdColor } from './data.js';

const last = (s) => s.points.at(-1)[1];

export function drawStat({ body, panel, data, shown }) {
  const { unit, mappings } = panel.fieldConfig.defaults;
  const cell = document.createElement('div');
  cell.className = 'stat';
  body.append(cell);
  if (panel.options.textMode === 'name') {
    cell.className = 'stat names';
    cell.innerHTML = data.flatMap((d) => d.series).map((s) => s.name).join('<br>');
    return;
  }
  const [series] = data.flatMap((d) => d.series);
  const value = last(series);
  const map = mapped(mappings, value);
  cell.textContent = map?.text ?? format(value, unit, shown.End);
  const paint = map ? color(map.color) : fixedColor(panel, series.name) ?? thresholdColor(thresholdsOf(panel, data), value);
  if (panel.options.colorMode === 'background') cell.style.cssText = `background:${paint};color:#fff`;
  else cell.style.color = paint;
}

// thresholdsOf are the panel's, with those that a query gives.
function thresholdsOf(panel, data) {
  const steps = [...panel.fieldConfig.defaults.thresholds.steps];
  for (const t of panel.transformations ?? []) {
    if (t.id !== 'configFromData') continue;
    const config = data.find((d) => d.target.refId === t.options.configRefId);
    for (const m of t.options.mappings) {
      const series = config.series.find((s) => s.name === m.fieldName);
      if (series) steps.push({ value: last(series), color: m.handlerArguments.threshold.color });
    }
  }
  return { steps };
}

export function drawBars({ body, panel, data, shown }) {
  const { unit, thresholds, max } = panel.fieldConfig.defaults;
  const series = data.flatMap((d) => d.series);
  const most = max ?? Math.max(...series.map(last));
  for (const s of series) {
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.innerHTML = '<div class="name"></div><div class="track"><div class="fill"></div></div><div class="value"></div>';
    bar.querySelector('.name').textContent = s.name;
    bar.querySelector('.value').textContent = format(last(s), unit, shown.End);
    bar.querySelector('.fill').style.cssText = `width:${Math.min(100, (100 * last(s)) / most)}%;background:${fixedColor(panel, s.name) ?? thresholdColor(thresholds, last(s))}`;
    body.append(bar);
  }
}

// drawTable merges the answers by their labels and names the columns, as the
// panel's transformations say.
export function drawTable({ body, panel, data, shown }) {
  const organize = panel.transformations.find((t) => t.id === 'organize').options;
  const rows = new Map();
  for (const { target, series } of data) {
    for (const s of series) {
      const key = JSON.stringify(s.labels);
      const value = data.length === 1 ? 'Value' : 'Value #' + target.refId;
      rows.set(key, { ...rows.get(key), ...s.labels, [value]: last(s) });
    }
  }
  const columns = Object.entries(organize.indexByName).sort((a, b) => a[1] - b[1]).map(([name]) => ({ name, title: organize.renameByName[name] ?? name }));
  const table = document.createElement('table');
  table.insertRow().outerHTML = '<tr>' + columns.map((c) => `<th>${c.title}</th>`).join('') + '</tr>';
  for (const row of sorted([...rows.values()], panel, columns)) {
    const tr = table.insertRow();
    for (const c of columns) fill(tr.insertCell(), row[c.name], panel, c.title, shown);
  }
  body.append(table);
}

function sorted(rows, panel, columns) {
  const by = panel.options.sortBy?.[0];
  const name = columns.find((c) => c.title === by?.displayName)?.name;
  const order = (a, b) => (typeof a[name] === 'number' ? a[name] - b[name] : String(a[name]).localeCompare(String(b[name])));
  return name ? rows.sort((a, b) => (by.desc ? order(b, a) : order(a, b))) : rows;
}

function fill(cell, value, panel, title, shown) {
  const own = overridesFor(panel, title);
  if (own.links) cell.style.color = '#1f60c4';
  if (value === undefined) return;
  const map = mapped(own.mappings, value);
  if (typeof value === 'string') cell.textContent = value;
  else cell.textContent = map?.text ?? format(value, own.unit ?? panel.fieldConfig.defaults.unit, shown.End);
  const paint = map ? color(map.color) : thresholdColor(own.thresholds, value);
  if (own['custom.cellOptions']?.type === 'color-text') cell.style.color = paint;
  if (own['custom.cellOptions']?.type === 'color-background' && paint !== 'transparent') cell.style.cssText = `background:${paint};color:#fff`;
}
