// Puts the panels of a dashboard where they belong, and has each drawn by its kind.
import { drawHeatmap, drawTimeline } from './cells.js';
import { fetchPanel, rangeOf } from './data.js';
import { drawBars, drawStat, drawTable } from './text.js';
import { drawSeries } from './series.js';

const kinds = {
  bargauge: drawBars, heatmap: drawHeatmap, stat: drawStat, 'state-timeline': drawTimeline, table: drawTable, timeseries: drawSeries,
};
const row = 32;
const column = document.documentElement.clientWidth / 24;

const uid = new URLSearchParams(location.search).get('uid');
const shown = await (await fetch('/dashboards/' + uid)).json();
document.getElementById('title').textContent = shown.Dashboard.title;
const grid = document.getElementById('grid');

const marks = await Promise.all(shown.Dashboard.annotations.list.map((a) => rangeOf(shown, a.expr, 60).then((series) => ({ color: a.iconColor, atValue: a.useValueForTime, series }))));
for (const panel of shown.Dashboard.panels) {
  const body = place(panel);
  const data = await fetchPanel(shown, panel);
  if (data.every((d) => d.series.length === 0)) {
    body.innerHTML = `<div class="none">${panel.fieldConfig.defaults.noValue ?? 'No data'}</div>`;
    continue;
  }
  kinds[panel.type]({ body, panel, data, shown, marks });
}

function place(panel) {
  const { x, y, w, h } = panel.gridPos;
  const outer = document.createElement('div');
  outer.className = 'panel';
  outer.style.cssText = `left:${x * column}px;top:${y * row}px;width:${w * column}px;height:${h * row}px`;
  outer.innerHTML = '<div class="box"><h2></h2><div class="body"></div></div>';
  outer.querySelector('h2').textContent = panel.title;
  grid.append(outer);
  return outer.querySelector('.body');
}
