/** How each kind of chart looks to uPlot: its axes, lines and legend. */

const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 5]];
const COLOURS = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5'];
const HEIGHT = 220;
const BAND_HEIGHT = 34;
const FONT = '12px system-ui, sans-serif';
const CLOCK = [
  [86400, '{D} {MMM}'],
  [3600, '{HH}:{mm}', '\n{D} {MMM}'],
  [60, '{HH}:{mm}', '\n{D} {MMM}'],
  [1, '{HH}:{mm}:{ss}'],
];
/** Of a space of 1 between two numbers of bars on either side. */
const MARGIN = 0.6;

/** Colours are those of the page at this moment. */
export function optionsOf(UPlot, chart, width) {
  const kinds = { lines, bands, bars };
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line') },
    font: FONT,
  };
  return { width, height: HEIGHT, cursor: { drag: { x: false, y: false } }, ...kinds[chart.kind](UPlot, chart, axis) };
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const line = (i) => ({ stroke: colour(COLOURS[i % COLOURS.length]), width: 2, dash: DASHES[i % DASHES.length] });

const withUnit = (value, unit) =>
  value === null || value === undefined ? '–' : `${Number(value.toFixed(2)).toLocaleString('en-US')} ${unit}`.trim();

const fromZero = (_, least, most) => [0, most * 1.15 || 1];

const time = { label: 'Time', value: '{D} {MMM} {HH}:{mm}' };

/** One or two points make no line. */
const points = (chart) => (chart.data[0].length < 3 ? { show: true, size: 7 } : { show: false });

function lines(UPlot, chart, axis) {
  return {
    scales: { y: { range: fromZero } },
    axes: [
      { ...axis, values: CLOCK },
      { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => withUnit(tick, chart.unit)) },
    ],
    series: [
      time,
      ...chart.labels.map((label, i) => ({
        ...line(i),
        label,
        paths: UPlot.paths.stepped({ align: 1 }),
        value: (_, value) => withUnit(value, chart.unit),
        points: points(chart),
      })),
    ],
  };
}

function bands(UPlot, chart, axis) {
  const last = chart.labels.length - 1;
  const places = chart.labels.map((_, i) => last - i);
  return {
    height: 60 + BAND_HEIGHT * chart.labels.length,
    scales: { y: { range: () => [-0.15, last + 0.9] } },
    axes: [
      { ...axis, values: CLOCK },
      { ...axis, size: 128, grid: { show: false }, splits: () => places, values: () => chart.labels },
    ],
    series: [
      time,
      ...chart.labels.map((label, i) => ({
        stroke: line(i).stroke,
        width: 2,
        label,
        fill: `${line(i).stroke}55`,
        fillTo: last - i,
        paths: UPlot.paths.stepped({ align: 1 }),
        value: (plot, _, series, index) => withUnit(index === null ? null : chart.percents[series][index], '%'),
        points: points(chart),
      })),
    ],
  };
}

function bars(UPlot, chart, axis) {
  return {
    scales: { x: { time: false, range: (_, least, most) => [least - MARGIN, most + MARGIN] }, y: { range: fromZero } },
    axes: [
      { ...axis, incrs: [1, 2, 5, 10] },
      { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => withUnit(tick, chart.unit)) },
    ],
    series: [
      {
        label: 'Failover',
        value: (_, value) => (value ? new Date(chart.times[value - 1] * 1000).toLocaleString('en-GB') : '–'),
      },
      {
        ...line(0),
        label: 'Took',
        fill: `${line(0).stroke}55`,
        paths: UPlot.paths.bars({ size: [MARGIN, 48] }),
        value: (_, value) => withUnit(value, chart.unit),
        points: { show: false },
      },
    ],
  };
}
