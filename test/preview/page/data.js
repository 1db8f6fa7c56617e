// Asks Prometheus what a panel asks, and says how values look.

export async function rangeOf(shown, expr, step) {
  return ask('query_range', { query: expr, start: shown.Start, end: shown.End, step }, (s) => s.values);
}

async function ask(kind, parameters, points) {
  const answer = await (await fetch(`/api/v1/${kind}?` + new URLSearchParams(parameters))).json();
  if (answer.status !== 'success') throw new Error(parameters.query + ': ' + answer.error);
  return answer.data.result.map((s) => ({ labels: s.metric, points: points(s).map(([t, v]) => [t, Number(v)]) }));
}

// fetchPanel is what came of each query: its series, each with its name.
export async function fetchPanel(shown, panel) {
  return Promise.all(panel.targets.map(async (target) => {
    const series = target.instant
      ? await ask('query', { query: target.expr, time: shown.End }, (s) => [s.value])
      : await rangeOf(shown, target.expr, shown.Steps[panel.id]);
    for (const s of series) s.name = renamed(panel, target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => s.labels[label] ?? '').trim());
    return { target, series };
  }));
}

const renamed = (panel, name) => (panel.transformations ?? []).filter((t) => t.id === 'renameByRegex').reduce((n, { options }) => n.replace(new RegExp(`^${options.regex}$`), options.renamePattern), name);

const palette = ['#56a64b', '#e0b400', '#3274d9', '#ff780a', '#8f3bb8', '#1fb5c1', '#806eb7', '#7c8a00', '#c15c17', '#0a50a1', '#a352cc', '#37872d', '#b877d9', '#5794f2'];
export const paletteColor = (i) => palette[i % palette.length];

const colors = { green: '#56a64b', red: '#e02f44', orange: '#ff9830', yellow: '#f2cc0c', blue: '#3274d9', purple: '#a352cc', text: '#24292e', transparent: 'transparent' };
export const color = (name) => colors[name] ?? name;

// fixedColor is that of an override for a name, if there is one.
export function fixedColor(panel, name) {
  const own = overridesFor(panel, name).color;
  return own && color(own.fixedColor);
}

// thresholdColor is that of the highest step that the value has reached.
export function thresholdColor(thresholds, value) {
  let found = 'text';
  for (const step of thresholds?.steps ?? []) if (step.value === null || value >= step.value) found = step.color;
  return color(found);
}

// mapped is what a mapping says of a value, if one does.
export function mapped(mappings, value) {
  for (const m of mappings ?? []) if (m.options[value]) return m.options[value];
  return undefined;
}

// overridesFor are the properties that are different for a name.
export function overridesFor(panel, name) {
  const properties = {};
  for (const o of panel.fieldConfig.overrides) {
    const matches = o.matcher.id === 'byName' ? o.matcher.options === name : new RegExp(o.matcher.options).test(name);
    if (matches) for (const p of o.properties) properties[p.id] = p.value;
  }
  return properties;
}

const scaled = (v, factors, digits) => {
  for (const [factor, suffix] of factors) if (Math.abs(v) >= factor) return trim(v / factor, digits) + suffix;
  return trim(v, digits + 1);
};
const trim = (v, digits) => String(Number(v.toFixed(digits)));

// format is a value in its unit. Times are relative to the end of what is shown.
export function format(v, unit, end) {
  switch (unit) {
    case 's':
      return Math.abs(v) < 1 && v !== 0 ? scaled(v * 1e3, [[1, ' ms']], 1) + (Math.abs(v) < 1e-3 ? ' ms' : '') : scaled(v, [[86400, ' days'], [3600, ' h'], [60, ' min'], [1, ' s']], 1);
    case 'bytes':
      return scaled(v, [[2 ** 20, ' MiB'], [2 ** 10, ' KiB']], 1) + (Math.abs(v) < 2 ** 10 ? ' B' : '');
    case 'percentunit':
      return Math.round(v * 100) + ' %';
    case 'dateTimeFromNow': {
      const seconds = end - v / 1000;
      return seconds < 0 ? 'in ' + format(-seconds, 's') : format(seconds, 's') + ' ago';
    }
    default:
      return scaled(v, [[1e6, ' Mil'], [1e3, ' K']], 1);
  }
}
