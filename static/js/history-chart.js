// The composite's close of a year with its volume below, listed and block apart. Numbers here are for drawing only.
import { createChart, HistogramSeries, LineSeries } from "../vendor/charts/lightweight-charts.standalone.production.mjs";

const box = document.getElementById("history-chart");
const legend = document.getElementById("history-legend");
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u00a0");

function yearBefore(day) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() - 1);
  return date.toISOString().slice(0, 10);
}

function look() {
  return {
    layout: { background: { color: "transparent" }, textColor: css("--quiet"), fontFamily: css("--font"), fontSize: 11, attributionLogo: false },
    grid: { vertLines: { color: css("--line") }, horzLines: { color: css("--line") } },
    rightPriceScale: { borderColor: css("--line") },
    timeScale: { borderColor: css("--line") },
  };
}

function draw(days) {
  const chart = createChart(box, { ...look(), autoSize: true, localization: { locale: document.documentElement.lang } });
  const volume = (title) => chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "volume", lastValueVisible: false, priceLineVisible: false, title });
  const [total, listed] = [volume(""), volume("")];
  const price = chart.addSeries(LineSeries, { lineWidth: 2, priceLineVisible: false });
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.75, bottom: 0 } });
  chart.priceScale("right").applyOptions({ scaleMargins: { top: 0.06, bottom: 0.3 } });
  const fill = () => {
    chart.applyOptions(look());
    price.applyOptions({ color: css("--tblr-link-color") });
    price.setData(days.map((day) => ({ time: day.day, value: Number(day.close) })));
    total.setData(days.map((day) => ({ time: day.day, value: day.total_volume, color: `${css("--quiet")}66` })));
    listed.setData(days.map((day) => ({ time: day.day, value: day.volume, color: css("--tblr-link-color") })));
  };
  const say = (day) => {
    legend.textContent = day
      ? `${day.day}  ${box.dataset.price} ${day.close}  ${box.dataset.volume} ${grouped(day.total_volume)} t  ${box.dataset.block} ${grouped(day.block_volume)} t`
      : "";
  };
  fill();
  chart.timeScale().fitContent();
  say(days.at(-1));
  chart.subscribeCrosshairMove((move) => say(days.find((day) => day.day === move.time) ?? days.at(-1)));
  document.addEventListener("look-changed", fill);
}

const to = box.dataset.to;
const answer = await fetch(`/api/v1/reports/history/?from=${yearBefore(to)}&to=${to}`);
if (answer.ok) {
  const { results } = await answer.json();
  if (results.length) draw(results);
}
