// @ts-check
// What a drawing knows of ingredients: their colour, how they mix, what floats on what. Any name is answered, in
// English or Spanish; one that nobody knows gets a calm colour of its kind.
//
// A row below is: words | colour | tint | cloud | kinds
//   words   all of them stand in the name, in any order; the row with the most letters wins
//   tint    0 colourless, 1 stains everything
//   cloud   0 clear, 1 milk
//   kinds   s spirit, l liqueur, y syrup (they lie in this order, the lightest on top), c cream (on top of all),
//           f fizzy, e foams when shaken, g only where nothing else is known of it
const ROWS = `
gin|e8efe9|.02|0|s
old tom gin|efe9c8|.06|0|s
sloe gin|a3183a|.7|0|l
pink gin|f0b8bd|.25|0|s
vodka|eef2f2|.01|0|s
aquavit|efe6bd|.1|0|s
rum|d9a85a|.22|0|sg
white rum|eef0e8|.02|0|s
light rum|eef0e8|.02|0|s
gold rum|d9993c|.3|0|s
aged rum|c27a2a|.38|0|s
amber rum|c27a2a|.38|0|s
jamaican rum|b5671f|.42|0|s
demerara rum|8c4518|.55|0|s
dark rum|6e3313|.6|0|s
black rum|4f2410|.7|0|s
goslings rum|4f2410|.7|0|s
spiced rum|c07a32|.38|0|s
white overproof rum|eef0e8|.02|0|s
coconut rum|f2f0e6|.03|.02|s
agricole rhum|efeedc|.04|0|s
rhum|c27a2a|.34|0|sg
molasses rhum|8c4518|.5|0|s
tequila|efeede|.04|0|s
reposado|e2b765|.22|0|s
aged tequila|cf9440|.3|0|s
mezcal|eeeada|.04|0|s
cachaca|f0efdd|.04|0|s
pisco|f2efdc|.03|0|s
aguardiente|f0eedd|.03|0|s
grappa|f0efe4|.02|0|s
arrack|e0c27c|.14|0|s
punsch|e0b45c|.2|0|l
bourbon|c4701f|.42|0|s
rye|bb651c|.42|0|s
scotch|cf8a2f|.36|0|s
islay|d69a44|.3|0|s
lagavulin|c98a34|.36|0|s
whisky|c9792a|.4|0|sg
whiskey|c9792a|.4|0|sg
cognac|b9621f|.42|0|s
armagnac|b05c1d|.44|0|s
brandy|bd6a22|.4|0|sg
pear brandy|efebd8|.04|0|s
plum brandy|ecdfae|.1|0|s
apricot brandy|dd8a34|.4|0|l
cherry brandy|7a0f22|.75|0|l
calvados|cb8432|.36|0|s
apple brandy|cb8432|.36|0|s
absinthe|bccf6c|.4|.1|s
pastis|e2dc8c|.3|.15|s
pernod|e2dc6c|.4|.12|s
ouzo|f2f2ea|.05|.1|s
sake|f0efe2|.03|0|
soju|f2f4f2|.01|0|s
shochu|f2f4f2|.01|0|s
triple sec|f3ecd9|.03|0|l
cointreau|f3ecd9|.03|0|l
marnier|d08a3a|.28|0|l
curacao|e08a2a|.26|0|lg
dry curacao|d68c34|.24|0|l
blue curacao|1c7fc4|.85|0|l
maraschino|f0eeea|.02|0|l
campari|cf1f24|.85|0|l
sanbitter|d8262a|.8|0|f
aperol|f0622b|.62|0|l
bitter|cf1f24|.8|0|lg
select|c93a2a|.7|0|l
vermouth|c79a4a|.3|0|g
sweet vermouth|7a2416|.62|0|
red vermouth|7a2416|.62|0|
torino|7a2416|.62|0|
dry vermouth|e9e3b4|.1|0|
white vermouth|eee6bd|.08|0|
bianco vermouth|eee6bd|.08|0|
blanc vermouth|eee6bd|.08|0|
cocchi|efdf9c|.18|0|
lillet|f0d78a|.2|0|
rose lillet|eea58a|.35|0|
red lillet|8a1c28|.6|0|
quina|b9603a|.4|0|
sherry|c78a3c|.32|0|
fino|efe3ae|.1|0|
port|6a1226|.8|0|
madeira|a65a24|.5|0|
pimm|8a3a1a|.6|0|l
chartreuse|b5c648|.4|0|l
green chartreuse|a9bf3c|.42|0|l
yellow chartreuse|e6c83c|.42|0|l
benedictine|d08e2a|.36|0|l
drambuie|cc8a2c|.36|0|l
strega|e8c634|.42|0|l
italicus|f0e6a8|.12|0|l
amaretto|a65a1c|.45|0|l
frangelico|d3a35a|.28|0|l
walnut|4c2a14|.8|0|l
galliano|f2cf2e|.45|0|l
limoncello|f4dd4c|.5|.4|l
coffee liqueur|2a1208|.92|0|l
kahlua|2a1208|.92|0|l
tia maria|2a1208|.92|0|l
irish cream|c9a27c|.8|1|l
bailey|c9a27c|.8|1|l
advocaat|f3c84e|.8|1|l
cassis|4f0d2b|.9|0|l
mure|5a0f33|.85|0|l
framboise|8a1238|.8|0|l
raspberry liqueur|8a1238|.8|0|l
chambord|5f0d30|.85|0|l
strawberry liqueur|c01c2e|.75|0|l
menthe|2f9d63|.75|0|l
creme mint|2f9d63|.75|0|l
mint liqueur|2f9d63|.75|0|l
white menthe|f1f4ee|.02|0|l
violette|8b78c8|.62|0|l
cacao|4a2413|.8|0|l
white cacao|f1eee6|.02|0|l
banana liqueur|f0d660|.35|0|l
banane|f0d660|.35|0|l
elderflower liqueur|f1ecc0|.1|0|l
st germain|f1ecc0|.1|0|l
passoa|c4203c|.6|.1|l
peach liqueur|f3bd72|.3|0|l
schnapps|f3dca8|.12|0|lg
peach schnapps|f3d09a|.18|0|l
melon liqueur|6dbd35|.75|0|l
midori|6dbd35|.75|0|l
pamplemousse|f2a68e|.3|0|l
cherry liqueur|7a0f22|.8|0|l
heering|6a0c1e|.85|0|l
falernum|efe3b0|.12|.2|y
allspice|6b3417|.7|0|l
amaro|54210f|.72|0|l
nonino|a85a22|.5|0|l
montenegro|b5642a|.5|0|l
amer picon|5f2a14|.7|0|l
fernet|38180c|.8|0|l
jagermeister|3a180c|.82|0|l
cynar|4a2110|.75|0|l
suze|ead34a|.4|0|l
lime|d5df92|.26|.55|
lime cordial|bfd460|.34|.25|y
lemon|f2e7a0|.26|.5|
orange|f7a623|.55|.8|
blood orange|e2452a|.7|.75|
mandarin|f58f1c|.6|.8|
grapefruit|f5a083|.4|.65|
yuzu|f0dd7e|.3|.5|
pineapple|f3d566|.42|.75|e
cranberry|b9142f|.62|.1|
tomato|b52a17|.95|1|
apple|dca648|.3|.15|
cider apple|d89a34|.34|.1|
pear|e9d9a0|.25|.4|
passion fruit|f2b01f|.55|.6|
passionfruit|f2b01f|.55|.6|
mango|f6a51f|.7|.9|
guava|f08a7c|.6|.8|
apricot|f2a24a|.5|.5|
peach|f4ae6a|.6|.85|
banana|f2e2a0|.6|.9|
kiwi|9fbf3a|.6|.6|
melon|bcd884|.4|.5|
strawberry|d8293c|.8|.6|
raspberry|c41d47|.8|.35|
blackberry|4d1233|.85|.3|
blueberry|4a2a6a|.85|.3|
berry|8e1a4a|.8|.35|g
cherry|8a1026|.8|.1|
pomegranate|b3122e|.7|.1|
grape|7d8a3a|.3|.2|
plum|6a1a3c|.7|.2|
fig|7a3440|.6|.4|
rhubarb|e88a8c|.45|.2|
watermelon|ee5a5f|.5|.5|
beet|7a0f3a|.95|.3|
carrot|ee7a1c|.9|.9|
cucumber|bcd79a|.14|.2|
celery|c3d69a|.14|.2|g
coconut|fbf8f0|.9|1|e
coconut water|f4f4ee|.02|.06|
coconut syrup|f6f2e6|.4|.8|y
cream|f8efe0|.9|1|cg
creme|f8efe0|.9|1|cg
ice cream|f6e9cc|.9|1|
milk|faf6ee|.85|1|g
oat|efe6d2|.8|1|
yogurt|faf7f0|.9|1|
egg white|faf5ea|.06|.3|e
egg yolk|f4b93b|.6|.9|e
egg|f6d58c|.5|.9|e
aquafaba|f7f2e4|.05|.25|e
espresso|2b1308|1|.2|e
cold brew|2e160c|.95|0|
coffee|2e160c|.95|0|g
tea|b8651f|.4|0|g
green tea|c9c470|.25|.05|
matcha|7fa046|.8|.8|
hibiscus|a8153a|.75|0|
chamomile|ecd272|.2|0|y
chocolate|54301c|.95|1|g
water|f2f5f3|.01|0|g
rose water|f4ecec|.01|0|
soda|f2f5f3|.01|0|fg
soda water|f2f5f3|.01|0|f
seltzer|f2f5f3|.01|0|f
sparkling|f2f5f3|.01|0|fg
tonic|eef4f4|.01|0|f
ginger beer|ecd9a0|.14|.3|f
ginger ale|e6c078|.16|0|f
cola|2c1207|.9|0|f
root beer|3a1a0c|.85|0|f
lemonade|f3edba|.1|.25|f
sprite|f2f5f0|.01|0|f
grapefruit soda|f6c4ae|.28|.2|f
orange soda|f79a2a|.5|.3|f
lemon soda|f3edba|.1|.2|f
bitter lemon|eeeab4|.1|.3|f
kombucha|d9a04a|.25|.2|f
energy drink|e6d23c|.3|0|f
prosecco|f2dfa0|.16|0|f
champagne|f0d793|.18|0|f
cava|f0dc9a|.16|0|f
sparkling wine|f0d793|.18|0|f
cider|dca33c|.3|.05|fg
beer|dd9a2a|.36|.1|fg
lager|e6b43a|.36|.04|f
stout|1d0d06|1|.1|f
wine|8e2136|.6|0|g
red wine|5d0f22|.85|0|
white wine|efdf9f|.16|0|
rose wine|f0a79a|.35|0|
sugar|f3f0e4|.01|0|yg
demerara|c98c45|.12|0|y
brown sugar|b5712a|.2|0|y
cane|e6ddb0|.1|.2|yg
syrup|eddcb4|.06|.04|yg
simple syrup|f3f0e4|.01|0|y
sugar syrup|f3f0e4|.01|0|y
agave|e9c779|.06|0|y
honey|e6a834|.14|.1|y
maple|b5651d|.3|0|y
vanilla|e9c98a|.06|0|y
cinnamon|b06a35|.2|0|y
orgeat|f1e6d0|.3|.8|y
almond|f1e6d0|.3|.7|y
grenadine|c1122f|.9|0|y
raspberry syrup|c41d47|.8|.05|y
strawberry syrup|d8293c|.75|.1|y
rose syrup|ec7a8c|.4|0|y
elderflower|f0eab4|.08|0|y
ginger|e8cf8c|.1|.2|
ginger syrup|e8cf8c|.1|.2|y
marmalade|ea8a1c|.5|.3|y
donn mix|f0b48c|.3|.3|y
donn|b5652d|.3|.1|y
angostura|7a2410|1|0|
peychaud|c3173a|1|0|
bitters|7a2410|1|0|g
orange bitters|c9702a|.8|0|
grapefruit bitters|d98a5a|.6|0|
mole bitters|4c2413|1|0|
worcestershire|3a1a0c|1|0|
soy|2c1408|1|0|
tabasco|c22a15|.8|.2|
hot sauce|c22a15|.8|.2|
chili|c2301c|.3|.05|
brine|cfd3a0|.14|.4|g
salt|f4f4f0|0|0|
saline|f2f4f2|0|0|
pepper|5a4a3a|.05|.05|g
flower water|f4f0e4|.01|0|
rouge lillet|8a1c28|.6|0|
clove|8a4f2a|.1|.05|
anise|c9a86a|.06|.02|
licorice|3a2418|.3|.1|
pelinkovac|6b4a1c|.6|0|l
teranino|5d1030|.8|0|l
mint|9fc37a|.05|0|
basil|8fbf62|.08|.05|
cilantro|8fbf62|.08|.05|
charcoal|15161a|1|.4|
juice|f0c870|.35|.55|g
puree|eeb07a|.5|.8|g
liqueur|d79b54|.3|0|lg
cordial|e6d79a|.15|.1|yg
shrub|d98a6a|.35|.1|yg
vinegar|c9a15a|.2|0|g`;

// Spanish for what matters to a picture; names of brands are the same everywhere.
const SPANISH = `ron rum,ginebra gin,coñac cognac,whiski whisky,lima lime,limon lemon,naranja orange,
mandarina mandarin,
pomelo grapefruit,toronja grapefruit,zumo juice,jugo juice,jarabe syrup,sirope syrup,almibar syrup,azucar sugar,
agua water,cafe coffee,expreso espresso,nata cream,crema creme,leche milk,avena oat,helado ice cream,hierbabuena mint,
menta mint,cerveza beer,vermut vermouth,vino wine,tinto red,rojo red,roja red,rosado rose,rosa rose,blanco white,
blanca white,licor liqueur,anejo aged,viejo aged,oscuro dark,negro black,dorado gold,seco dry,dulce sweet,verde green,
amarillo yellow,azul blue,jengibre ginger,miel honey,arce maple,pina pineapple,anana pineapple,arandano cranberry,
fresa strawberry,frambuesa raspberry,mora blackberry,zarzamora blackberry,melocoton peach,durazno peach,
manzana apple,pera pear,platano banana,granada pomegranate,granadina grenadine,maracuya passionfruit,
tomate tomato,uva grape,ciruela plum,higo fig,sandia watermelon,remolacha beet,zanahoria carrot,clara white,
huevo egg,yema yolk,apio celery,pepino cucumber,romero rosemary,albahaca basil,tomillo thyme,salvia sage,
canela cinnamon,nuez nutmeg,cereza cherry,guinda cherry,aceituna olive,oliva olive,cebolla onion,cebollita onion,
cebolleta onion,sal salt,pimienta pepper,chile chili,guindilla chili,rodaja wheel,rueda wheel,gajo wedge,cuna wedge,
media half,piel peel,cascara peel,corteza peel,ralladura peel,espiral twist,grano bean,hoja leaf,rama sprig,
ramita sprig,palito stick,pajita straw,popote straw,flor flower,borde rim,escarchado rim,coco coconut,almendra almond,
te tea,gaseosa soda,refresco soda,limonada lemonade,sidra cider,sauco elderflower,vainilla vanilla,
cachaza cachaca,dos two,tres three,abanico fan,palillo pick,brocheta pick,espumoso sparkling,caramelizado candied,
amargo bitter,angosturas angostura,tonica tonic,gotas drops,manzanilla chamomile`;

/**
 * Text without accents and capitals; of what is no text, none.
 * @param {unknown} text
 */
export const fold = (text) => (typeof text === "string" || typeof text === "number" ? `${text}` : "").slice(0,
  4000).normalize("NFD").replace(/[\u0300-\u036f]/g, "")
  .toLowerCase();

const ENGLISH = new Map(SPANISH.split(",").map((pair) => {
  const [from, ...to] = fold(pair.trim()).split(" ");
  return /** @type {const} */ ([from, to.join(" ")]);
}));

/** "Cherries" is said as "cherry"; bitters and Campari-like bitter are two things. */
function single(/** @type {string} */ word) {
  if (word.length < 4 || !word.endsWith("s")) return word;
  if (/^(bitters|cassis|molasses|swiss|pastis|grass)$|ss$/.test(word)) return word;
  return word.replace(/^leaves$/, "leaf").replace(/^hojas$/, "hoja").replace(/ies$/, "y").replace(/([^s])s$/, "$1");
}

/**
 * A text in plain English words: no accents, no plurals.
 * @param {unknown} text
 */
export const plain = (text) => fold(text).split(/[^a-z0-9]+/).filter(Boolean)
  .map((word) => ENGLISH.get(single(word)) ?? single(word)).join(" ");

/**
 * @typedef {{hex: string, rgb: number[], tint: number, cloud: number, fizz: boolean, foam: boolean, weight: number}}
 *   Facts `weight`: what is lighter floats
 */

const WEIGHT = { s: 0.94, l: 1.1, y: 1.3, c: 0.9 };
const READY = ROWS.trim().split("\n").map((row) => {
  const [name, hex, tint, cloud, kinds] = row.split("|");
  const words = name.split(" ").map(single);
  // A spirit counts for more than what flavours it, and a generic word for less than anything.
  const score = words.join("").length + words.length + (/s/.test(kinds) ? 4 : 0) - (/g/.test(kinds) ? 20 : 0);
  return { words, score, facts: factsOf(hex, +tint, +cloud, kinds) };
}).sort((a, b) => b.score - a.score);

function factsOf(/** @type {string} */ hex, /** @type {number} */ tint, /** @type {number} */ cloud, kinds = "") {
  const weight = WEIGHT[/** @type {"s"} */ (/[slyc]/.exec(kinds)?.[0])] ?? 1;
  return { hex: "#" + hex, rgb: rgb(hex), tint, cloud, fizz: kinds.includes("f"), foam: kinds.includes("e"), weight };
}

/** @type {Map<string, Facts>} */
const known = new Map();

/**
 * What is known of an ingredient.
 * @param {unknown} name @returns {Facts}
 */
export function ingredientColour(name) {
  const key = fold(name).slice(0, 200);
  let facts = known.get(key);
  if (!facts) {
    if (known.size > 2000) known.clear();
    known.set(key, facts = look(key));
  }
  return facts;
}

function look(/** @type {string} */ name) {
  const words = new Set(plain(name).split(" "));
  const row = READY.find((one) => one.words.every((word) => words.has(word)));
  // Nobody knows it: amber to rose, pale, always the same for the same name.
  return row?.facts ?? factsOf(hex(hsl(18 + (hash(fold(name)) % 34), 0.42, 0.6)).slice(1), 0.16, 0.06);
}

export function rgb(/** @type {string} */ text) {
  const value = parseInt(text.replace("#", ""), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const hex = (/** @type {number[]} */ colour) => "#" + colour
  .map((part) => Math.round(Math.max(0, Math.min(255, part))).toString(16).padStart(2, "0")).join("");

function hsl(/** @type {number} */ h, /** @type {number} */ s, /** @type {number} */ l) {
  return [0, 8, 4].map((k) => {
    const m = (k + h / 30) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(m - 3, 9 - m, 1)));
  });
}

export function hash(/** @type {string} */ text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}
