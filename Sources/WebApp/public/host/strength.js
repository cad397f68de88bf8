// @ts-check
// How strong a recipe comes out: what a host is offered, and never what guests are told unasked.
//
//   strengthOf(drink) -> percent by volume, whole; null where an ingredient leaves it open

import { fold, plain } from "../drink-facts.js";

/** In percent by volume; what comes first counts. */
const KINDS = /** @type {[RegExp, number][]} */ ([
  [/alcohol free|non alcoholic|\b0 0\b|sin alcohol/, 0],
  [/\bginger (beer|ale)\b|\broot beer\b|\bgrenadine\b|\b(coconut|cane|almond) (cream|milk|water)\b/, 0],
  [/\bgrape ?fruit\b|\bapple juice\b/, 0], [/overproof|wray|navy strength/, 57], [/\b(absinthe|absenta)\b/, 60],
  [/green chartreuse/, 55], [/chartreuse/, 42], [/\baperol\b/, 11], [/\bcampari\b/, 25], [/\bfernet\b|jager/, 38],
  [/benedictine|drambuie|cointreau|grand marnier|triple sec|curacao|\bgalliano\b/, 40], [/maraschino|amaretto/, 30],
  [/(irish|orange|rose|chocolate) (cream )?liqueur|irish cream|bailey|advocaat|coconut rum|malibu/, 18],
  [/coffee liqueur|kahlua|tia maria/, 20], [/sloe gin|cherry liqueur|heering|limoncello|pimm/, 25],
  [/creme|schnapps|chambord|midori|passoa|st germain|violette|cassis|mure|falernum|liqueur|liquor/, 20],
  [/vermouth|lillet|cocchi|quina|sherry|fino|\bport\b|madeira/, 17], [/\bamaro\b|montenegro|nonino|cynar|averna/, 26],
  [/prosecco|champagne|cava|sparkling wine/, 12], [/\bwine\b/, 13], [/\bcider\b|\bbeer\b|lager|stout|\bale\b/, 5],
  [/\bsake\b/, 15], [/bitters|\bangostura\b|peychaud/, 45],
  [/\bgin\b|vodka|\brum\b|rhum|tequila|mezcal|whisk|bourbon|\brye\b|scotch|cognac|brandy|pisco|cachaca/, 40],
  [/calvados|grappa/, 40],
  [/aquavit|armagnac|arrack|soju|shochu|ouzo|pastis|pernod|kirsch/, 38],
  [/juice|syrup|sugar|soda|tonic|water|cola|lemonade|cream|milk|egg|aquafaba|espresso|coffee|tea|honey|agave|mint/, 0],
  [/lime|lemon|orange|pineapple|cranberry|tomato|berr|fruit|salt|pepper|cucumber|basil|puree|cordial|shrub|orgeat/, 0],
  [/sauce|tabasco|cinnamon|nutmeg|olive|brine|celery|ginger|ice\b|vanilla|chocolate|grenadine/, 0],
]);

const ML = /** @type {Record<string, number>} */ ({
  ml: 1, cl: 10, dl: 100, l: 1000, oz: 30, dash: 0.8, drop: 0.05, barspoon: 4, tsp: 5, tbsp: 15, part: 30, cup: 240,
});
/** Of what only tops up: as much as is usual. */
const TOP_ML = 90;

/** Water that melts from ice while it is mixed, as a share of what was poured. */
function melted(/** @type {import("./drink-draft.js").Fields} */ { recipe_steps, tags, ice }) {
  const text = fold([...recipe_steps, ...tags].join(" "));
  if (/blend|frozen|licua|granizad/.test(text)) return 0.6;
  if (/shak|agita|batid/.test(text)) return 0.28;
  return /stir|remuev/.test(text) ? 0.2 : ice && ice !== "none" ? 0.14 : 0;
}

/** @param {import("./drink-draft.js").Fields} drink */
export function strengthOf(drink) {
  const lines = drink.ingredients.filter(({ name, optional }) => name.trim() && !optional);
  let all = 0, pure = 0, mixed = 0;
  for (const { name, amount, unit } of lines) {
    const words = plain(name), percent = KINDS.find(([pattern]) => pattern.test(words))?.[1];
    if (percent === undefined) return null;
    const isTop = unit === "top" || (amount === null && percent === 0);
    const scale = ML[unit.toLowerCase()];
    if (!isTop && (amount === null || scale === undefined)) {
      if (percent > 0) return null; // A glug of rum is any strength.
      continue; // Leaves, wedges and pinches.
    }
    const ml = isTop ? unit === "top" ? TOP_ML : 0 : /** @type {number} */ (amount) * scale;
    all += ml;
    pure += ml * percent / 100;
    if (unit !== "top") mixed += ml;
  }
  if (all === 0) return null;
  return Math.round(100 * pure / (all + mixed * melted(drink)));
}
