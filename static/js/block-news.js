// A turn of a negotiation as a sentence, for the pages of blocks and for the desk.
import { grouped } from "./money.js";
import { t } from "./words.js";

/** What a turn of another's says in a sentence; nothing for one's own, unless the exchange refused it. */
export function sentenceOf(news) {
  const values = {
    no: news.negotiation, who: news.with_name ?? t("block.somebody"), side: t(`block.side.${news.side}`), qty: grouped(news.qty ?? ""),
    instrument: news.instrument, price: news.price ?? "", reason: news.reason_text,
  };
  if (news.reason) return t("block.rejected", values);
  if (news.own) return "";
  const posted = news.turn_kind === "open" && news.audience !== "directed";
  return t(posted ? "block.posted" : `block.${news.turn_kind}`, values);
}
