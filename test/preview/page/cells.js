// What is drawn in cells over time: states, and heat.
import { color, format, mapped } from './data.js';

const left = 110;
const bottom = 16;

function canvas(body) {
  const c = document.createElement('canvas');
  c.width = body.clientWidth;
  c.height = body.clientHeight;
  body.append(c);
  const ctx = c.getContext('2d');
  ctx.font = '10px sans-serif';
  ctx.textBaseline = 'middle';
  return ctx;
}

// lay says where a time is, and writes some of them below.
function lay(ctx, shown, margin) {
  const { width, height } = ctx.canvas;
  const x = (t) => margin + ((t - shown.Start) / (shown.End - shown.Start)) * (width - margin);
  ctx.fillStyle = '#4c5054';
  ctx.textAlign = 'center';
  for (let t = Math.ceil(shown.Start / 14400) * 14400; t < shown.End; t += 14400) ctx.fillText(new Date(t * 1000).toISOString().slice(11, 16), x(t), height - 6);
  return x;
}

export function drawTimeline({ body, panel, data, shown }) {
  const ctx = canvas(body);
  const x = lay(ctx, shown, left);
  const rows = data.flatMap((d) => d.series);
  const high = (ctx.canvas.height - bottom) / rows.length;
  const step = shown.Steps[panel.id];
  rows.forEach((s, i) => {
    ctx.fillStyle = '#4c5054';
    ctx.textAlign = 'right';
    ctx.fillText(s.name, left - 6, (i + 0.5) * high, left - 8);
    for (const [t, v] of s.points) {
      ctx.fillStyle = color(mapped(panel.fieldConfig.defaults.mappings, v)?.color ?? 'text');
      ctx.fillRect(Math.floor(x(t)), i * high + high * 0.1, Math.ceil(x(t + step)) - Math.floor(x(t)), high * panel.options.rowHeight);
    }
  });
}

// drawHeatmap has cumulative buckets: what is in one is what the one below has not.
export function drawHeatmap({ body, panel, data, shown }) {
  const ctx = canvas(body);
  const margin = 56;
  const x = lay(ctx, shown, margin);
  const buckets = data[0].series.map((s) => ({ le: Number(s.labels.le.replace('+Inf', 'Infinity')), at: new Map(s.points) })).sort((a, b) => a.le - b.le);
  const high = (ctx.canvas.height - bottom) / buckets.length;
  const step = shown.Steps[panel.id];
  const count = (i, t) => (buckets[i].at.get(t) ?? 0) - (i > 0 ? buckets[i - 1].at.get(t) ?? 0 : 0);
  const times = [...buckets[0].at.keys()];
  const most = Math.max(...buckets.flatMap((_, i) => times.map((t) => count(i, t))));
  buckets.forEach((b, i) => {
    const y = ctx.canvas.height - bottom - (i + 1) * high;
    ctx.fillStyle = '#4c5054';
    ctx.textAlign = 'right';
    ctx.fillText(b.le === Infinity ? 'older' : format(b.le, panel.options.yAxis.unit), margin - 6, y + high / 2);
    for (const t of times) {
      if (count(i, t) <= 0) continue;
      const heat = Math.sqrt(count(i, t) / most);
      ctx.fillStyle = `rgb(255, ${Math.round(230 - 120 * heat)}, ${Math.round(180 - 160 * heat)})`;
      ctx.fillRect(x(t) + 1, y + 1, x(t + step) - x(t) - 1, high - 2);
    }
  });
}
