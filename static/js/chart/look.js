// What all drawings share: the library, fetched when the first of them is drawn; Beijing's time; the page's colours.
// The library knows no time zones: times are shifted so that its UTC axis reads as Beijing time.

const BEIJING_S = 8 * 3600;

let fetched = null;

/** The drawing library; a page is read and traded on before it is here. */
export function library() {
  fetched ??= import("../../vendor/charts/lightweight-charts.standalone.production.mjs").catch((error) => {
    fetched = null; // asked for again with the next drawing
    throw error;
  });
  return fetched;
}

export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Seconds on the shifted axis of the bin that holds this time. */
export function binOf(iso, bin_s = 60) {
  const seconds = Math.floor(Date.parse(iso) / 1000) + BEIJING_S;
  return seconds - (seconds % bin_s);
}

/** "07-16 09:31" or "09:31" of a time on the shifted axis. */
export function clockOf(time, withDay = false) {
  const text = new Date(time * 1000).toISOString();
  return (withDay ? `${text.slice(5, 10)} ` : "") + text.slice(11, 16);
}

/** The library gives days as it likes; here they are "2021-07-16". */
export function dayOf(time) {
  if (typeof time === "string") return time;
  return time?.year ? `${time.year}-${String(time.month).padStart(2, "0")}-${String(time.day).padStart(2, "0")}` : null;
}

export function look(timeVisible) {
  return {
    layout: { background: { color: "transparent" }, textColor: css("--quiet"), fontFamily: css("--font"), fontSize: 11, attributionLogo: false },
    grid: { vertLines: { color: css("--line") }, horzLines: { color: css("--line") } },
    rightPriceScale: { borderColor: css("--line") },
    timeScale: { borderColor: css("--line"), timeVisible, secondsVisible: false },
    localization: { locale: document.documentElement.lang },
  };
}

export const VOLUME = { priceFormat: { type: "volume" }, priceScaleId: "volume", lastValueVisible: false, priceLineVisible: false };

/** Volume below, prices above. */
export function scales(chart, top = 0.14) {
  chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
  chart.priceScale("right").applyOptions({ scaleMargins: { top, bottom: 0.24 } });
}

export const upOrDown = (point) => css(point.close < point.open ? "--down" : "--up");
