// Draws any recipe as an SVG. Deterministic, no dependencies, no inline style
// (safe under a strict CSP). Theme comes in through four custom properties with fallbacks:
//   --dd-line  glass outline      --dd-glass  faint body of the glass
//   --dd-clear tint of clear liquid, so that gin shows on paper and on night
//   --dd-ice   outline of ice
// Canvas 160 x 200. Every glass stands on y = 198, so a drawing can stand on any hairline.

const W = 160, H = 200, CX = 80, TABLE = 198, TILT = 0.115;

// Ingredients.
// name | colour | tint (0 = colourless, 1 = stains everything) | cloud | f = fizzy, e = foams
const TABLE_TEXT = `
gin|e8efe9|.02|0
old tom gin|efe9c8|.06|0
sloe gin|a3183a|.7|0
vodka|eef2f2|.01|0
aquavit|efe6bd|.1|0
white rum|eef0e8|.02|0
gold rum|d9993c|.3|0
aged rum|c27a2a|.38|0
dark rum|6e3313|.6|0
rum|d9a85a|.22|0
tequila|efeede|.04|0
reposado|e2b765|.22|0
mezcal|eeeada|.04|0
cachaça|f0efdd|.04|0
pisco|f2efdc|.03|0
bourbon|c4701f|.42|0
rye|bb651c|.42|0
scotch|cf8a2f|.36|0
whisky|c9792a|.4|0
whiskey|c9792a|.4|0
cognac|b9621f|.42|0
brandy|bd6a22|.4|0
calvados|cb8432|.36|0
apple brandy|cb8432|.36|0
absinthe|bccf6c|.4|.1
sake|f0efe2|.03|0
triple sec|f3ecd9|.03|0
cointreau|f3ecd9|.03|0
orange curaçao|e08a2a|.3|0
blue curaçao|1c7fc4|.85|0
maraschino|f0eeea|.02|0
campari|cf1f24|.85|0
aperol|f0622b|.62|0
bitter|cf1f24|.8|0
sweet vermouth|7a2416|.62|0
dry vermouth|e9e3b4|.1|0
blanc vermouth|eee6bd|.08|0
lillet|f0d78a|.22|0
sherry|c78a3c|.35|0
port|6a1226|.8|0
green chartreuse|a9bf3c|.4|0
yellow chartreuse|e6c83c|.4|0
bénédictine|d08e2a|.36|0
drambuie|cc8a2c|.36|0
amaretto|a65a1c|.45|0
galliano|f2cf2e|.45|0
limoncello|f4dd4c|.5|.4
coffee liqueur|2a1208|.92|0
irish cream|c9a27c|.8|1
crème de cassis|4f0d2b|.9|0
crème de mûre|5a0f33|.85|0
raspberry liqueur|8a1238|.8|0
crème de menthe|2f9d63|.75|0
crème de violette|8b78c8|.62|0
dark crème de cacao|4a2413|.8|0
white crème de cacao|f1eee6|.02|0
elderflower liqueur|f1ecc0|.12|0
peach liqueur|f3bd72|.3|0
melon liqueur|6dbd35|.75|0
cherry liqueur|7a0f22|.8|0
falernum|efe3b0|.12|.2
amaro|54210f|.75|0
fernet|38180c|.8|0
cynar|4a2110|.75|0
suze|ead34a|.4|0
lime juice|d5df92|.26|.62
lime cordial|bfd460|.34|.25
lemon juice|f2e7a0|.26|.55
orange juice|f7a623|.55|.85
grapefruit juice|f5a083|.42|.7
pineapple juice|f3d566|.42|.75|e
cranberry juice|b9142f|.62|.1
tomato juice|b52a17|.95|1
apple juice|dca648|.3|.15
passion fruit|f2b01f|.55|.7
mango|f6a51f|.7|.9
peach purée|f4ae6a|.6|.9
strawberry|d8293c|.8|.6
raspberry|c41d47|.8|.4
blackberry|4d1233|.85|.3
pomegranate|b3122e|.7|.1
watermelon|ee5a5f|.5|.5
cucumber|bcd79a|.14|.2
coconut|fbf8f0|.9|1
cream|f8efe0|.9|1
milk|faf6ee|.85|1
egg white|faf5ea|.06|.35|e
egg yolk|f4b93b|.6|.9|e
egg|f6d58c|.5|.9|e
aquafaba|f7f2e4|.05|.3|e
espresso|1f0c04|1|.3|e
cold brew|24100a|.95|0
coffee|24100a|.95|0
tea|b8651f|.4|0
hot chocolate|54301c|.95|1
water|f2f5f3|.01|0
soda|f2f5f3|.01|0|f
tonic|eef4f4|.01|0|f
ginger beer|ecd9a0|.14|.3|f
ginger ale|e6c078|.16|0|f
cola|2c1207|.9|0|f
lemonade|f3edba|.1|.25|f
prosecco|f2dfa0|.16|0|f
champagne|f0d793|.18|0|f
sparkling wine|f0d793|.18|0|f
beer|dd9a2a|.36|.1|f
red wine|5d0f22|.85|0
white wine|efdf9f|.16|0
sugar syrup|f3f0e4|.01|0
sugar|f3f0e4|.01|0
agave|e9c779|.06|0
honey|e6a834|.14|.1
maple|b5651d|.3|0
demerara|c98c45|.12|0
vanilla|e9c98a|.08|0
orgeat|f1e6d0|.3|.8
grenadine|c1122f|.9|0
elderflower cordial|f0eab4|.08|0
ginger syrup|e8cf8c|.1|.2
angostura|7a2410|1|0
peychaud|c3173a|1|0
orange bitters|c9702a|.8|0
bitters|7a2410|1|0
worcestershire|3a1a0c|1|0
hot sauce|c22a15|.8|.2
brine|cfd3a0|.14|.4
mint|9fc37a|.05|0
juice|f0c870|.35|.6
syrup|eddcb4|.08|.05
liqueur|d79b54|.3|0
wine|8e2136|.6|0
cordial|e6d79a|.15|.1`;

const INGREDIENTS = new Map(TABLE_TEXT.trim().split('\n').map((row) => {
  const [name, hex, tint, cloud, flag = ''] = row.split('|');
  return [name, { hex: '#' + hex, rgb: rgb(hex), tint: +tint, cloud: +cloud, fizz: flag === 'f', foam: flag === 'e' }];
}));
const BY_LENGTH = [...INGREDIENTS.keys()].sort((a, b) => b.length - a.length);

/** Colour facts for an ingredient name; unknown names get a quiet, stable amber-to-rose tint. */
function ingredientColour(name) {
  const wanted = String(name).toLowerCase();
  const key = BY_LENGTH.find((k) => wanted.includes(k));
  if (key) return INGREDIENTS.get(key);
  const c = hsl(20 + (hash(wanted) % 50), 0.5, 0.55);
  return { hex: toHex(c), rgb: c, tint: 0.2, cloud: 0.1, fizz: false, foam: false };
}

// Glasses.
// bowl: [y, half width] from rim to the bottom of the inside. base: 'stem' | 'flat' | 'mug'
const GLASSES = {
  coupe: { bowl: [[62, 47], [70, 47.4], [82, 44.4], [96, 35], [107, 16], [110, 0]], base: 'stem', foot: 30, fill: 0.82 },
  martini: { bowl: [[58, 49], [72, 37.8], [86, 26.6], [100, 15.4], [113, 5], [117, 0]], base: 'stem', foot: 29, fill: 0.82 },
  nicknora: { bowl: [[62, 29], [72, 32], [84, 33], [98, 29], [112, 17], [119, 0]], base: 'stem', foot: 26, fill: 0.8 },
  flute: { bowl: [[40, 17], [62, 19.5], [86, 20], [112, 16.5], [132, 8], [138, 0]], base: 'stem', foot: 24, fill: 0.86 },
  wine: { bowl: [[46, 31], [62, 37.5], [80, 40.5], [100, 37], [118, 23], [127, 0]], base: 'stem', foot: 30, fill: 0.74 },
  hurricane: { bowl: [[42, 31], [58, 26.5], [80, 24], [104, 28], [128, 32], [150, 27], [166, 13], [170, 0]], base: 'stem', foot: 25, fill: 0.86 },
  rocks: { bowl: [[100, 45], [124, 44], [148, 43], [170, 42], [183, 40], [188, 27], [189, 0]], base: 'flat', fill: 0.76 },
  highball: { bowl: [[66, 30], [100, 29.5], [140, 29], [172, 28.5], [185, 27], [190, 18], [191, 0]], base: 'flat', fill: 0.86 },
  collins: { bowl: [[48, 26], [90, 25.5], [130, 25], [170, 24.6], [186, 23.5], [191, 15], [192, 0]], base: 'flat', fill: 0.88 },
  shot: { bowl: [[122, 24], [141, 22.3], [160, 20.6], [174, 19.2], [181, 12], [182, 0]], base: 'flat', fill: 0.86 },
  irish: { bowl: [[66, 29], [90, 30.5], [120, 31], [148, 27], [164, 14], [168, 0]], base: 'stem', foot: 25, fill: 0.84, handle: [84, 136, 31] },
  copper: { bowl: [[102, 42], [122, 43.6], [148, 44], [174, 42.4], [191, 38], [196, 24], [197, 0]], base: 'metal', metal: 'copper', fill: 0.94, handle: [118, 176, 44] },
  julep: { bowl: [[92, 41], [118, 38.6], [150, 35.6], [180, 32.6], [192, 31], [196, 19], [197, 0]], base: 'metal', metal: 'silver', fill: 0.95 },
  tiki: { bowl: [[70, 37], [78, 34.6], [92, 33.6], [106, 35], [112, 37.6], [118, 35], [134, 33.6], [148, 35], [154, 37.6], [160, 35], [178, 33.4], [190, 33], [196, 20], [197.5, 0]], base: 'metal', metal: 'clay', fill: 0.96 },
};
const ALIASES = [[/nick/, 'nicknora'], [/marti/, 'martini'], [/coupe|marg|saucer/, 'coupe'], [/flute|champ/, 'flute'],
  [/wine|balloon|copa|goblet|snifter/, 'wine'], [/hurric|poco|sling|pilsner/, 'hurricane'], [/collins|zombie/, 'collins'],
  [/high|long|pint|beer/, 'highball'], [/shot|pony/, 'shot'], [/irish|hot|toddy/, 'irish'], [/copper|mule/, 'copper'],
  [/julep|tin/, 'julep'], [/tiki|mug/, 'tiki'], [/./, 'rocks']];
const glassKey = (name = '') => ALIASES.find(([re]) => re.test(String(name).toLowerCase() || 'rocks'))[1];

const METALS = {
  copper: { stops: ['#5f2c17', '#c5764c', '#efb48c', '#b9683f', '#7a3a20', '#4b2111'], lip: '#f3c6a4', inside: '#5d2c18' },
  silver: { stops: ['#6d736f', '#c6cbc6', '#f4f5f1', '#b3b9b4', '#7d8480', '#565c59'], lip: '#ffffff', inside: '#6f7572' },
  clay: { stops: ['#5a3c20', '#a97d47', '#d9b47a', '#a77a44', '#744f29', '#4a2f17'], lip: '#f0d7a8', inside: '#3a2514' },
};

// Small helpers.
function rgb(hex) { const v = parseInt(hex.replace('#', ''), 16); return [v >> 16, (v >> 8) & 255, v & 255]; }
function toHex(c) { return '#' + c.map((v) => Math.round(Math.max(0, Math.min(255, v))).toString(16).padStart(2, '0')).join(''); }
function lerp(a, b, t) { return a + (b - a) * t; }
function blend(a, b, t) { return a.map((v, i) => lerp(v, b[i], t)); }
function hsl(h, s, l) { return [0, 8, 4].map((k) => { const m = (k + h / 30) % 12; return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(m - 3, 9 - m, 1))); }); }
function hash(s) { let h = 2166136261; for (const ch of String(s)) h = Math.imul(h ^ ch.codePointAt(0), 16777619); return h >>> 0; }
function random(seed) { let a = seed; return () => { a = (a + 0x6d2b79f5) | 0; let t = Math.imul(a ^ (a >>> 15), 1 | a); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296; }; }
const f = (v) => +v.toFixed(2);
const el = (name, attrs, body) => `<${name}${Object.entries(attrs).filter(([, v]) => v !== undefined && v !== '').map(([k, v]) => ` ${k}="${typeof v === 'number' ? f(v) : v}"`).join('')}${body === undefined ? '/>' : `>${body}</${name}>`}`;
const LINE = { fill: 'none', stroke: 'var(--dd-line,currentColor)', 'stroke-width': 1.25, 'vector-effect': 'non-scaling-stroke', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
const line = (d, opacity = 0.72, more = {}) => el('path', { d, ...LINE, 'stroke-opacity': opacity, ...more });
const ellipse = (cx, cy, rx, ry, more = {}) => el('ellipse', { cx, cy, rx, ry, ...more });
const group = (attrs, body) => (body ? el('g', attrs, body) : '');

/** Catmull-Rom through points, as cubic Béziers. */
function spline(pts) {
  let d = `M${f(pts[0][0])} ${f(pts[0][1])}`;
  for (let i = 0; i < pts.length - 1; i++) {
    const [a, b, c, e] = [pts[Math.max(0, i - 1)], pts[i], pts[i + 1], pts[Math.min(pts.length - 1, i + 2)]];
    d += `C${f(b[0] + (c[0] - a[0]) / 6)} ${f(b[1] + (c[1] - a[1]) / 6)} ${f(c[0] - (e[0] - b[0]) / 6)} ${f(c[1] - (e[1] - b[1]) / 6)} ${f(c[0])} ${f(c[1])}`;
  }
  return d;
}
function halfWidth(bowl, y) {
  if (y <= bowl[0][0]) return bowl[0][1];
  for (let i = 0; i < bowl.length - 1; i++) {
    const [y0, r0] = bowl[i], [y1, r1] = bowl[i + 1];
    if (y <= y1) { const t = (y - y0) / (y1 - y0); return r1 === 0 ? r0 * Math.sqrt(1 - t * t) : lerp(r0, r1, t); }
  }
  return 0;
}

// Colour of liquid.
/** Subtractive mix: strong tints win, clear ones thin them, cloudy ones turn milky. */
function mixColour(ingredients) {
  let ml = 0, weight = 0, cloud = 0;
  const logs = [0, 0, 0];
  for (const item of ingredients) {
    const amount = item.ml ?? 15, c = ingredientColour(item.name), w = amount * c.tint;
    ml += amount; weight += w; cloud += amount * c.cloud;
    c.rgb.forEach((v, i) => { logs[i] += w * Math.log(Math.max(6, v) / 255); });
  }
  if (!ml) return { rgb: [238, 242, 240], alpha: 0.06, cloud: 0 };
  cloud /= ml;
  const pure = weight ? logs.map((v) => 255 * Math.exp(v / weight)) : [238, 242, 240];
  const milk = 1 - Math.exp(-9 * cloud);
  const density = 1 - Math.exp(-4.6 * (weight / ml));
  let alpha = Math.max(0.06, 1 - (1 - density) * (1 - 0.92 * milk));
  // Pale but not clear drinks would turn muddy over a dark room: give them more body, leave gin and vodka clear.
  const luma = (pure[0] * 0.3 + pure[1] * 0.59 + pure[2] * 0.11) / 255, seen = Math.min(1, Math.max(0, (alpha - 0.14) / 0.22));
  alpha += (1 - alpha) * 0.66 * seen * Math.min(1, Math.max(0, (luma - 0.45) / 0.3));
  return { rgb: blend(pure, [255, 250, 238], 0.12 * milk), alpha, cloud: milk };
}

function liquidLayers(recipe) {
  const poured = recipe.ingredients.filter((i) => !i.garnish && !(recipe.foam === 'cream' && /cream/i.test(i.name))); // floated cream is the lid
  const mode = recipe.layers;
  if (!mode) return { soft: 0, list: [{ share: 1, colour: mixColour(poured) }] };
  // `layer: n` on an ingredient names its layer, 0 at the bottom; without one the order of pouring counts.
  const byLayer = new Map();
  poured.forEach((item, i) => { const k = item.layer ?? i; byLayer.set(k, [...(byLayer.get(k) ?? []), item]); });
  const list = [...byLayer].sort((a, b) => a[0] - b[0]).map(([, items]) => ({ share: items.reduce((s, i) => s + (i.ml ?? 15), 0), colour: mixColour(items) }));
  const all = list.reduce((s, l) => s + l.share, 0);
  list.forEach((l) => { l.share = Math.max(0.08, l.share / all); });
  return { soft: mode === 'soft' ? 1 : 0.06, list };
}

// The drawing.
/**
 * The SVG is well-formed XML with no text of the recipe in it, and hidden from screen readers: the name stands next to it.
 * Its parts carry data-part="liquid" | "ice" | "garnish" so that a page may animate them.
 *
 * @param {{name: string, glass: string, ingredients: {name: string, ml?: number, unit?: string | null, layer?: number}[],
 *   layers?: 'soft' | 'sharp', ice?: string, foam?: boolean | 'cream', fizz?: boolean, rim?: string, garnish?: string[],
 *   fill?: number}} recipe `ice` is none, cubes, big or crushed; `rim` is salt, sugar or cocoa
 * @param {{size?: number, fit?: boolean, empty?: boolean, level?: number, uid?: string}} options
 *   `size` in px (below 88 the detail is thinned), `level` 0 to 1 (below .95 without garnish)
 * @returns {string}
 */
export function drawDrink(recipe, options = {}) {
  const key = glassKey(recipe.glass), glass = GLASSES[key], bowl = glass.bowl;
  const seed = hash(recipe.name + key), id = `dd${(options.uid ?? '') + seed.toString(36)}${options.empty ? 'e' : ''}${options.level !== undefined ? Math.round(options.level * 99) : ''}`;
  const small = (options.size ?? 200) < 88;
  const rim = { y: bowl[0][0], r: bowl[0][1] }, floor = bowl.at(-1)[0];
  rim.ry = rim.r * TILT;
  const filled = (recipe.fill ?? glass.fill) * (options.level ?? 1), depth = floor - rim.y;
  const top = { y: floor - filled * depth };
  top.r = halfWidth(bowl, top.y) - 0.6; top.ry = top.r * TILT;
  const ctx = { recipe, glass, key, bowl, rim, top, floor, small, id, rnd: random(seed), solid: glass.base === 'metal', defs: [] };
  const wet = !options.empty && filled > 0.03;
  const inside = spline([...bowl.map(([y, r]) => [CX - r, y]), ...bowl.slice(0, -1).reverse().map(([y, r]) => [CX + r, y])]);
  ctx.inside = inside;
  ctx.defs.push(el('clipPath', { id: id + 'c' }, el('path', { d: `${inside}A${f(rim.r)} ${f(rim.ry)} 0 0 0 ${f(CX - rim.r)} ${rim.y}Z` })));

  const liquid = wet ? drawLiquid(ctx) : { body: '', lid: '', glow: '' };
  const ice = wet ? drawIce(ctx) : { inside: '', above: '' };
  const garnish = wet && (options.level ?? 1) > 0.95 ? drawGarnish(ctx) : { back: '', inside: '', front: '' };
  const parts = [
    drawShadow(ctx, liquid.glow),
    drawBack(ctx),
    group({ 'data-part': 'garnish' }, garnish.back),
    group({ 'clip-path': `url(#${id}c)` }, group({ 'data-part': 'liquid' }, liquid.body + group({ 'data-part': 'ice' }, ice.inside) + liquid.lid) + garnish.inside),
    ice.above,
    drawFront(ctx),
    wet && recipe.rim ? drawRim(ctx) : '',
    group({ 'data-part': 'garnish' }, garnish.front),
  ];
  const cut = options.fit ? Math.min(rim.y - 34, 62) : 0; // fit: trims the air above short glasses, the base line stays
  const box = cut > 0 ? `${f(cut * 0.4)} ${f(cut)} ${f(W - cut * 0.8)} ${f(H - cut)}` : `0 0 ${W} ${H}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="dd" aria-hidden="true" viewBox="${box}" preserveAspectRatio="xMidYMax meet" overflow="visible"><defs>${ctx.defs.join('')}</defs>${parts.join('')}</svg>`;
}

function gradient(ctx, suffix, stops, vertical = false) {
  const id = ctx.id + suffix;
  ctx.defs.push(el('linearGradient', { id, x1: 0, y1: 0, x2: vertical ? 0 : 1, y2: vertical ? 1 : 0 },
    stops.map(([offset, colour, opacity = 1]) => el('stop', { offset, 'stop-color': colour, 'stop-opacity': opacity })).join('')));
  return `url(#${id})`;
}

function drawShadow(ctx, glow) {
  const r = ctx.glass.foot ?? halfWidth(ctx.bowl, ctx.floor - 12);
  return ellipse(CX, TABLE + 0.6, r * 1.12, 2.6, { fill: '#000', 'fill-opacity': 0.22 })
    + (glow ? ellipse(CX + 3, TABLE + 1.6, r * 0.92, 2.2, { fill: glow, 'fill-opacity': 0.32 }) : '');
}

function drawLiquid(ctx) {
  const { top, floor, bowl, recipe } = ctx;
  const { soft, list } = liquidLayers(recipe);
  const height = floor - top.y, widest = Math.max(...bowl.map(([, r]) => r)) + 2;
  const box = { x: CX - widest, y: top.y, width: 2 * widest, height: height + 2 };
  const last = list.at(-1).colour, first = list[0].colour;
  let out = el('rect', { ...box, fill: 'var(--dd-clear,rgba(150,180,175,.14))' });
  if (list.length === 1) {
    const light = blend(last.rgb, [255, 244, 222], 0.13), deep = last.rgb.map((v) => v * 0.8);
    out += el('rect', { ...box, fill: gradient(ctx, 'l', [[0, toHex(light), last.alpha * 0.92], [0.55, toHex(last.rgb), last.alpha], [1, toHex(deep), Math.min(1, last.alpha * 1.06)]], true) });
  } else {
    const stops = []; let at = 1;
    list.forEach((layer, i) => { // list runs bottom up, gradient top down
      const c = toHex(layer.colour.rgb), from = at, to = at - layer.share / list.reduce((s, l) => s + l.share, 0);
      const edge = soft * Math.min(from - to, 0.5) * 0.5;
      stops.unshift([f(Math.max(0, i === list.length - 1 ? 0 : to + edge)), c, layer.colour.alpha], [f(Math.min(1, i === 0 ? 1 : from - edge)), c, layer.colour.alpha]);
      at = to;
    });
    out += el('rect', { ...box, fill: gradient(ctx, 'l', stops, true) });
  }
  // roundness: darker towards both walls, a soft lit band on the left
  const luma = last.rgb[0] * 0.0012 + last.rgb[1] * 0.0024, dark = 0.05 + 0.2 * Math.max(last.alpha, first.alpha) * (1.3 - luma);
  out += el('rect', { ...box, fill: gradient(ctx, 'e', [[0, '#0a0604', dark + 0.12], [0.16, '#0a0604', 0], [0.3, '#fff8ea', 0.2], [0.42, '#fff8ea', 0], [0.76, '#0a0604', 0], [1, '#0a0604', dark + 0.08]]) });
  if (hasFizz(ctx)) out += drawBubbles(ctx);
  let lidded = ''; // foam and the surface, drawn over the ice when there is foam
  const foam = foamKind(ctx);
  let lid = blend(last.rgb, [255, 248, 232], 0.3), lidAlpha = Math.min(1, last.alpha * 0.7 + 0.16);
  if (foam) {
    const tone = foam === 'cream' ? [250, 241, 226] : foam === 'crema' ? blend([214, 172, 122], last.rgb, 0.12) : blend([252, 247, 236], last.rgb, 0.16);
    const h = Math.min(13, height * 0.24) * (foam === 'head' ? 1.15 : 1), r = halfWidth(bowl, top.y + h) + 2, wave = f(top.ry * 0.9 + 1);
    lidded += el('path', { d: `M${f(CX - widest)} ${f(top.y)}H${f(CX + widest)}V${f(top.y + h)}Q${f(CX + r * 0.5)} ${f(top.y + h + wave)} ${CX} ${f(top.y + h + wave)}T${f(CX - widest)} ${f(top.y + h)}Z`,
      fill: gradient(ctx, 'f', [[0, toHex(tone)], [1, toHex(blend(tone, last.rgb, 0.3))]], true) });
    lidded += el('rect', { x: CX - widest, y: top.y, width: widest * 2, height: h + wave, fill: gradient(ctx, 'g', [[0, '#20140a', 0.26], [0.2, '#20140a', 0], [0.8, '#20140a', 0], [1, '#20140a', 0.24]]) });
    lid = blend(tone, [255, 255, 255], 0.3); lidAlpha = 1;
  }
  lidded += ellipse(CX, top.y, top.r, top.ry, { fill: toHex(lid), 'fill-opacity': lidAlpha });
  lidded += el('path', { d: `M${f(CX - top.r)} ${f(top.y)}A${f(top.r)} ${f(top.ry)} 0 0 0 ${f(CX + top.r)} ${f(top.y)}`, fill: 'none', stroke: '#fffaf0', 'stroke-opacity': 0.5, 'stroke-width': 0.9 });
  return { body: foam ? out : out + lidded, lid: foam ? lidded : '', glow: first.alpha > 0.15 ? toHex(first.rgb) : '' };
}
const facts = (ctx) => ctx.recipe.ingredients.map((i) => ingredientColour(i.name));
const hasFizz = (ctx) => ctx.recipe.fizz ?? facts(ctx).some((c) => c.fizz);
function foamKind(ctx) {
  const { recipe } = ctx, names = recipe.ingredients.map((i) => i.name.toLowerCase()).join();
  if (recipe.foam === false) return '';
  if (/espresso/.test(names)) return 'crema';
  if (recipe.foam === 'cream') return 'cream';
  if (/beer\b/.test(names.replace('ginger beer', ''))) return 'head';
  return recipe.foam || facts(ctx).some((c) => c.foam && !/pineapple/.test(names)) ? 'foam' : '';
}
function drawBubbles({ rnd, top, floor, bowl, small }) {
  let out = '';
  for (let i = 0; i < (small ? 7 : 22); i++) {
    const y = lerp(top.y + top.ry + 3, floor - 5, rnd()), r = halfWidth(bowl, y) - 5;
    if (r < 1) continue;
    out += el('circle', { cx: CX + (rnd() * 2 - 1) * r, cy: y, r: (small ? 1.5 : 0.6) + rnd() * 0.7, fill: '#fffdf4', 'fill-opacity': 0.3 + rnd() * 0.4 });
  }
  return out;
}

// Ice.
function drawIce(ctx) {
  const kind = ctx.recipe.ice ?? 'none', { rnd, top, floor, bowl, rim, small } = ctx;
  const none = { inside: '', above: '' };
  if (kind === 'none') return none;
  const face = gradient(ctx, 'i', [[0, '#fff', 0.58], [0.3, '#fff', 0.22], [0.62, '#fff', 0.08], [1, '#fff', 0.3]], true);
  const block = (x, y, s, turn) => group({ transform: `translate(${f(x)} ${f(y)}) rotate(${f(turn)})` },
    el('rect', { x: -s / 2, y: -s / 2, width: s, height: s, rx: s * 0.16, fill: face, stroke: 'var(--dd-ice,#fff)', 'stroke-opacity': 0.5, 'stroke-width': 0.8 })
    + (small ? '' : el('path', { d: `M${f(-s * 0.32)} ${f(s * 0.2)}V${f(-s * 0.2)}Q${f(-s * 0.32)} ${f(-s * 0.33)} ${f(-s * 0.18)} ${f(-s * 0.33)}H${f(s * 0.12)}`, fill: 'none', stroke: '#fff', 'stroke-opacity': 0.6, 'stroke-width': 1.1, 'stroke-linecap': 'round' })
      + el('path', { d: `M${f(s * 0.34)} ${f(-s * 0.1)}L${f(s * 0.1)} ${f(s * 0.34)}`, stroke: '#fff', 'stroke-opacity': 0.16, 'stroke-width': 0.8 })));
  if (kind === 'big') {
    const s = top.r * 1.2, x = CX - 4, y = top.y + s * 0.3;
    const lid = el('path', { d: `M${f(-s * 0.5)} ${f(-s * 0.46)}L${f(-s * 0.34)} ${f(-s * 0.64)}H${f(s * 0.46)}L${f(s * 0.5)} ${f(-s * 0.46)}Z`, fill: '#fff', 'fill-opacity': 0.3, stroke: 'var(--dd-ice,#fff)', 'stroke-opacity': 0.45, 'stroke-width': 0.8, 'stroke-linejoin': 'round', transform: `translate(${f(x)} ${f(y)}) rotate(-5)` });
    return { inside: lid + block(x, y, s, -5), above: '' };
  }
  if (kind === 'cubes') {
    const s = Math.min(25, top.r * 0.86); let out = '', row = 0;
    for (let y = top.y + s * 0.24; y < floor - s * 0.6 && row < 4; y += s * 0.98, row++) {
      const r = halfWidth(bowl, y), n = Math.max(1, Math.min(3, Math.floor((1.86 * r) / s)));
      const pitch = n > 1 ? Math.min(s * 1.14, (2 * r - s * 1.06) / (n - 1)) : 0, shift = (row % 2 ? 0.07 : -0.07) * s + (n === 1 ? (row % 2 ? 3 : -3) : 0);
      for (let k = 0; k < n; k++) out += block(CX + (k - (n - 1) / 2) * pitch + shift, y + ((k + row) % 2) * s * 0.2 + (rnd() - 0.5) * 3, s * (0.94 + rnd() * 0.1), -16 + rnd() * 32);
    }
    return { inside: out, above: '' };
  }
  if (!/crush|pebble|nugget|blend/.test(kind)) return none;
  const chip = (x, y, s, o) => {
    const a = rnd() * 6.28, p = [0, 1, 2, 3].map((k) => [x + Math.cos(a + k * 1.57) * s * (0.7 + rnd() * 0.5), y + Math.sin(a + k * 1.57) * s * (0.6 + rnd() * 0.4)]);
    return el('path', { d: 'M' + p.map((q) => q.map(f).join(' ')).join('L') + 'Z', fill: '#fff', 'fill-opacity': o, stroke: 'var(--dd-ice,#fff)', 'stroke-opacity': o * 0.9, 'stroke-width': 0.6, 'stroke-linejoin': 'round' });
  };
  let inside = '', above = '';
  const count = small ? 26 : 84;
  if (!ctx.solid) for (let i = 0; i < count; i++) {
    const t = Math.pow(rnd(), 0.9), y = lerp(top.y, floor - 6, t * 0.92), r = halfWidth(bowl, y) - 3;
    inside += chip(CX + (rnd() * 2 - 1) * r, y, (small ? 5 : 3.4) + rnd() * 2, lerp(0.42, 0.1, t) * (0.6 + rnd() * 0.6));
  }
  const dome = Math.min(13, rim.r * 0.36);
  above += el('path', { d: `M${f(CX - rim.r + 2)} ${f(rim.y + 0.5)}C${f(CX - rim.r * 0.8)} ${f(rim.y - dome * 1.25)} ${f(CX + rim.r * 0.8)} ${f(rim.y - dome * 1.25)} ${f(CX + rim.r - 2)} ${f(rim.y + 0.5)}A${f(rim.r - 2)} ${f(rim.ry)} 0 0 1 ${f(CX - rim.r + 2)} ${f(rim.y + 0.5)}Z`, fill: gradient(ctx, 'm', [[0, '#fbfdfb', 0.95], [1, '#cfd9d6', 0.8]], true), stroke: 'var(--dd-ice,#fff)', 'stroke-opacity': 0.45, 'stroke-width': 0.7 });
  for (let i = 0; i < (small ? 10 : 34); i++) {
    const a = rnd() * Math.PI, k = Math.sqrt(rnd()) * 0.92;
    above += chip(CX + Math.cos(a) * rim.r * k * 0.94, rim.y + 1 - Math.sin(a) * dome * k * 0.9, (small ? 4.6 : 3.2) + rnd() * 1.8, 0.4 + rnd() * 0.4).replace('#fff"', rnd() > 0.5 ? '#fff"' : '#b9c7c4"');
  }
  return { inside, above };
}

// Glass and metal.
function drawBack(ctx) {
  const { rim, solid, glass } = ctx;
  if (solid) return ellipse(CX, rim.y, rim.r, rim.ry, { fill: METALS[glass.metal].inside });
  return el('path', { d: `${ctx.inside}A${f(rim.r)} ${f(rim.ry)} 0 0 0 ${f(CX - rim.r)} ${rim.y}Z`, fill: 'var(--dd-glass,rgba(160,185,180,.1))' })
    + line(`M${f(CX - rim.r)} ${rim.y}A${f(rim.r)} ${f(rim.ry)} 0 0 1 ${f(CX + rim.r)} ${rim.y}`, 0.42);
}

function drawFront(ctx) {
  const { glass, bowl, rim, floor, solid } = ctx;
  if (solid) return drawMetal(ctx);
  let out = '';
  const arc = `A${f(rim.r)} ${f(rim.ry)} 0 0 0 ${f(CX + rim.r)} ${rim.y}`;
  if (glass.base === 'stem') {
    const s = 2.1, F = glass.foot, y0 = floor - 1.2, y1 = TABLE - 2.4;
    const stem = `M${CX - s - 2.4} ${f(y0 - 1)}C${CX - s} ${f(y0 + 4)} ${CX - s} ${f(y0 + 8)} ${CX - s + 0.2} ${f(lerp(y0, y1, 0.6))}C${CX - s} ${f(y1 - 7)} ${CX - 6} ${f(y1 - 3.4)} ${f(CX - F)} ${y1}A${F} 3 0 0 0 ${f(CX + F)} ${y1}C${CX + 6} ${f(y1 - 3.4)} ${CX + s} ${f(y1 - 7)} ${CX + s - 0.2} ${f(lerp(y0, y1, 0.6))}C${CX + s} ${f(y0 + 8)} ${CX + s} ${f(y0 + 4)} ${CX + s + 2.4} ${f(y0 - 1)}`;
    out += el('path', { d: stem + 'Z', fill: 'var(--dd-glass,rgba(160,185,180,.1))' }) + line(stem, 0.62);
    out += line(spline([...bowl.map(([y, r]) => [CX - r, y]), ...bowl.slice(0, -1).reverse().map(([y, r]) => [CX + r, y])]));
    out += el('path', { d: `M${CX - 0.7} ${f(y0 + 6)}V${f(y1 - 9)}`, stroke: '#fff', 'stroke-opacity': 0.3, 'stroke-width': 1, 'stroke-linecap': 'round' });
  } else {
    const b = bowl.at(-4)[1] + 1.6, wall = 1.8, y = TABLE - 2.2;
    const d = `M${f(CX - rim.r - wall)} ${rim.y}L${f(CX - b - 0.4)} ${y - 4}Q${f(CX - b)} ${y} ${f(CX - b + 5)} ${f(y + 0.9)}Q${CX} ${f(y + 3.4)} ${f(CX + b - 5)} ${f(y + 0.9)}Q${f(CX + b)} ${y} ${f(CX + b + 0.4)} ${y - 4}L${f(CX + rim.r + wall)} ${rim.y}`;
    out += line(d, 0.78);
    out += line(spline(bowl.slice(-4).map(([yy, r]) => [CX - r, yy]).concat(bowl.slice(-4, -1).reverse().map(([yy, r]) => [CX + r, yy]))), 0.3);
    out += line(`M${f(CX - rim.r - wall)} ${rim.y}A${f(rim.r + wall)} ${f(rim.ry + 0.4)} 0 0 1 ${f(CX + rim.r + wall)} ${rim.y}`, 0.26);
    out += el('path', { d: `M${f(CX - b + 9)} ${f(y - 0.6)}Q${f(CX - b * 0.4)} ${f(y + 1.4)} ${f(CX)} ${f(y + 1.2)}`, fill: 'none', stroke: '#fff', 'stroke-opacity': 0.4, 'stroke-width': 1.1, 'stroke-linecap': 'round' });
  }
  if (glass.handle) out += drawHandle(ctx, 'none');
  out += line(`M${f(CX - rim.r)} ${rim.y}${arc}`, 0.8);
  // two reflections that follow the wall
  const h = floor - rim.y, path = (side, inset, from, to) => spline([0, 0.25, 0.5, 0.75, 1].map((t) => { const y = lerp(rim.y + h * from, rim.y + h * to, t); return [CX + side * (halfWidth(bowl, y) - inset), y]; }));
  out += el('path', { d: path(-1, Math.max(3.4, rim.r * 0.14), 0.1, 0.66), fill: 'none', stroke: '#fff', 'stroke-opacity': 0.42, 'stroke-width': 2, 'stroke-linecap': 'round' });
  out += el('path', { d: path(1, Math.max(2.8, rim.r * 0.1), 0.16, 0.5), fill: 'none', stroke: '#fff', 'stroke-opacity': 0.2, 'stroke-width': 1.2, 'stroke-linecap': 'round' });
  return out;
}

function drawHandle({ glass }, fill) {
  const [y0, y1, r] = glass.handle, x = CX + r - 1, out = x + 21;
  const d = `M${x} ${y0}C${out} ${y0 - 4} ${out + 1} ${y1 + 2} ${x - 1} ${y1}`;
  if (fill === 'none') return line(d, 0.66, { 'stroke-width': 1.25 }) + line(`M${x} ${y0 + 6}C${out - 6} ${y0 + 3} ${out - 6} ${y1 - 5} ${x - 1} ${y1 - 6}`, 0.5);
  return el('path', { d, fill: 'none', stroke: fill, 'stroke-width': 6, 'stroke-linecap': 'round' }) + el('path', { d, fill: 'none', stroke: '#fff', 'stroke-opacity': 0.3, 'stroke-width': 1.4, 'stroke-linecap': 'round', transform: 'translate(-1.2 -1)' });
}

function drawMetal(ctx) {
  const { rim, glass, floor, bowl } = ctx, m = METALS[glass.metal];
  const body = `${ctx.inside}A${f(rim.r)} ${f(rim.ry)} 0 0 1 ${f(CX - rim.r)} ${rim.y}Z`;
  const skin = gradient(ctx, 's', m.stops.map((c, i) => [[0, 0.16, 0.3, 0.52, 0.8, 1][i], c]));
  let out = glass.handle ? drawHandle(ctx, m.stops[3]) : '';
  out += el('path', { d: body, fill: skin }) + el('path', { d: body, fill: gradient(ctx, 't', [[0, '#fff', 0.1], [0.5, '#000', 0], [1, '#000', 0.28]], true) });
  const band = (y, o = 0.3, w = 1) => { const r = halfWidth(bowl, y) - 0.4; return el('path', { d: `M${f(CX - r)} ${y}A${f(r)} ${f(r * TILT)} 0 0 0 ${f(CX + r)} ${y}`, fill: 'none', stroke: m.lip, 'stroke-opacity': o, 'stroke-width': w }); };
  if (glass.metal === 'silver') out += band(rim.y + 7, 0.5) + band(rim.y + 10, 0.25) + band(floor - 14, 0.4);
  if (glass.metal === 'copper') out += band(rim.y + 4.5, 0.3);
  if (glass.metal === 'clay') {
    for (const y of [112, 154]) out += band(y - 4, 0.2) + band(y, 0.55, 1.3) + band(y + 4, 0.2);
    const cut = (x, y, h, o) => { const r = halfWidth(bowl, y), dip = Math.sqrt(1 - x * x) * r * TILT; return el('path', { d: `M${f(CX + x * r)} ${f(y + dip)}v${h}`, stroke: m.lip, 'stroke-opacity': o, 'stroke-width': 1.5, 'stroke-linecap': 'round' }); };
    [-0.62, -0.36, 0, 0.36, 0.62].forEach((x, i) => { out += cut(x, 84, i % 2 ? 10 : 16, 0.42) + cut(x, 124, i % 2 ? 18 : 11, 0.42) + cut(x, 166, i % 2 ? 9 : 14, 0.36); });
  }
  out += el('path', { d: `M${f(CX - rim.r)} ${rim.y}A${f(rim.r)} ${f(rim.ry)} 0 0 0 ${f(CX + rim.r)} ${rim.y}`, fill: 'none', stroke: m.lip, 'stroke-opacity': 0.9, 'stroke-width': 1.4 });
  return out;
}

function drawRim({ recipe, rim, rnd, small }) {
  const tone = { salt: ['#ffffff', '#dfe6e4'], sugar: ['#fffaf0', '#efe2c4'], cocoa: ['#6b4024', '#4c2a16'] }[recipe.rim] ?? ['#ffffff', '#e4e4dc'];
  let out = el('path', { d: `M${f(CX - rim.r - 1)} ${rim.y}A${f(rim.r + 1)} ${f(rim.ry)} 0 0 0 ${f(CX + rim.r + 1)} ${rim.y}`, fill: 'none', stroke: tone[1], 'stroke-opacity': 0.85, 'stroke-width': 3.4, 'stroke-linecap': 'round' });
  for (let i = 0; i < (small ? 22 : 74); i++) {
    const a = Math.PI * rnd(), j = (rnd() - 0.5) * 3.4;
    out += el('circle', { cx: CX + Math.cos(a) * (rim.r + 1), cy: rim.y + Math.sin(a) * rim.ry + j, r: (small ? 1.1 : 0.6) + rnd() * 0.7, fill: tone[i % 2], stroke: 'var(--dd-ice,#fff)', 'stroke-opacity': 0.25, 'stroke-width': 0.3 });
  }
  return out;
}

// Garnishes.
const CITRUS = { lemon: ['#e9bf2f', '#f6e08a', '#fff7da'], lime: ['#5f9436', '#c2dc84', '#f2f6dc'], orange: ['#e37f22', '#f8b257', '#fdeecb'], grapefruit: ['#e88a4c', '#f0927d', '#fdeadb'] };
const disc = (R, [rind, flesh, pith], half = false) => {
  const n = half ? 5 : 9, span = half ? Math.PI : Math.PI * 2; let out = half
    ? el('path', { d: `M${-R} 0A${R} ${R} 0 0 1 ${R} 0Z`, fill: rind }) + el('path', { d: `M${-R + 1.5} 0A${R - 1.5} ${R - 1.5} 0 0 1 ${R - 1.5} 0Z`, fill: pith })
    : el('circle', { r: R, fill: rind }) + el('circle', { r: R - 1.5, fill: pith });
  for (let i = 0; i < n; i++) {
    const a = -Math.PI + (i + 0.1) * span / n, b = -Math.PI + (i + 0.9) * span / n, q = R - 2.9, m = (a + b) / 2;
    out += el('path', { d: `M${f(Math.cos(m) * 2)} ${f(Math.sin(m) * 2)}L${f(Math.cos(a) * q)} ${f(Math.sin(a) * q)}A${f(q)} ${f(q)} 0 0 1 ${f(Math.cos(b) * q)} ${f(Math.sin(b) * q)}Z`, fill: flesh, stroke: flesh, 'stroke-width': 1, 'stroke-linejoin': 'round' });
  }
  return out;
};
const leaf = (x, y, turn, s, tone) => group({ transform: `translate(${f(x)} ${f(y)}) rotate(${f(turn)}) scale(${f(s)})` },
  el('path', { d: 'M0 0C7 -4 9 -14 0 -23C-9 -14 -7 -4 0 0Z', fill: tone }) + el('path', { d: 'M0 -1V-20M0 -8L4 -11.5M0 -8L-4 -11.5M0 -13L3 -16M0 -13L-3 -16', fill: 'none', stroke: '#e9f5cf', 'stroke-opacity': 0.4, 'stroke-width': 0.7 }));
const berry = (x, y, r, tone) => el('circle', { cx: x, cy: y, r, fill: tone }) + el('ellipse', { cx: x - r * 0.34, cy: y - r * 0.38, rx: r * 0.28, ry: r * 0.2, fill: '#fff', 'fill-opacity': 0.6 });
const stick = (x0, y0, x1, y1, w, tone, o = 1) => el('path', { d: `M${f(x0)} ${f(y0)}L${f(x1)} ${f(y1)}`, stroke: tone, 'stroke-opacity': o, 'stroke-width': w, 'stroke-linecap': 'round' });
const at = (x, y, turn, body) => group({ transform: `translate(${f(x)} ${f(y)}) rotate(${turn})` }, body);

const GARNISH = [
  [/straw\b/, ({ rim, top, floor, solid }) => { const x0 = CX - rim.r * 0.1, x1 = CX - rim.r * 0.5, y0 = Math.min(floor - 8, top.y + 74), y1 = rim.y - 34; return { back: stick(x0, solid ? rim.y + 3 : y0, x1, y1, 4.6, '#c9bda6') + stick(x0 - 1, solid ? rim.y + 2 : y0, x1 - 1, y1 + 1, 1.3, '#fff', 0.55) }; }],
  [/(mint|basil|sage)/, ({ rim, solid, recipe }) => { const x = CX + rim.r * 0.3, y = rim.y + (solid || recipe.ice === 'crushed' ? -4 : 4), t = ['#3f7a3d', '#5c9a4a', '#78b35c', '#4b8a44', '#68a552']; return { back: [[-58, 0.78], [52, 0.82], [-28, 1.02], [26, 1.05], [0, 1.22]].map(([a, s], i) => leaf(x + a / 14, y, a, s, t[i])).join('') }; }],
  [/(rosemary|thyme|dill)/, ({ rim }) => { let b = stick(0, 12, 0, -36, 1.4, '#6d7b4f'); for (let i = 0; i < 12; i++) b += stick(0, 4 - i * 3.4, (i % 2 ? 6 : -6) * (1 - i / 26), -1 - i * 3.4, 1.7, i % 3 ? '#6f9160' : '#8cab78'); return { back: at(CX + rim.r * 0.45, rim.y + 4, 16, b) }; }],
  [/celery/, ({ rim }) => ({ back: at(CX + rim.r * 0.25, rim.y + 50, 7, el('path', { d: 'M-5 0L-4 -84Q0 -88 5 -84L5 0Z', fill: '#a9c46c' }) + stick(-1, 0, 0, -82, 1, '#dbe8b0', 0.8) + leaf(-3, -80, -34, 0.8, '#6f9c3f') + leaf(2, -82, 4, 0.95, '#82ad4c') + leaf(5, -80, 38, 0.75, '#5f8f39')) })],
  [/cucumber/, ({ rim, floor, top }) => ({ inside: el('path', { d: `M${f(CX + rim.r * 0.5)} ${f(top.y - 8)}C${f(CX - rim.r)} ${f(top.y + 18)} ${f(CX + rim.r * 1.1)} ${f(top.y + 40)} ${f(CX - rim.r * 0.3)} ${f(Math.min(floor - 12, top.y + 70))}`, fill: 'none', stroke: '#cfe3a8', 'stroke-opacity': 0.75, 'stroke-width': 9 }) + el('path', { d: `M${f(CX + rim.r * 0.5)} ${f(top.y - 8)}C${f(CX - rim.r)} ${f(top.y + 18)} ${f(CX + rim.r * 1.1)} ${f(top.y + 40)} ${f(CX - rim.r * 0.3)} ${f(Math.min(floor - 12, top.y + 70))}`, fill: 'none', stroke: '#5d8f3c', 'stroke-opacity': 0.5, 'stroke-width': 1, transform: 'translate(4 0)' }) })],
  [/pineapple/, ({ rim }) => ({ back: [[-16, 0.9], [8, 1.1], [30, 0.9]].map(([a, s]) => at(CX + rim.r * 0.66, rim.y - 8, a, el('path', { d: `M-4 0L0 ${f(-36 * s)}L4 0Z`, fill: a ? '#5f8f45' : '#79a85a' }))).join(''), front: at(CX + rim.r * 0.78, rim.y - 3, 24, el('path', { d: 'M-13 9L0 -15L13 9Q0 14 -13 9Z', fill: '#f2cd52' }) + el('path', { d: 'M-13 9Q0 14 13 9', fill: 'none', stroke: '#a8772b', 'stroke-width': 3, 'stroke-linecap': 'round' }) + el('path', { d: 'M0 -9L-6 8M0 -9L6 8M0 -9V9', stroke: '#d9a936', 'stroke-width': 0.8, fill: 'none' })) })],
  [/(lemon|lime|orange|grapefruit)\s+(wheel)/, ({ rim }, [, fruit]) => ({ front: at(CX + rim.r * 0.86, rim.y - 4, 12, disc(14.5, CITRUS[fruit])) })],
  [/(lemon|lime|orange|grapefruit)\s+(slice|half)/, ({ top }, [, fruit]) => ({ back: at(CX + top.r * 0.44, top.y + 2, 24, disc(Math.min(19, top.r * 0.56), CITRUS[fruit], true)) })],
  [/(lemon|lime|orange|grapefruit)\s+(wedge)/, ({ rim }, [, fruit]) => ({ front: at(CX + rim.r * 0.86, rim.y - 1, 118, disc(14, CITRUS[fruit], true)) })],
  [/(lemon|lime|orange|grapefruit)\s*(twist|peel|zest|coin)?/, ({ rim }, [, fruit]) => {
    const [rind, flesh, pith] = CITRUS[fruit]; // one ribbon, folded once over the rim: inner side pale, outer side rind
    return { front: at(CX + rim.r * 0.8, rim.y - 2, 6, el('path', { d: 'M-9 -10C-2 -17 8 -15 9 -6C10 2 4 7 5 15L10 17C11 8 16 2 14 -8C12 -20 -4 -23 -13 -14Z', fill: pith })
      + el('path', { d: 'M-13 -14C-4 -23 12 -20 14 -8C14.600 -4 14 -1 13 2C12 -6 8 -13 0 -13.500C-4 -13.700 -7 -12 -9 -10Z', fill: rind })
      + el('path', { d: 'M5 15C4 7 10 2 13 2C12 7 10 11 10 17C9 22 5 26 0 27L-2 23C2 22 5 19 5 15Z', fill: rind }) + el('path', { d: 'M-9 -13C-2 -19 8 -18 11 -10', fill: 'none', stroke: flesh, 'stroke-width': 1, 'stroke-linecap': 'round', 'stroke-opacity': 0.8 })) };
  }],
  [/(olive|onion)/, ({ rim, top }, [, what], n) => { const c = what === 'olive' ? '#8d9a3e' : '#f3ead6', x1 = CX + rim.r * 1.08, y1 = rim.y - 9, x0 = CX - rim.r * 0.22, y0 = top.y + 15; let b = stick(x0, y0, x1, y1, 1.1, '#d9cfb8'); for (let i = 0; i < n; i++) { const t = 0.16 + i * 0.2, x = lerp(x0, x1, t), y = lerp(y0, y1, t); b += at(x, y, -28, ellipse(0, 0, 7, 5.6, { fill: c }) + ellipse(-2, -2, 2.4, 1.4, { fill: '#fff', 'fill-opacity': 0.45 }) + (what === 'olive' ? el('circle', { cx: 5.4, cy: 0, r: 1.9, fill: '#c4472e' }) : '')); } return { front: b }; }],
  [/cherr/, ({ rim, top, floor, glass }) => glass.base !== 'stem' || floor - rim.y > 90
    ? { front: at(CX + rim.r * 0.3, rim.y - 3, 0, stick(-17, 12, 20, -12, 1, '#d9cfb8') + berry(0, 0, 6.6, '#8f1128')) }
    : { front: el('path', { d: `M${f(CX + 5)} ${f(top.y + 9)}C${f(CX + 12)} ${f(top.y - 8)} ${f(CX + 16)} ${f(rim.y - 12)} ${f(CX + 26)} ${f(rim.y - 18)}`, fill: 'none', stroke: '#7d5a3a', 'stroke-width': 1.2, 'stroke-linecap': 'round' }) + berry(CX + 3, top.y + 13, 6.8, '#7c0d22') }],
  [/(blackberr|raspberr|strawberr|berries|cranberr)/, ({ rim }, [what]) => { const c = /black/.test(what) ? ['#3a1234', '#54204a'] : /straw/.test(what) ? ['#cf2d38', '#dd4a4f'] : ['#b81c48', '#d13a63']; let b = ''; [[0, 0], [-3.4, 2.4], [3.4, 2.4], [-3.4, -2.6], [3.4, -2.6], [0, 5], [0, -4.6]].forEach(([x, y], i) => { b += el('circle', { cx: x, cy: y, r: 3, fill: c[i % 2] }) + el('circle', { cx: x - 0.9, cy: y - 0.9, r: 0.7, fill: '#fff', 'fill-opacity': 0.5 }); }); return { front: at(CX + rim.r * 0.36, rim.y - 3, 12, b) }; }],
  [/(nutmeg|cinnamon dust|cocoa|chocolate|pepper)/, ({ top, rnd, small }) => { let b = ''; for (let i = 0; i < (small ? 9 : 34); i++) { const a = rnd() * 6.28, k = Math.sqrt(rnd()) * 0.74; b += el('circle', { cx: CX + Math.cos(a) * top.r * k, cy: top.y + Math.sin(a) * top.ry * k, r: (small ? 1 : 0.5) + rnd() * 0.5, fill: '#7a4a24', 'fill-opacity': 0.85 }); } return { inside: b }; }],
  [/bitters|drops/, ({ top }) => ({ inside: [[-0.34, 0.1], [0.02, 0.3], [0.36, 0.02]].map(([x, y]) => ellipse(CX + x * top.r, top.y + y * top.ry, 3.4, 1.2, { fill: '#a2401f' })).join('') })],
  [/bean/, ({ top }) => ({ inside: [[-7, -0.6, -18], [6, -1, 24], [0, 1.9, 4]].map(([x, y, a]) => at(CX + x, top.y + y, a, ellipse(0, 0, 4.8, 2.2, { fill: '#3a1a0c' }) + el('path', { d: 'M-4 0Q0 1.2 4 0', fill: 'none', stroke: '#9a6a44', 'stroke-width': 0.6 }))).join('') })],
  [/cinnamon/, ({ rim, top }) => ({ back: stick(CX + rim.r * 0.1, top.y + 26, CX + rim.r * 0.7, rim.y - 24, 6, '#8a5027') + stick(CX + rim.r * 0.1 - 1, top.y + 26, CX + rim.r * 0.7 - 1, rim.y - 24, 1.4, '#c98f5c', 0.8) })],
  [/(flower|viola|lavender)/, ({ top }) => ({ front: at(CX + top.r * 0.24, top.y, 0, [0, 72, 144, 216, 288].map((a) => at(0, 0, a, ellipse(0, -4, 2.6, 4, { fill: a % 144 ? '#b79ad6' : '#9b7cc4' }))).join('') + el('circle', { r: 1.8, fill: '#f0c84a' })) })],
  [/(ginger|apple|pear|peach)/, ({ rim }, [what]) => { const c = what === 'ginger' ? '#e4be7a' : what === 'peach' ? '#f0a868' : '#efe3b8'; return { front: [-16, 0, 16].map((a) => at(CX + rim.r * 0.8, rim.y + 6, a + 14, el('path', { d: 'M-2 0C-7 -8 -5 -18 0 -22C4 -17 5 -8 2 0Z', fill: c, stroke: what === 'apple' ? '#b8332c' : '#c89a52', 'stroke-width': 0.9 }))).join('') }; }],
];

function drawGarnish(ctx) {
  const out = { back: '', inside: '', front: '' };
  if (!ctx.solid && ctx.recipe.ingredients.some((i) => /mint|basil/.test(i.name) && i.unit === 'leaf')) for (let i = 0; i < 5; i++) {
    const y = lerp(ctx.top.y + 30, ctx.floor - 8, ctx.rnd()), r = halfWidth(ctx.bowl, y) - 10;
    out.inside += group({ opacity: 0.72 }, leaf(CX + (ctx.rnd() * 2 - 1) * r, y, ctx.rnd() * 300, 0.66, i % 2 ? '#4f8a44' : '#6aa653'));
  }
  for (const text of ctx.recipe.garnish ?? []) {
    const words = text.toLowerCase(), hit = GARNISH.find(([re]) => re.test(words));
    if (!hit) continue;
    const many = /three|3/.test(words) ? 3 : /two|2/.test(words) ? 2 : 1;
    for (const [where, svg] of Object.entries(hit[1](ctx, words.match(hit[0]), many))) out[where] += svg;
  }
  return out;
}
