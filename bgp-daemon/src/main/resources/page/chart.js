/**
 * Charts by uPlot. A view gives a placeholder with what is to be drawn; drawAll makes or updates the drawings once the placeholders are in the
 * document. Lines differ by dash as well as by colour, and the legend under a chart gives the values where the pointer is.
 */
import { optionsOf } from './chart-options.js';
import { h } from './dom.js';

/** How much of its place a band takes. */
const BAND = 0.7;

/** As lines, but each series, of percents, in a band of its own: what is the same at the same time does not lie on top of each other. */
export function bands({ key, label, series, none }) {
  const figure = lines({ key, label, unit: '%', series, none });
  if (figure.chart) {
    const { chart } = figure;
    const base = (i) => chart.labels.length - 1 - i;
    const lifted = chart.data
      .slice(1)
      .map((column, i) => column.map((each) => (each === null ? null : base(i) + (each / 100) * BAND)));
    Object.assign(chart, { kind: 'bands', percents: chart.data, data: [chart.data[0], ...lifted] });
    figure.dataset.kind = 'bands';
  }
  return figure;
}

/** Series over time; each entry of series is {label, series, key}: the column key of what the daemon says of a series. */
export function lines({ key, label, unit, series, none }) {
  const times = [...new Set(series.flatMap((each) => each.series.time))].map(seconds).sort((a, b) => a - b);
  if (times.length === 0) {
    return none;
  }
  const gap = 2.5 * Math.max(...series.map((each) => each.series['step-seconds']));
  const columns = series.map((each) => aligned(times, each.series, each.key));
  return placeholder(key, label, {
    kind: 'lines',
    unit,
    labels: series.map((each) => each.label),
    data: withGaps(times, columns, gap),
  });
}

const seconds = (time) => (typeof time === 'number' ? time : Date.parse(time) / 1000);

function aligned(times, series, key) {
  const values = new Map(series.time.map((time, i) => [seconds(time), series[key][i]]));
  return times.map((time) => values.get(time) ?? null);
}

/** Where nothing is known for longer than the gap the lines break off. */
function withGaps(times, columns, gap) {
  const data = [[], ...columns.map(() => [])];
  times.forEach((time, i) => {
    if (i > 0 && time - times[i - 1] > gap) {
      data[0].push(times[i - 1] + gap / 2);
      columns.forEach((_, c) => data[c + 1].push(null));
    }
    data[0].push(time);
    columns.forEach((column, c) => data[c + 1].push(column[i]));
  });
  return data;
}

/** One bar for each value, in their order. */
export function bars({ key, label, unit, values }) {
  return placeholder(key, label, {
    kind: 'bars',
    unit,
    times: values.map((each) => each.time),
    labels: [unit],
    data: [values.map((_, i) => i + 1), values.map((each) => each.value)],
  });
}

function placeholder(key, label, chart) {
  return h('figure', {
    class: 'chart',
    'data-keep': true,
    'data-key': `chart-${key}`,
    'data-kind': chart.kind,
    role: 'img',
    'aria-label': label,
    chart,
  });
}

/** Draws what placeholders within the element want. */
export async function drawAll(element) {
  const charts = [...element.querySelectorAll('.chart')];
  if (charts.length === 0) {
    return;
  }
  const { default: UPlot } = await import('./uplot.js');
  charts.filter((each) => each.isConnected).forEach((each) => draw(UPlot, each));
}

function draw(UPlot, figure) {
  const { chart } = figure;
  const shape = JSON.stringify([
    chart.kind,
    chart.labels,
    figure.clientWidth,
    matchMedia('(prefers-color-scheme: dark)').matches,
  ]);
  if (figure.shape === shape) {
    Object.assign(figure.drawn, chart); // what the legend reads
    figure.plot.setData(chart.data);
    return;
  }
  figure.plot?.destroy();
  figure.shape = shape;
  figure.drawn = chart;
  figure.plot = new UPlot(optionsOf(UPlot, chart, figure.clientWidth), chart.data, figure);
}
