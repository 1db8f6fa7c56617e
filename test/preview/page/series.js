// Lines and bars over time, drawn by uPlot.
import uPlot from '/uplot/uPlot.esm.js';
import { color, format, overridesFor, paletteColor } from './data.js';

export function drawSeries({ body, panel, data, shown, marks }) {
  const defaults = panel.fieldConfig.defaults;
  const step = shown.Steps[panel.id];
  const times = [];
  for (let t = shown.Start; t <= shown.End; t += step) times.push(t);
  const lines = data.flatMap((d) => d.series).map((s, i) => {
    const own = overridesFor(panel, s.name);
    const at = new Map(s.points);
    return { ...s, own, custom: { ...defaults.custom, ...customOf(own) }, stroke: own.color ? color(own.color.fixedColor) : paletteColor(i), values: times.map((t) => number(at.get(t))) };
  });
  const sums = stack(lines, times.length);
  const legend = document.createElement('div');
  legend.className = 'legend';
  legend.innerHTML = lines.map((l) => `<i style="background:${l.stroke}"></i>${l.name}`).join('');
  body.after(legend);
  const plot = { width: body.clientWidth, height: body.clientHeight, legend: { show: false }, cursor: { show: false } };
  plot.scales = { x: { time: true, range: [shown.Start, shown.End] }, y: { range: (_, low, high) => rangeY(defaults, low, high) } };
  plot.axes = [
    { size: 22, font: '10px sans-serif', grid: { stroke: '#eceeef' }, ticks: { show: false }, space: 70, values: (_, ts) => ts.map((t) => new Date(t * 1000).toISOString().slice(11, 16)) },
    { size: 56, font: '10px sans-serif', grid: { stroke: '#eceeef' }, ticks: { show: false }, space: 26, values: (_, vs) => vs.map((v) => format(v, defaults.unit, shown.End)) },
  ];
  plot.hooks = { draw: [(u) => drawMarks(u, marks)] };
  // What is stacked highest is drawn first, so that the others lie upon it.
  const order = lines.map((_, i) => i).reverse();
  plot.series = [{}, ...order.map((i) => uSeries(lines[i]))];
  new uPlot(plot, [times, ...order.map((i) => sums[i])], body);
}

const number = (v) => (v === undefined || Number.isNaN(v) ? null : v);

const customOf = (own) => Object.fromEntries(Object.entries(own).filter(([id]) => id.startsWith('custom.')).map(([id, v]) => [id.slice(7), v]));

// stack adds those up that are to be stacked.
function stack(lines, length) {
  const below = new Array(length).fill(0);
  return lines.map((l) => (l.custom.stacking?.mode !== 'normal' ? l.values : l.values.map((v, i) => (v === null ? null : (below[i] += v)))));
}

function uSeries(line) {
  const { drawStyle, fillOpacity, lineWidth, lineStyle } = line.custom;
  const series = { stroke: line.stroke, width: lineWidth, points: { show: false } };
  if (fillOpacity) series.fill = drawStyle === 'bars' ? line.stroke : `color-mix(in srgb, ${line.stroke} 35%, white)`;
  if (lineStyle) series.dash = lineStyle.dash;
  if (drawStyle === 'bars') series.paths = uPlot.paths.bars({ size: [0.8, 40], align: 1 });
  return series;
}

function rangeY(defaults, low, high) {
  const [min, max] = uPlot.rangeNum(low ?? 0, high ?? 1, 0.1, true);
  return [defaults.min ?? min, max];
}

// drawMarks draws the annotations: a line where each begins.
function drawMarks(u, marks) {
  const { ctx, bbox } = u;
  ctx.save();
  for (const mark of marks) {
    ctx.strokeStyle = color(mark.color);
    ctx.globalAlpha = 0.35;
    ctx.setLineDash([2, 3]);
    for (const t of new Set(mark.series.flatMap((s) => (mark.atValue ? s.points.map(([, v]) => v / 1000) : beginnings(s.points))))) {
      const x = u.valToPos(t, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
  }
  ctx.restore();
}

const beginnings = (points) => points.filter(([t], i) => i > 0 && t - points[i - 1][0] > 60).map(([t]) => t).concat(points.length ? [points[0][0]] : []);
