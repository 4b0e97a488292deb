import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import type { Chart } from '../outcome.ts';

use([BarChart, LineChart, GridComponent, SVGRenderer]);

const size = { width: 560, height: 220 };
/** Stand-ins for what the page decides by its colour scheme. */
const [text, rule, ink] = ['#010101', '#020202', '#030303'];

/** A chart as inline SVG that runs no script and fetches nothing; its colours are the page's. */
export function drawChart({ kind, labels, values }: Chart): string {
  const axis = {
    axisLine: { lineStyle: { color: rule } },
    axisLabel: { color: text },
    axisTick: { show: false },
  };
  const scale = scaleOf(values);
  const option: ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption> = {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: kind === 'ranking' ? roomOf(labels) : 4, right: 12, top: 12, bottom: 4 },
    xAxis: {
      type: kind === 'ranking' ? 'value' : 'category',
      ...axis,
      ...(kind === 'ranking' ? scale : { data: [...labels] }),
    },
    yAxis:
      kind === 'ranking'
        ? { type: 'category', inverse: true, data: [...labels], ...axis }
        : { type: 'value', ...axis, ...scale },
    series: {
      type: kind === 'line' ? 'line' : 'bar',
      data: values.map((value) => value ?? '-'),
      itemStyle: { color: ink },
      lineStyle: { color: ink, width: 2 },
      barMaxWidth: 36,
      symbol: 'circle',
    } as BarSeriesOption,
  };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(option);
    return inline(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** Places in the picture for names in front of its bars. */
const roomOf = (labels: readonly string[]): number =>
  Math.min(220, 12 + 7 * Math.max(0, ...labels.map(({ length }) => length)));

/** Whole numbers have whole ticks; where all is nothing the scale ends at one. */
function scaleOf(values: Chart['values']) {
  const isWhole = values.every((value) => value === null || !value.includes('.'));
  const isNothing = values.every((value) => value === null || value === '0');
  return {
    splitLine: { lineStyle: { color: rule } },
    splitNumber: 4,
    ...(isWhole && { minInterval: 1 }),
    ...(isNothing && { max: 1, interval: 1 }),
  };
}

/** As it may stand in a page: its size is the room that it has, without styles that would be everybody's. */
function inline(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replaceAll(text, 'currentColor')
    .replaceAll(rule, '#8884')
    .replaceAll(ink, 'var(--ink)');
}
