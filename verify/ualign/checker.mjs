/**
 * The second checker of certificates of the format `ualign/1`: plain JavaScript with BigInt and no
 * dependency, for Node and for browsers.
 *
 *     node verify/ualign/checker.mjs [--max-{bytes,depth,digits,work}=N]... FILE...
 *
 * It is written from SPEC.md, which says what claims state and why what is required suffices, and
 * shares nothing with checker.py but that page. Everything is exact, in integers over common
 * denominators; only logarithms are enclosed. So it takes longer than checker.py where that rounds.
 *
 *   I    refusals and budgets   what ends the work on a claim
 *   II   reading                JSON, rationals, populations, policies: can only refuse
 *   III  numbers                pure functions, exact
 *   IV   kinds                  a function a kind: the only place that decides
 *   V    verdicts               the lines, and the command
 */

// ---- I. Refusals and budgets --------------------------------------------------------------------

const DEFAULTS = { bytes: 1 << 26, depth: 16, digits: 50_000, work: 1e9 };
const DEEPEST = 500; // whatever the budgets: reading calls itself
const LONGEST_TUPLE = 4096;
const LARGEST_REDUCED = 1 << 16; // bits: of more, a failed relation's sides are only enclosed
const EXIT_CODES = { ACCEPTED: 0, REJECTED: 10, MALFORMED: 11, OVER_BUDGET: 12 };
const FORMAT = "ualign/1";

/** Why a claim, or a whole file, is not accepted. */
class Refusal extends Error {
  constructor(verdict, code, pointer, detail, sides = {}) {
    super(`${verdict} ${code} ${pointer}: ${detail}`);
    Object.assign(this, { verdict, code, pointer, detail, sides });
  }
}

const malformed = (code, pointer, detail) => new Refusal("MALFORMED", code, pointer, detail);

/** What may still be spent; set anew for the reading of a file and for each of its claims. */
let purse = { ...DEFAULTS };

/** Pay for steps before they are taken; a step is about a product of two integers of 512 bits. */
function pay(steps) {
  if (!(steps <= purse.work)) {
    throw new Refusal("OVER_BUDGET", "work", "", "this takes more steps than the budget has");
  }
  purse.work -= steps;
}

/** Steps of a product of two integers of so many bits. */
function product(bits) {
  const pieces = 1 + Math.floor(bits / 512);
  return pieces * (1 + Math.floor(pieces / 16));
}

/** Steps that stand for the memory of so many integers of so many bits. */
const memory = (count, bits) => count * (1 + bits / 8);

/** At least as many bits as the integer has, and at most three more. */
const bitsOf = (x) => 4 * x.toString(16).length;

/** The most bits of any of the integers. */
const mostBits = (numbers) => numbers.reduce((most, x) => Math.max(most, bitsOf(x)), 1);

// ---- II. Reading --------------------------------------------------------------------------------

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** A pointer's token for a key of an object (RFC 6901). */
const token = (key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * A strict reader of JSON. Objects become Maps, integers BigInts, lists Arrays. Floats, integers of
 * more than 18 digits, repeated keys and nesting beyond the budget are refused where they stand.
 */
class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.path = [];
  }

  document() {
    const value = this.value();
    this.skip(SPACE);
    if (this.at < this.text.length) throw this.fault("not-json", "something follows the value");
    return value;
  }

  fault(code, detail) {
    const pointer = this.path.map((key) => `/${token(key)}`).join("");
    return malformed(code, pointer, `${detail} (at character ${this.at})`);
  }

  /** Take what the pattern matches here: its match, or null. */
  skip(pattern) {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  expect(character) {
    this.skip(SPACE);
    if (this.text[this.at] !== character) throw this.fault("not-json", `expected ${character}`);
    this.at += 1;
  }

  /** Whether the character is next, which is then taken. */
  next(character) {
    this.skip(SPACE);
    const found = this.text[this.at] === character;
    if (found) this.at += 1;
    return found;
  }

  value() {
    pay(100); // a value takes up to 200 bytes of memory
    this.skip(SPACE);
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === "{" || first === "[") {
      if (this.path.length >= Math.min(purse.depth, DEEPEST)) {
        const detail = `nested more than ${this.path.length} deep`;
        throw new Refusal("OVER_BUDGET", "depth", "", detail);
      }
      this.at += 1;
      return first === "{" ? this.object() : this.list();
    }
    const number = this.skip(NUMBER);
    if (number) return this.integer(number);
    const word = this.skip(WORD);
    if (!word) throw this.fault("not-json", "expected a value");
    const known = { true: true, false: false, null: null };
    if (word[0] in known) return known[word[0]];
    throw this.fault("float", word[0]);
  }

  integer([text, fraction, exponent]) {
    if (fraction || exponent) throw this.fault("float", "a number that is not an integer");
    if (text.replace("-", "").length > 18) throw this.fault("too-long", "more than 18 digits");
    return BigInt(text);
  }

  string() {
    this.expect('"');
    let text = "";
    for (;;) {
      text += this.skip(PLAIN)[0];
      const stop = this.text[this.at];
      this.at += 1;
      if (stop === '"') return text;
      if (stop !== "\\") throw this.fault("not-json", "a string does not end, or holds a control");
      const escape = this.text[this.at];
      this.at += 1;
      if (escape === "u") {
        const code = this.skip(/[0-9a-fA-F]{4}/y);
        if (!code) throw this.fault("not-json", "expected four hexadecimal digits");
        text += String.fromCharCode(parseInt(code[0], 16));
      } else if (Object.hasOwn(ESCAPES, escape ?? "")) {
        text += ESCAPES[escape];
      } else {
        throw this.fault("not-json", "an escape that JSON does not have");
      }
    }
  }

  list() {
    const items = [];
    if (this.next("]")) return items;
    do {
      this.path.push(items.length);
      items.push(this.value());
      this.path.pop();
    } while (this.next(","));
    this.expect("]");
    return items;
  }

  object() {
    const entries = new Map();
    if (this.next("}")) return entries;
    do {
      this.skip(SPACE);
      const key = this.string();
      this.path.push(key);
      if (entries.has(key)) throw this.fault("duplicate-key", "a key stands twice");
      this.expect(":");
      entries.set(key, this.value());
      this.path.pop();
    } while (this.next(","));
    this.expect("}");
    return entries;
  }
}

/** A value of the file and its pointer; its methods say what the value has to be. */
class Node {
  constructor(value, pointer) {
    Object.assign(this, { value, pointer });
  }

  fault(code, detail) {
    return malformed(code, this.pointer, detail);
  }

  /** The value itself, if it is what is wanted. */
  wanted(good, what) {
    if (!good) throw this.fault("wrong-type", `expected ${what}`);
    return this.value;
  }

  at(key) {
    return new Node(this.value instanceof Map ? this.value.get(key) : this.value[key],
      `${this.pointer}/${token(key)}`);
  }

  has(key) {
    return this.value instanceof Map && this.value.has(key);
  }

  /** The values of an object that has all of these keys and no other. */
  keys(...names) {
    const found = this.wanted(this.value instanceof Map, "an object");
    for (const name of names) if (!found.has(name)) throw this.fault("missing-key", name);
    for (const key of found.keys()) {
      if (!names.includes(key)) throw this.at(key).fault("unknown-key", "no such key here");
    }
    return Object.fromEntries(names.map((name) => [name, this.at(name)]));
  }

  /** Keys and values of an object whose keys are free. */
  entries() {
    const found = this.wanted(this.value instanceof Map, "an object");
    return [...found.keys()].map((key) => [key, this.at(key)]);
  }

  /** The items of a list, of so many if that is said. */
  items(size) {
    const { length } = this.wanted(Array.isArray(this.value), "a list");
    if (size !== undefined && BigInt(length) !== BigInt(size)) {
      throw this.fault("wrong-size", `expected ${size} items`);
    }
    return this.value.map((_, i) => this.at(i));
  }

  text() {
    return this.wanted(typeof this.value === "string", "a string");
  }

  truth() {
    return this.wanted(typeof this.value === "boolean", "true or false");
  }

  /** An integer from `least`, and below `end` if that is said. */
  integer(least, end) {
    const found = this.wanted(typeof this.value === "bigint", "an integer");
    if (found < least || (end !== undefined && found >= end)) {
      throw this.fault("out-of-range", `expected an integer from ${least}`);
    }
    return found;
  }

  oneOf(...words) {
    if (words.includes(this.text())) return this.value;
    throw this.fault("unknown-value", `expected ${words.join(" or ")}`);
  }

  rational() {
    const parts = /^(-?)(0|[1-9][0-9]*)(?:\/([1-9][0-9]*))?$/.exec(this.text());
    if (!parts) throw this.fault("not-rational", "expected an integer or a fraction");
    if (Math.max(parts[2].length, (parts[3] ?? "").length) > purse.digits) {
      throw new Refusal("OVER_BUDGET", "digits", this.pointer, "too many digits");
    }
    const [size, d] = [BigInt(parts[2]), BigInt(parts[3] ?? 1)];
    if (parts[3] === "1" || (parts[1] && size === 0n) || gcd(size, d) !== 1n) {
      throw this.fault("not-reduced", "not in lowest terms");
    }
    return new Ratio(parts[1] ? -size : size, d);
  }

  positive() {
    const found = this.rational();
    if (found.n <= 0n) throw this.fault("not-positive", "expected a positive number");
    return found;
  }

  /** A response of the population, by its place in the population's list. */
  response(population) {
    return population.place(this, this.text());
  }
}

/** Rationals as integers over a common denominator, which is within the budget of digits. */
function common(rationals) {
  let denominator = 1n;
  for (const { d } of rationals) {
    if (denominator % d !== 0n) denominator *= d / gcd(denominator, d);
    if (bitsOf(denominator) > 4 * purse.digits) {
      throw new Refusal("OVER_BUDGET", "digits", "", "a common denominator has too many digits");
    }
  }
  pay(memory(rationals.length, bitsOf(denominator)));
  return { numerators: rationals.map(({ n, d }) => n * (denominator / d)), denominator };
}

/** As `common`, for positive rationals that have to sum to 1. */
function distribution(node, rationals) {
  const shares = common(rationals);
  if (sum(shares.numerators) !== shares.denominator) throw node.fault("sum", "the sum is not 1");
  return shares;
}

/** All n! rankings, equally likely. */
class UniformRankings {
  constructor(count) {
    Object.assign(this, { count, form: "uniform" });
  }
}

/**
 * Responses and users. `kinds` are the distinct users: `classes` lists places of responses,
 * `classOf` the class of each response, `above(c, d)` says whether class c is known to be above
 * class d, and `weight` is an integer out of `total`. `users` has the kind of each user. Of users
 * who pick by chance there are `strengths` instead. `form` says which of these the users are.
 */
class Population {
  constructor(node) {
    const { responses, users } = node.keys("responses", "users");
    this.places = new Map();
    for (const item of responses.items()) {
      const name = item.text();
      if (/\p{Surrogate}/u.test(name)) throw item.fault("surrogate", "a lone surrogate in a name");
      if (this.places.has(name)) throw item.fault("repeated", "a response stands twice");
      this.places.set(name, this.places.size);
    }
    if (!this.size) throw responses.fault("empty", "no responses");
    const listed = users.items();
    if (!listed.length) throw users.fault("empty", "no users");
    const has = (key) => listed.some((user) => user.has(key));
    this.form = has("luce") ? "strengths" : has("above") ? "partial" : "rankings";
    const read = listed.map((user) => this.user(user));
    const { numerators, denominator } = common(read.map(({ weight }) => weight));
    Object.assign(this, { total: sum(numerators), scale: denominator });
    const kinds = new Map();
    this.users = read.map(({ opinion }, i) => {
      if (!kinds.has(opinion.key)) kinds.set(opinion.key, { ...opinion, weight: 0n });
      const kind = kinds.get(opinion.key);
      kind.weight += numerators[i];
      return kind;
    });
    this.kinds = [...kinds.values()];
    pay(this.users.length * this.size);
  }

  get size() {
    return this.places.size;
  }

  place(node, name) {
    if (!this.places.has(name)) throw node.fault("unknown-response", "no such response");
    return this.places.get(name);
  }

  user(node) {
    const rank = node.has("above") ? ["above", "tied"] : ["ranking"];
    const keys = this.form === "strengths" ? ["luce"] : rank;
    const read = node.keys("weight", ...keys);
    const weight = read.weight.positive();
    if (read.luce) return { weight, opinion: this.strengths(read.luce) };
    return { weight, opinion: read.above ? this.partialOrder(read) : this.weakOrder(read.ranking) };
  }

  /** The strengths of all responses; only their proportions matter. */
  strengths(node) {
    const strengths = Array(this.size).fill(0n);
    for (const [name, item] of node.entries()) {
      const { n, d } = item.positive();
      if (d !== 1n) throw item.fault("out-of-range", "expected a whole number");
      strengths[this.place(item, name)] = n;
    }
    if (strengths.includes(0n)) throw node.fault("incomplete", "a response has no strength");
    const divisor = strengths.reduce(gcd);
    const proportions = strengths.map((x) => x / divisor);
    return { strengths: proportions, key: proportions.join() };
  }

  /** The class of each response that the listed classes hold; nonempty, and each response once. */
  classes(node) {
    const classOf = Array(this.size).fill(-1);
    const classes = node.items().map((tied, c) => {
      const members = tied.items();
      if (!members.length) throw tied.fault("empty", "a class without responses");
      return members.map((member) => {
        const y = member.response(this);
        if (classOf[y] !== -1) throw member.fault("repeated", "a response stands twice");
        classOf[y] = c;
        return y;
      });
    });
    return { classes, classOf };
  }

  weakOrder(node) {
    const { classes, classOf } = this.classes(node);
    if (classOf.includes(-1)) throw node.fault("incomplete", "a response is not ranked");
    return { classes, classOf, above: (c, d) => c < d, key: classOf.join() };
  }

  partialOrder({ above, tied }) {
    const { classes, classOf } = this.classes(tied);
    classOf.forEach((c, y) => {
      if (c === -1) classOf[y] = classes.push([y]) - 1;
    });
    const below = classes.map(() => 0n); // of each class, the classes below it, as bits
    for (const pair of above.items()) {
      const [better, worse] = pair.items(2).map((member) => classOf[member.response(this)]);
      below[better] |= 1n << BigInt(worse);
    }
    pay(classes.length ** 2 * product(classes.length));
    const bit = (set, c) => (set >> BigInt(c)) & 1n;
    classes.forEach((_, through) => {
      below.forEach((set, c) => {
        if (bit(set, through)) below[c] |= below[through];
      });
    });
    if (below.some(bit)) throw above.fault("cycle", "a class is above itself");
    const known = below.map((set) => classes.map((_, d) => bit(set, d) === 1n));
    return { classes, classOf, above: (c, d) => known[c][d], key: `${classOf}|${below}` };
  }
}

function readPopulation(node) {
  if (!node.has("uniform_rankings")) return new Population(node);
  return new UniformRankings(node.keys("uniform_rankings").uniform_rankings.integer(1n));
}

/** The population of a claim, if it is of one of these forms. */
function among(claim, population, ...forms) {
  if (forms.includes(population.form)) return population;
  throw claim.population.fault("population", `this kind is about ${forms.join(" or ")}`);
}

/** The population of a claim, in which all users have to be ranked, by weak orders. */
const ranked = (claim, population) => among(claim, population, "rankings");

/** A product policy: `masses` are integers over `scale`, by response. */
function readMasses(node, population) {
  const entries = node.entries();
  const places = entries.map(([name, mass]) => population.place(mass, name));
  const shares = distribution(node, entries.map(([, mass]) => mass.positive()));
  const masses = Array(population.size).fill(0n);
  places.forEach((y, i) => (masses[y] = shares.numerators[i]));
  return { masses, scale: shares.denominator, support: supportOf(masses) };
}

const supportOf = (masses) => masses.flatMap((mass, y) => (mass ? [y] : []));

/** A tuple as its distinct responses with their multiplicities, `[response, count]`. */
function readTuple(node, size, population) {
  const counts = new Map();
  for (const item of node.items(size)) {
    const y = item.response(population);
    counts.set(y, (counts.get(y) ?? 0) + 1);
  }
  return [...counts];
}

/** Tuples with their chances, which are integers over `scale`. */
function readMixture(node, size, population) {
  const rows = node.items().map((item) => item.items(2));
  const tuples = rows.map(([names]) => readTuple(names, size, population));
  const shares = distribution(node, rows.map(([, share]) => share.positive()));
  return { tuples, shares: shares.numerators, scale: shares.denominator };
}

/** Multiplicities that are assigned to random responses. */
function readRandomSubset(node, size, { count }) {
  const { random_subset: list } = node.keys("random_subset");
  const multiplicities = list.items().map((item) => item.integer(1n));
  if (multiplicities.length > count) throw list.fault("out-of-range", "more than responses");
  if (sum(multiplicities) !== size) throw list.fault("sum", `the sum is not ${size}`);
  return multiplicities;
}

// ---- III. Numbers -------------------------------------------------------------------------------

const sum = (numbers) => numbers.reduce((total, x) => total + x, 0n);
const largest = (numbers) => numbers.reduce((most, x) => (x > most ? x : most));
const smallest = (numbers) => numbers.reduce((least, x) => (x < least ? x : least));
const size = (x) => (x < 0n ? -x : x);

/** The greatest common divisor of two integers. */
function gcd(a, b) {
  [a, b] = [size(a), size(b)];
  const bits = Math.min(bitsOf(a), bitsOf(b));
  pay(bits * (1 + bits / 8192));
  while (b) [a, b] = [b, a % b];
  return a;
}

/** A quotient that has no remainder. */
function quotient(a, b) {
  if (a % b !== 0n) throw new Error("a fault of this checker: a quotient is not exact");
  return a / b;
}

const lcm = (a, b) => (a / gcd(a, b)) * b;

/** The binomial coefficient: n over r. */
function choose(n, r) {
  if (r > n - r) r = n - r;
  if (r > BigInt(LONGEST_TUPLE)) pay(Infinity);
  pay(Number(r) * product(Number(r) * 64));
  let result = 1n;
  for (let i = 1n; i <= r; i++) result = (result * (n - r + i)) / i;
  return result;
}

/** A power, exact. */
function power(base, exponent) {
  if (exponent === 0n) return 1n;
  if (base === 0n || base === 1n) return base;
  const bits = bitsOf(base) * Number(exponent);
  pay(product(bits) + memory(1, bits));
  return base ** exponent;
}

/** A rational: `n` over a positive `d`, not always in lowest terms. */
class Ratio {
  constructor(n, d = 1n) {
    Object.assign(this, d < 0n ? { n: -n, d: -d } : { n, d });
  }

  /** In lowest terms. */
  reduced() {
    const divisor = gcd(this.n, this.d);
    return new Ratio(this.n / divisor, this.d / divisor);
  }

  plus({ n, d }) {
    return new Ratio(this.n * d + n * this.d, this.d * d).reduced();
  }

  minus({ n, d }) {
    return this.plus(new Ratio(-n, d));
  }

  times({ n, d }) {
    return new Ratio(this.n * n, this.d * d).reduced();
  }

  over({ n, d }) {
    return this.times(new Ratio(d, n));
  }

  /** Positive if this is larger than the other, 0n if they are equal. */
  compare({ n, d }) {
    pay(product(Math.max(bitsOf(this.d), bitsOf(d))));
    return this.n * d - n * this.d;
  }

  /** 1 minus it, over the same denominator. */
  complement() {
    return new Ratio(this.d - this.n, this.d);
  }

  get isZero() {
    return this.n === 0n;
  }

  toString() {
    const { n, d } = this.reduced();
    return d === 1n ? `${n}` : `${n}/${d}`;
  }
}

const ZERO = new Ratio(0n);
const ONE = new Ratio(1n);

/** The rank of a matrix of integers, by elimination without fractions. */
function rankOf(matrix) {
  const rows = matrix.map((row) => [...row]);
  const width = rows.length ? rows[0].length : 0;
  const most = Math.min(rows.length, width);
  pay(rows.length * width * most * product(mostBits(rows.flat()) * (most + 1)));
  let rank = 0;
  let last = 1n;
  for (let column = 0; column < width && rank < rows.length; column++) {
    const found = rows.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (found === -1) continue;
    [rows[rank], rows[found]] = [rows[found], rows[rank]];
    const pivot = rows[rank];
    for (let i = rank + 1; i < rows.length; i++) {
      const factor = rows[i][column];
      rows[i] = rows[i].map((x, j) => (x * pivot[column] - factor * pivot[j]) / last);
    }
    last = pivot[column];
    rank += 1;
  }
  return rank;
}

/**
 * The integral of j t^(j-1) (a + t b)^k over t from 0 to 1, times `choose(k + j, j)`, and so an
 * integer: by parts, (choose(k + j, j - 1) (a + b)^(k+1) - the same for j - 1 and k + 1) / b.
 */
function integral(a, b, j, k) {
  if (j === 0n) return power(a, k);
  if (b === 0n) return choose(k + j, j) * power(a, k);
  return (choose(k + j, j - 1n) * power(a + b, k + 1n) - integral(a, b, j - 1n, k + 1n)) / b;
}

/**
 * Integers on either side of 2^bits times the logarithm of a positive n/d, which is 2^e m, m being
 * near 1: ln m is twice the sum of z^i / i for odd i, with z = (m - 1)/(m + 1), at most 1/3.
 */
function logarithm(n, d, bits) {
  let e = bitsOf(n) - bitsOf(d); // within 4 of what halves or doubles n/d into [2/3, 4/3]
  const doubled = (x, by) => x << BigInt(Math.max(0, by));
  const [above, below] = [() => doubled(n, -e), () => doubled(d, e)];
  while (3n * above() > 4n * below()) e += 1;
  while (3n * above() < 2n * below()) e -= 1;
  const near = series(above() - below(), above() + below(), bits);
  const two = series(1n, 3n, bits); // half of ln 2
  const ends = (half, low, high) => [half[low], half[high]].map((x) => 2n * x);
  const [low, high] = ends(near, 0, 1);
  const [least, most] = e < 0 ? ends(two, 1, 0) : ends(two, 0, 1);
  return [low + BigInt(e) * least, high + BigInt(e) * most];
}

/** Integers on either side of 2^bits times the sum of z^i / i for odd i; z = n/d, at most 1/3. */
function series(n, d, bits) {
  if (n === 0n) return [0n, 0n];
  pay(bits * product(Math.max(bits, bitsOf(d))));
  const z = (size(n) << BigInt(bits)) / d; // all is rounded down, and what is lost is counted
  const square = (z * z) >> BigInt(bits);
  let [total, term, lost] = [0n, z, 0n];
  for (let i = 1n; term; i += 2n) {
    total += term / i;
    term = (term * square) >> BigInt(bits);
    lost += 4n; // of the term, at most 2 and then 1 for the quotient; the tail is less than 1
  }
  return n < 0n ? [-total - lost - 4n, -total] : [total, total + lost + 4n];
}

/** The sum of S^i L^(k-i) for i from 0 to k, where S = L + p. */
function powers(L, p, k) {
  if (p === 0n) return (k + 1n) * power(L, k);
  return (power(L + p, k + 1n) - power(L, k + 1n)) / p;
}

/** Bounds of a polynomial on an interval, by Horner's scheme with intervals. */
function boundsOn([low, high], coefficients) {
  let bounds = [ZERO, ZERO];
  for (const c of [...coefficients].reverse()) {
    const ends = bounds.flatMap((x) => [x.times(low), x.times(high)]);
    bounds = [0, 1].map((side) => {
      const better = (x, y) => (side ? x.compare(y) > 0n : x.compare(y) < 0n);
      return ends.reduce((best, x) => (better(x, best) ? x : best)).plus(c);
    });
  }
  return bounds;
}

/** Sums and products of polynomials modulo one of degree d; all are lists of d coefficients. */
class NumberField {
  constructor(polynomial) {
    this.degree = polynomial.length - 1;
    const leading = polynomial[this.degree];
    this.tail = polynomial.slice(0, -1).map((c) => ZERO.minus(c.over(leading))); // alpha^d
  }

  constant(c) {
    return [c, ...Array(this.degree - 1).fill(ZERO)];
  }

  plus(a, b) {
    return a.map((c, i) => c.plus(b[i]));
  }

  scaled(a, c) {
    return a.map((x) => x.times(c));
  }

  times(a, b) {
    let result = this.constant(ZERO);
    for (const c of [...b].reverse()) {
      const top = result[this.degree - 1]; // times alpha, and then a c is added
      result = result.map((_, i) => (i ? result[i - 1] : ZERO).plus(top.times(this.tail[i])));
      result = this.plus(result, this.scaled(a, c));
    }
    return result;
  }
}

/** Call `visit` for every multiset of so many of the responses, as `[response, count]` pairs. */
function eachMultiset(responses, positions, visit) {
  const tuple = [];
  const extend = (y, left) => {
    if (y === responses - 1) {
      tuple.push([y, left]);
      visit(left ? tuple : tuple.slice(0, -1));
      tuple.pop();
      return;
    }
    extend(y + 1, left);
    for (let count = 1; count <= left; count++) {
      tuple.push([y, count]);
      if (count < left) extend(y + 1, left - count);
      else visit(tuple);
      tuple.pop();
    }
  };
  extend(0, positions);
}

/** Call `visit` for every partition of an integer into at most `most` parts, none above `top`. */
function eachPartition(whole, most, top, visit, parts = []) {
  pay(20 + parts.length);
  if (whole === 0n) {
    visit(parts);
    return;
  }
  if (most === 0n) return;
  for (let part = whole < top ? whole : top; part * most >= whole; part--) {
    parts.push(part);
    eachPartition(whole - part, most - 1n, part, visit, parts);
    parts.pop();
  }
}

/**
 * What a user picks against a random opponent: `chance(user, c, j)` is the chance, times `scale`,
 * that she picks from a tuple whose best class is c, which j of its positions hold.
 */
class Picks {
  constructor(scale, work, positions) {
    Object.assign(this, { scale, work, stride: Number(positions) + 1, known: new Map() });
  }

  /** What is known of a user by a key, worked out once. */
  kept(user, key, work) {
    if (!this.known.has(user)) this.known.set(user, new Map());
    const chances = this.known.get(user);
    if (!chances.has(key)) chances.set(key, work());
    return chances.get(key);
  }

  chance(user, c, j) {
    return this.kept(user, c * this.stride + j, () => this.work(user, c, j));
  }

  /** As `chance`, for a tuple: at worst, if the user leaves it open what is its best. */
  fromTuple(user, tuple) {
    const counts = new Map();
    for (const [y, count] of tuple) {
      const c = user.classOf[y];
      counts.set(c, (counts.get(c) ?? 0) + count);
    }
    let most = 0n;
    for (const [c, j] of counts) {
      if ([...counts.keys()].some((d) => user.above(d, c))) continue;
      const chance = this.chance(user, c, j);
      if (chance > most) most = chance;
    }
    return most;
  }

  /** The users' average for a tuple. */
  average(population, tuple) {
    const picked = population.kinds.map((user) => user.weight * this.fromTuple(user, tuple));
    return new Ratio(sum(picked), population.total * this.scale);
  }

  /** The largest average for any tuple of so many positions. */
  most(population, positions) {
    const { size: n, kinds, total } = population;
    if (n > 65 && positions > 64n) pay(Infinity);
    const several = BigInt(n) + positions - 1n;
    const distinct = Math.min(n, Number(positions));
    const limbs = product(bitsOf(this.scale) + bitsOf(total));
    pay(Number(choose(several, positions)) * (1 + kinds.length * (distinct + limbs)));
    let most = -1n;
    eachMultiset(n, Number(positions), (tuple) => {
      let picked = 0n;
      for (const user of kinds) picked += user.weight * this.fromTuple(user, tuple);
      if (picked > most) most = picked;
    });
    return new Ratio(most, total * this.scale);
  }
}

/** The same of users who pick by chance; `work(user, r)` is about a tuple of strength r. */
class PicksByStrength extends Picks {
  fromTuple(user, tuple) {
    const r = strengthOf(user, tuple);
    return this.kept(user, r, () => this.work(user, r));
  }
}

/** The sum of the strengths of a tuple's positions. */
const strengthOf = ({ strengths }, tuple) =>
  tuple.reduce((total, [y, count]) => total + strengths[y] * BigInt(count), 0n);

/** A common multiple of the strengths of all tuples of so many positions. */
function multipleOfStrengths(population, positions) {
  pay(Number(positions) * population.size);
  let all = 1n;
  for (const { strengths } of population.kinds) {
    let sums = new Set([0n]);
    for (let i = 0n; i < positions; i++) {
      pay(4 * sums.size * population.size);
      sums = new Set([...sums].flatMap((x) => strengths.map((s) => x + s)));
    }
    for (const x of sums) all = lcm(all, x);
    pay(memory(sums.size, 1) + memory(1, bitsOf(all)));
  }
  return all;
}

/** How likely k draws are of which strength: integers over the masses' scale^k, by strength. */
function lawOfDraws({ strengths }, masses, k) {
  let law = new Map([[0n, 1n]]);
  pay(Number(k) * masses.length);
  const bits = mostBits(masses) * Number(k);
  for (let i = 0n; i < k; i++) {
    pay(law.size * masses.length * product(bits) + memory(law.size, bits));
    const next = new Map();
    for (const [e, chance] of law) {
      masses.forEach((mass, y) => {
        const more = e + strengths[y];
        if (mass) next.set(more, (next.get(more) ?? 0n) + chance * mass);
      });
    }
    law = next;
  }
  return law;
}

/** The mixture of laws, by shares. */
function mixed(laws, shares) {
  const total = new Map();
  laws.forEach((law, i) => {
    for (const [e, chance] of law) total.set(e, (total.get(e) ?? 0n) + shares[i] * chance);
  });
  return total;
}

/** The mean of r/(r + s + e) by the law of e, times `unit`. */
function meanShare(law, r, s, unit) {
  pay(law.size * product(bitsOf(unit)));
  let total = 0n;
  for (const [e, chance] of law) total += chance * quotient(unit, r + s + e);
  return total * r;
}

/** Picks against outputs whose strength has a law, over `scale`; `all` positions are shown. */
function picksByLaws(population, lawOf, scale, positions, all) {
  const unit = multipleOfStrengths(population, all);
  const laws = new Map(population.kinds.map((user) => [user, lawOf(user)]));
  const work = (user, r) => meanShare(laws.get(user), r, 0n, unit);
  return new PicksByStrength(scale * unit, work, positions);
}

/** Masses of a class and below it: all that is not known to be above it. */
function massesAround(user, c, masses) {
  let [below, own] = [0n, 0n];
  user.classes.forEach((members, d) => {
    const mass = members.reduce((total, y) => total + masses[y], 0n);
    if (d === c) own = mass;
    else if (!user.above(d, c)) below += mass;
  });
  return { below, own };
}

/** No tuple has more positions than are enumerated. */
function affordable(positions) {
  if (positions > BigInt(LONGEST_TUPLE)) pay(Infinity);
  return Array.from({ length: Number(positions) }, (_, i) => BigInt(i + 1));
}

/** Picks against k draws from one of several product policies, which is drawn first. */
function picksAgainstDraws(population, policies, shares, k, ties, positions) {
  const scale = policies.reduce((all, policy) => lcm(all, policy.scale), 1n);
  const parts = policies.map((policy) => policy.masses.map((x) => x * (scale / policy.scale)));
  if (population.form === "strengths") {
    const law = (user) => mixed(parts.map((masses) => lawOfDraws(user, masses, k)), shares);
    return picksByLaws(population, law, sum(shares) * power(scale, k), positions, k + positions);
  }
  const counts = affordable(positions).map((j) => choose(k + j, j));
  const unit = { uniform: counts.reduce(lcm, 1n), half: 2n, win: 1n, lose: 1n }[ties];
  const chances = {
    uniform: (below, own, j) => integral(below, own, BigInt(j), k) * quotient(unit, counts[j - 1]),
    win: (below) => power(below, k),
    lose: (below, own) => power(below + own, k),
    half: (below, own) => power(below, k) + power(below + own, k),
  };
  const whole = sum(shares);
  return new Picks(whole * power(scale, k) * unit, (user, c, j) => {
    pay(parts.length * user.classOf.length);
    const picked = parts.map((masses, i) => {
      const { below, own } = massesAround(user, c, masses);
      return shares[i] * chances[ties](below, own, j);
    });
    return sum(picked);
  }, positions);
}

/** Picks against tuples drawn from a mixture. */
function picksAgainstTuples(population, { tuples, shares, scale }, ties, positions) {
  const other = BigInt(tuples[0].reduce((total, [, count]) => total + count, 0));
  if (population.form === "strengths") {
    const point = (user, tuple) => new Map([[strengthOf(user, tuple), 1n]]);
    const law = (user) => mixed(tuples.map((tuple) => point(user, tuple)), shares);
    return picksByLaws(population, law, scale, positions, positions + other);
  }
  const all = affordable(positions + other).reduce(lcm);
  const unit = { uniform: all, half: 2n, win: 1n, lose: 1n }[ties];
  const inTie = {
    uniform: (i, j) => quotient(unit, BigInt(i + j)) * BigInt(j),
    win: () => 0n,
    lose: () => 1n,
    half: () => 1n,
  };
  return new Picks(scale * unit, (user, c, j) => {
    pay(tuples.reduce((steps, tuple) => steps + tuple.length, tuples.length));
    const picked = tuples.map((tuple, s) => {
      if (tuple.some(([y]) => user.above(user.classOf[y], c))) return 0n;
      const same = tuple.reduce((i, [y, count]) => i + (user.classOf[y] === c ? count : 0), 0);
      return shares[s] * (same ? inTie[ties](same, j) : unit);
    });
    return sum(picked);
  }, positions);
}

// ---- IV. Kinds ----------------------------------------------------------------------------------
//
// A kind is a function of a claim, its witness and its population. It reads all of them, and
// returns what the claim states in words and `decide`, which throws a refusal unless it is true.

const TIES = ["uniform", "win", "half", "lose"];
const RELATIONS = {
  ">=": (left, right) => left.compare(right) >= 0n,
  "<=": (left, right) => left.compare(right) <= 0n,
  "<": (left, right) => left.compare(right) < 0n,
  "=": (left, right) => left.compare(right) === 0n,
};

const rejected = (code, node, detail, sides) =>
  new Refusal("REJECTED", code, node.pointer, detail, sides);

/** Refuse unless the relation holds between the two sides. */
function hold(code, node, detail, left, relation, right) {
  if (!RELATIONS[relation](left, right)) throw rejected(code, node, detail, { left, right });
}

/** The numbers of outputs, and how ties count, of a claim; users who pick by chance have none. */
function readContest({ k, l, ties }, { form }) {
  const known = form === "strengths" ? ["uniform"] : TIES;
  return [k.integer(1n), l.integer(1n), ties.oneOf(...known)];
}

/** What a policy does against tuples of l positions. */
function readPolicy(node, population, k, l, ties) {
  if (!(node.wanted(node.value instanceof Map, "an object").size === 1)) {
    throw node.fault(node.value.size ? "unknown-key" : "policy", "expected one form of a policy");
  }
  const [[form, value]] = node.entries();
  if (form === "joint") {
    const mixture = readMixture(value, k, population);
    return () => picksAgainstTuples(population, mixture, ties, l);
  }
  if (form === "product") {
    const policy = readMasses(value, population);
    return () => picksAgainstDraws(population, [policy], [1n], k, ties, l);
  }
  if (form !== "mixture") throw node.fault("policy", "a policy is product, joint or mixture");
  const rows = value.items().map((item) => item.items(2));
  const policies = rows.map(([, masses]) => readMasses(masses, population));
  const shares = distribution(value, rows.map(([share]) => share.positive()));
  return () => picksAgainstDraws(population, policies, shares.numerators, k, ties, l);
}

/** `win-rate`: the policy's worst win rate is at least, is, or is at most the bound. */
function winRate(claim, witness, population) {
  const [k, l, ties] = readContest(claim, population);
  const relation = claim.relation.oneOf(">=", "=", "<=");
  const bound = claim.bound.rational();
  const words = `the worst win rate of this ${k}-output policy against ${l} outputs, ` +
    `${ties} ties, is ${relation} ${shown(bound)}`;
  if (population instanceof UniformRankings) {
    if (l !== 1n) throw claim.l.fault("out-of-range", "among uniform rankings l is 1");
    const parts = readRandomSubset(claim.policy, k, population);
    witness.keys();
    return { words, decide() {
      const rate = rateAmongAll(parts, population, ties);
      hold("win-rate", claim.bound, "the win rate", rate, relation, bound);
    } };
  }
  const policy = readPolicy(claim.policy, population, k, l, ties);
  const wanted = relation === ">=" ? [] : ["opponent"];
  const { opponent } = witness.keys(...wanted);
  const tuple = opponent && readTuple(opponent, l, population);
  return { words, decide() {
    const picks = policy();
    if (tuple) {
      const rate = picks.average(population, tuple).complement();
      hold("not-attained", opponent, "the win rate against this opponent", rate, relation, bound);
    }
    if (relation !== "<=") {
      const rate = picks.most(population, l).complement();
      hold("win-rate", claim.bound, "the worst win rate", rate, ">=", bound);
    }
  } };
}

/** Among all rankings, the win rate of randomly assigned multiplicities against any response. */
function rateAmongAll(parts, { count: n }, ties) {
  const m = BigInt(parts.length);
  const share = {
    uniform: (c) => new Ratio(c, c + 1n), win: () => ONE, half: () => new Ratio(1n, 2n),
    lose: () => ZERO,
  }[ties];
  const shares = parts.map(share).reduce((total, x) => total.plus(x), ZERO);
  const outside = new Ratio((n - m) * m, m + 1n);
  const inside = shares.plus(new Ratio(m * (m - 1n))).over(new Ratio(m));
  return outside.plus(inside).over(new Ratio(n));
}

/** `joint-upper-bound`: no k-output policy of any kind has a worst win rate above the bound. */
function jointUpperBound(claim, witness, population) {
  const [k, l, ties] = readContest(claim, population);
  const bound = claim.bound.rational();
  const words = `no ${k}-output policy has a worst win rate against ${l} outputs, ${ties} ties, ` +
    `above ${shown(bound)}`;
  const { mixture: node } = witness.keys("mixture");
  if (population instanceof UniformRankings) {
    if (l !== 1n) throw claim.l.fault("out-of-range", "among uniform rankings l is 1");
    readRandomSubset(node, 1n, population);
    return { words, decide() {
      eachPartition(k, population.count, k, (parts) => {
        const rate = rateAmongAll(parts, population, ties);
        hold("joint-upper-bound", claim.bound, "the win rate of some outputs", rate, "<=", bound);
      });
    } };
  }
  among(claim, population, "rankings", "strengths");
  const mixture = readMixture(node, l, population);
  return { words, decide() {
    const flipped = { win: "lose", lose: "win" }[ties] ?? ties; // the tuples are the policy's
    const most = picksAgainstTuples(population, mixture, flipped, k).most(population, k);
    hold("joint-upper-bound", claim.bound, "the win rate of some outputs", most, "<=", bound);
  } };
}

/** `product-upper-bound`: no product policy has a worst win rate above the bound. */
function productUpperBound(claim, witness, population) {
  among(claim, population, "rankings", "partial", "strengths");
  const [k, l] = [claim.k.integer(1n), claim.l.integer(1n)];
  claim.ties.oneOf("uniform");
  if (population.form === "partial" && l > 1n) throw claim.l.fault("out-of-range", "here l is 1");
  const bound = claim.bound.rational();
  const read = witness.keys("mixture", "point");
  const mixture = readMixture(read.mixture, l, population);
  const point = readMasses(read.point, population);
  const words = `no policy sampled ${k} times has a worst win rate against ${l} outputs, uniform ` +
    `ties, above ${shown(bound)}`;
  return { words, decide() {
    const { picked, scale } = picksBesideEach(mixture, point, k, l, population);
    const P = new Ratio(sum(picked.map((x, y) => x * point.masses[y])), scale * point.scale);
    const least = new Ratio(smallest(picked), scale);
    const proved = new Ratio(
      P.d + (k - 1n) * P.n - k * least.n * point.scale, P.d); // 1 + (k-1) P - k min P_y
    hold("product-upper-bound", claim.bound, "what the point proves", proved, "<=", bound);
  } };
}

/** For each response y, the chance times `scale` to be picked against y and k-1 draws. */
function picksBesideEach(mixture, point, k, l, population) {
  const { tuples, shares, scale } = mixture;
  if (population.form === "strengths") {
    return strengthBesideEach(mixture, point, k, l, population);
  }
  const counts = affordable(l);
  const unit = counts.reduce((all, j) =>
    lcm(lcm(all, choose(k - 1n + j, j)), (j + 1n) * choose(k + j, j + 1n)), 1n);
  const picked = Array(population.size).fill(0n);
  const bits = bitsOf(point.scale) * Number(k) + bitsOf(unit);
  pay(tuples.length * population.kinds.length * (population.size * product(bits) + 8));
  for (const user of population.kinds) {
    const found = new Picks(1n, (_, c, j) => {
      const { below, own } = massesAround(user, c, point.masses);
      const count = BigInt(j);
      const tied = quotient(unit, (count + 1n) * choose(k + count, count + 1n));
      return [
        integral(below, own, count, k - 1n) * quotient(unit, choose(k - 1n + count, count)),
        integral(below, own, count + 1n, k - 1n) * count * tied,
      ];
    }, l);
    tuples.forEach((tuple, s) => {
      const best = user.classOf[tuple.reduce((b, [y]) =>
        (user.above(user.classOf[y], user.classOf[b]) ? y : b), tuple[0][0])];
      const j = tuple.reduce((n, [y, count]) => n + (user.classOf[y] === best ? count : 0), 0);
      const [ahead, beside] = found.chance(user, best, j);
      user.classOf.forEach((c, y) => {
        if (user.above(c, best)) return;
        picked[y] += user.weight * shares[s] * (c === best ? beside : ahead);
      });
    });
  }
  return { picked, scale: scale * population.total * power(point.scale, k - 1n) * unit };
}

/** The same of users who pick by chance. */
function strengthBesideEach({ tuples, shares, scale }, point, k, l, population) {
  const unit = multipleOfStrengths(population, k + l);
  const picked = Array(population.size).fill(0n);
  for (const user of population.kinds) {
    const law = lawOfDraws(user, point.masses, k - 1n);
    tuples.forEach((tuple, i) => {
      const r = strengthOf(user, tuple);
      user.strengths.forEach((s, y) => {
        picked[y] += user.weight * shares[i] * meanShare(law, r, s, unit);
      });
    });
  }
  return { picked, scale: scale * population.total * power(point.scale, k - 1n) * unit };
}

/** The product policy of a claim that is about no other form. */
const readProduct = (node, population) => readMasses(node.keys("product").product, population);

/** `product-opponents`: sampled k times, the policy wins the bound against every product policy. */
function productOpponents(claim, witness, population) {
  ranked(claim, population);
  const [k, l] = [claim.k.integer(1n), claim.l.integer(1n)];
  const bound = claim.bound.rational();
  const policy = readProduct(claim.policy, population);
  witness.keys();
  const words = `this policy, sampled ${k} times, wins at least ${shown(bound)} against any ` +
    `policy that is sampled ${l} times`;
  return { words, decide() {
    const N = k + l;
    const { U, scale } = utilities(population, policy, N - 1n);
    const slack = new Ratio(k, N).minus(bound).times(new Ratio(N - 1n, k * l));
    const most = new Ratio(1n, N).plus(slack);
    const best = new Ratio(largest(U), scale * N);
    hold("product-opponents", claim.bound, "what some response earns", best, "<=", most);
  } };
}

/** `head-to-head`: the win rate of one product policy against another. */
function headToHead(claim, witness, population) {
  ranked(claim, population);
  const [k, l] = [claim.k.integer(1n), claim.l.integer(1n)];
  const relation = claim.relation.oneOf(">=", "=", "<=");
  const bound = claim.bound.rational();
  const policy = readProduct(claim.policy, population);
  const opponent = readProduct(claim.opponent, population);
  witness.keys();
  const words = `the win rate of this policy, sampled ${k} times, against that one, sampled ${l} ` +
    `times, is ${relation} ${shown(bound)}`;
  return { words, decide() {
    const picks = picksAgainstDraws(population, [policy], [1n], k, "uniform", l);
    const draws = affordable(l);
    let picked = 0n;
    for (const user of population.kinds) {
      user.classes.forEach((_, c) => {
        const { below, own } = massesAround(user, c, opponent.masses);
        if (!own) return;
        for (const j of draws) {
          const chance = choose(l, j) * power(own, j) * power(below, l - j);
          picked += user.weight * chance * picks.chance(user, c, Number(j));
        }
      });
    }
    const lost = new Ratio(picked, population.total * picks.scale * power(opponent.scale, l));
    hold("head-to-head", claim.bound, "the win rate", lost.complement(), relation, bound);
  } };
}

/** `holdout`: the policy passes the product test on these users. */
function holdout(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const policy = readProduct(claim.policy, population);
  const [bound, stake, confidence] = ["bound", "stake", "confidence"].map((key) => {
    const number = claim[key].rational();
    if (number.n > 0n && (number.n < number.d || key === "stake")) return number;
    throw claim[key].fault("out-of-range", "expected a number between 0 and 1");
  });
  const most = ONE.over(bound);
  if (stake.compare(most) > 0n) throw claim.stake.fault("out-of-range", "more than 1/bound");
  if (population.scale !== 1n) throw claim.population.fault("counts", "weights have to be counts");
  witness.keys();
  const words = `if these users were drawn independently of the policy, it wins, sampled ${k} ` +
    `times, more than ${shown(bound)} against each response, with confidence ${shown(confidence)}`;
  return { words, decide() {
    const unit = (k + 1n) * power(policy.scale, k); // of g, which is picked / unit
    const whole = stake.d * bound.d * unit; // of the factors
    const products = Array(population.size).fill(1n);
    for (const user of population.kinds) {
      user.classes.forEach((members, c) => {
        const { below, own } = massesAround(user, c, policy.masses);
        const picked = powers(below, own, k);
        const factor = whole + stake.n * ((bound.d - bound.n) * unit - bound.d * picked);
        const grown = power(factor, user.weight);
        for (const y of members) products[y] *= grown;
      });
    }
    const least = new Ratio(smallest(products), power(whole, population.total));
    const needed = new Ratio(BigInt(population.size) * confidence.d, confidence.d - confidence.n);
    hold("holdout", claim.bound, "the least product", least, ">=", needed);
  } };
}

/** The pairs `[k, rate]` of a claim, and what they are called. */
function readRates(node) {
  const rows = node.items().map((item) => item.items(2));
  if (!rows.length) throw node.fault("empty", "no rates");
  const rates = rows.map(([k, rate]) => ({ k: k.integer(1n), rate: rate.rational(), node: rate }));
  return { rates, called: () => rates.map(({ k, rate }) => `(${k}, ${shown(rate)})`).join(", ") };
}

/** `one-policy`: the worst win rate of one policy is at least the rate, for each pair. */
function onePolicy(claim, witness, population) {
  ranked(claim, population);
  const { rates, called } = readRates(claim.rates);
  const policy = readProduct(claim.policy, population);
  witness.keys();
  const words = `this one policy, sampled k times, has a worst win rate of at least r for every ` +
    `(k, r) of ${called()}`;
  return { words, decide() {
    for (const { k, rate, node } of rates) {
      const picks = picksAgainstDraws(population, [policy], [1n], k, "uniform", 1n);
      const worst = picks.most(population, 1n).complement();
      hold("one-policy", node, "the worst win rate", worst, ">=", rate);
    }
  } };
}

/** `one-policy-upper-bound`: every policy falls to the rate or below, for one of the pairs. */
function onePolicyUpperBound(claim, witness, population) {
  ranked(claim, population);
  const { rates, called } = readRates(claim.rates);
  const read = witness.keys("mixture", "point");
  const rows = read.mixture.items(rates.length).map((item) => item.items(2));
  const shares = distribution(read.mixture, rows.map(([share]) => share.positive()));
  const mixtures = rows.map(([, mixture]) => readMixture(mixture, 1n, population));
  const point = readMasses(read.point, population);
  const words = `every policy, sampled k times, has a worst win rate of at most r for some ` +
    `(k, r) of ${called()}`;
  return { words, decide() {
    const losses = rates.map(({ k }, i) => {
      const { picked, scale } = picksBesideEach(mixtures[i], point, k, 1n, population);
      const P = sum(picked.map((x, y) => x * point.masses[y])); // over point.scale, too
      const earned = picked.map((x) => k * x * point.scale - (k - 1n) * P);
      return { earned, scale: scale * point.scale };
    });
    const mean = (numbers) => {
      const d = numbers.reduce((all, x) => all * x.d, shares.denominator);
      return new Ratio(sum(numbers.map((x, i) =>
        shares.numerators[i] * x.n * (d / (x.d * shares.denominator)))), d);
    };
    const stated = mean(rates.map(({ rate }) => rate.complement()));
    for (let y = 0; y < population.size; y++) {
      const lost = mean(losses.map(({ earned, scale }) => new Ratio(earned[y], scale)));
      hold("one-policy-upper-bound", claim.rates, "the mean of 1 - rate", stated, "<=", lost);
    }
  } };
}

/**
 * The utilities U_y of the (k+1)-player game, N u_y, at a product policy: integers over `scale`.
 */
function utilities(population, { masses, scale }, k) {
  const U = Array(population.size).fill(0n);
  if (population.form === "strengths") {
    const unit = multipleOfStrengths(population, k + 1n);
    for (const user of population.kinds) {
      const law = lawOfDraws(user, masses, k);
      user.strengths.forEach((s, y) => {
        U[y] += (k + 1n) * user.weight * meanShare(law, s, 0n, unit);
      });
    }
    return { U, scale: population.total * power(scale, k) * unit };
  }
  for (const user of population.kinds) {
    pay(user.classes.length * (population.size + 1));
    user.classes.forEach((members, c) => {
      const { below, own } = massesAround(user, c, masses);
      const value = user.weight * powers(below, own, k);
      for (const y of members) U[y] += value;
    });
  }
  return { U, scale: population.total * power(scale, k) };
}

/** The centre is an equilibrium, exactly. */
function decideExact({ centre, policy, population, k }) {
  const { U, scale } = utilities(population, policy, k);
  const N = new Ratio(k + 1n);
  const best = new Ratio(largest(U), scale * N.n);
  hold("not-equilibrium", centre, "what some response earns", best, "<=", new Ratio(1n, N.n));
}

/** Read that some equilibrium is at the centre, or in the box around it, and what proves it. */
function readEquilibrium(parts, witness, population, k) {
  const policy = readMasses(parts.centre, population);
  const delta = parts.delta.rational();
  if (delta.n < 0n || delta.n >= delta.d) throw parts.delta.fault("out-of-range", "not in [0, 1)");
  const box = { ...parts, policy, delta, population, k };
  if (population.form === "strengths" && !delta.isZero) {
    throw parts.delta.fault("out-of-range", "of users who pick by chance, delta is 0");
  }
  if (delta.isZero) {
    witness.keys();
    return { ...box, decide: () => decideExact(box) };
  }
  const { inverse, boundary } = witness.keys("inverse", "boundary");
  const order = policy.support.length;
  const rows = inverse.items(order).map((row) => row.items(order).map((x) => x.rational()));
  const hints = new Map(boundary.entries().map(([name, hint]) => {
    const y = population.place(hint, name);
    if (policy.masses[y]) throw hint.fault("boundary", "a hint about a response of the support");
    const multiples = hint.entries().map(([other, multiple]) => {
      const z = population.place(multiple, other);
      if (!policy.masses[z]) throw multiple.fault("boundary", "not a response of the support");
      return [z, multiple.rational()];
    });
    return [y, { hint, multiples }];
  }));
  return { ...box, decide: () => decideEnclosed({ ...box, inverse, rows, hints }) };
}

/** The same, of an object in a witness. */
function readInner(node, population, k) {
  const { centre, delta, witness } = node.keys("centre", "delta", "witness");
  return readEquilibrium({ centre, delta }, witness, population, k);
}

/** The box holds an equilibrium with the centre's support. */
function decideEnclosed({ centre, policy, delta, population, k, inverse, rows, hints }) {
  const { support, masses } = policy;
  const { U, scale } = utilities(population, policy, k);
  const { n: small, d: whole } = delta;
  hold("contraction", inverse, "k delta", new Ratio(k * small, whole), "<=", ONE);
  const growth = power(whole + small, k - 1n);
  const ground = power(whole, k - 1n);
  const A = derivatives(population, policy, k);
  const { numerators, denominator } = common(rows.flat());
  const Y = support.map((_, i) => numerators.slice(i * support.length, (i + 1) * support.length));
  const bits = bitsOf(scale) + mostBits(numerators);
  pay(support.length ** 3 * product(bits) + product(bits + bitsOf(ground)));
  const unit = denominator * scale;
  const norm = (matrix) => largest(matrix.map((row) => sum(row.map(size))));
  const onT = support.map((y) => U[y]);
  const beta = norm(Y.map((row) => [sum(row.map((x, j) => x * (onT[j] - scale)))]));
  const g0 = norm(Y.map((row, i) => support.map((_, j) =>
    (i === j ? unit : 0n) - sum(row.map((x, l) => x * A[l][j])))));
  const K = k * norm(Y.map((row) => row.map((x, j) => x * onT[j])));
  const left = beta * whole * ground + (g0 * ground + K * (growth - ground)) * small;
  const moved = new Ratio(left, unit * whole * ground);
  hold("contraction", inverse, "how far the map moves the box", moved, "<", delta);
  masses.forEach((mass, y) => {
    if (mass) return;
    if (hints.has(y)) {
      decideBoundary(population, support, k, hints.get(y), y);
      return;
    }
    const most = new Ratio(U[y] * growth * (whole + small), scale * ground * whole);
    hold("off-support", centre, "what a response off the support earns", most, "<", ONE);
  });
}

/** x_j dU_i/dx_j on the support, over the same scale as U. */
function derivatives(population, { masses, scale, support }, k) {
  const A = support.map(() => support.map(() => 0n));
  pay(population.kinds.length * support.length ** 2 * product(bitsOf(scale) * Number(k)));
  for (const user of population.kinds) {
    support.forEach((y, i) => {
      const c = user.classOf[y];
      const { below: L, own: p } = massesAround(user, c, masses);
      const S = L + p; // p > 0, for y is of the support; U = (S^N - L^N) / p
      const value = powers(L, p, k);
      const byS = ((k + 1n) * power(S, k) - value) / p;
      const byL = (value - (k + 1n) * power(L, k)) / p;
      support.forEach((z, j) => {
        const d = user.classOf[z];
        if (d !== c && !user.above(c, d)) return;
        A[i][j] += user.weight * masses[z] * (d === c ? byS : byS + byL);
      });
    });
  }
  return A;
}

/** For masses on the support, U_y is what the multiples of others leave, which is at most 1. */
function decideBoundary(population, support, k, { hint, multiples }, y) {
  const terms = new Map(); // of pairs of subsets of the support
  const add = (z, factor) => {
    pay(population.kinds.length * support.length * 4);
    for (const user of population.kinds) {
      const c = user.classOf[z];
      const below = support.filter((x) => user.above(c, user.classOf[x]));
      const own = support.filter((x) => user.classOf[x] === c);
      const key = `${below}|${own}`;
      const share = factor.times(new Ratio(user.weight, population.total));
      terms.set(key, share.plus(terms.get(key) ?? ZERO));
    }
  };
  add(y, ONE);
  for (const [z, multiple] of multiples) add(z, ZERO.minus(multiple));
  const all = support.join();
  const known = { [`${all}|`]: k + 1n, [`|${all}`]: 1n, "|": 0n };
  let most = multiples.reduce((total, [, multiple]) => total.plus(multiple), ZERO);
  for (const [key, factor] of terms) {
    if (factor.isZero) continue;
    if (!(key in known)) throw rejected("boundary", hint, "the multiples leave other terms");
    most = most.plus(factor.times(new Ratio(known[key])));
  }
  hold("boundary", hint, "what the response earns", most, "<=", ONE);
}

/** The game, and what its equilibria win, in words. */
const rateIn = (k) =>
  `${k + 1n}-player alignment game; sampled ${k} times it wins at least ${k}/${k + 1n}`;

/** `equilibrium`: some symmetric equilibrium, of the centre's support, is in the box around it. */
function equilibrium(claim, witness, population) {
  const k = claim.k.integer(1n);
  among(claim, population, "rankings", "strengths");
  const box = readEquilibrium(claim, witness, population, k);
  const words = `within the relative radius ${shown(box.delta)} of the centre lies a symmetric ` +
    `equilibrium of the ${rateIn(k)}`;
  return { words, decide: box.decide };
}

/** `algebraic-equilibrium`: the masses, elements of Q(alpha), are a symmetric equilibrium. */
function algebraicEquilibrium(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const polynomial = claim.polynomial.items().map((c) => c.rational());
  const degree = polynomial.length - 1;
  if (degree < 1 || polynomial[degree].isZero) {
    throw claim.polynomial.fault("polynomial", "of degree 0, or with leading coefficient 0");
  }
  const interval = claim.interval.items(2).map((end) => end.rational());
  if (interval[0].compare(interval[1]) >= 0n) {
    throw claim.interval.fault("out-of-range", "expected two increasing numbers");
  }
  const entries = claim.masses.entries();
  if (!entries.length) throw claim.masses.fault("empty", "no masses");
  const field = new NumberField(polynomial);
  const masses = Array(population.size).fill(field.constant(ZERO));
  for (const [name, mass] of entries) {
    masses[population.place(mass, name)] = mass.items(degree).map((c) => c.rational());
  }
  witness.keys();
  const support = entries.map(([name]) => population.places.get(name));
  const words = `these algebraic numbers of degree at most ${degree} are a symmetric equilibrium ` +
    `of the ${rateIn(k)}`;
  return { words, decide() {
    const ends = interval.map((end) => boundsOn([end, end], polynomial)[0]);
    const derivative = polynomial.slice(1).map((c, i) => c.times(new Ratio(BigInt(i + 1))));
    const slope = boundsOn(interval, derivative);
    if (ends[0].n * ends[1].n >= 0n || slope[0].n * slope[1].n <= 0n) {
      throw rejected("isolating", claim.interval, "the signs at the ends, or of the slope");
    }
    for (const [, mass] of entries) {
      const value = mass.value.map((_, i) => mass.at(i).rational());
      hold("positive", mass, "the least value of a mass", ZERO, "<", boundsOn(interval, value)[0]);
    }
    const whole = masses.reduce((total, mass) => field.plus(total, mass));
    whole.forEach((c, i) => {
      hold("sum", claim.masses, "a coefficient of the sum", c, "=", i ? ZERO : ONE);
    });
    const gains = algebraicUtilities(population, masses, field, k);
    gains.forEach((U, y) => {
      const slack = field.plus(field.constant(ONE), field.scaled(U, new Ratio(-1n)));
      if (slack.every((c) => c.isZero)) return;
      if (support.includes(y)) throw rejected("not-equilibrium", claim.masses, "U is not 1");
      const [least] = boundsOn(interval, slack);
      hold("not-equilibrium", claim.masses, "the least value of 1 - U", ZERO, "<", least);
    });
  } };
}

/** U_y at masses in a number field. */
function algebraicUtilities(population, masses, field, k) {
  const U = masses.map(() => field.constant(ZERO));
  const total = (places) => places.reduce(
    (all, y) => field.plus(all, masses[y]), field.constant(ZERO));
  for (const user of population.kinds) {
    pay(Number(k) * user.classes.length * field.degree ** 2);
    const share = new Ratio(user.weight, population.total);
    user.classes.forEach((members, c) => {
      const L = total(user.classes.flatMap((tied, d) => (user.above(c, d) ? tied : [])));
      const S = field.plus(L, total(members));
      let value = field.constant(ONE); // of k = 0
      let low = field.constant(ONE);
      for (let i = 0n; i < k; i++) {
        pay(50 * field.degree ** 2 * product(mostBits(value.map(({ d }) => d))));
        low = field.times(low, L);
        value = field.plus(field.times(value, S), low);
      }
      for (const y of members) U[y] = field.plus(U[y], field.scaled(value, share));
    });
  }
  return U;
}

/** A class of a user, `[user, class]`: its indicator, by response. */
function readClass(node, population) {
  const [first, second] = node.items(2);
  const user = population.users[first.integer(0n, BigInt(population.users.length))];
  const members = user.classes[second.integer(0n, BigInt(user.classes.length))];
  const indicator = Array(population.size).fill(0n);
  for (const y of members) indicator[y] = 1n;
  return indicator;
}

/** Refuse unless the matrix has at least this rank. */
function holdRank(node, matrix, least) {
  const rank = new Ratio(BigInt(rankOf(matrix)));
  hold("rank", node, "the rank", rank, ">=", new Ratio(BigInt(least)));
}

/** What reads a proof and returns what decides it, by the keys of the witness. */
const UNIQUENESS = {
  classes(parts, population) {
    const matrix = parts.classes.items(population.size).map((c) => readClass(c, population));
    return () => holdRank(parts.classes, matrix, population.size);
  },

  "classes combination equilibrium"(parts, population, k) {
    const box = readInner(parts.equilibrium, population, k);
    const { support, masses } = box.policy;
    const matrix = parts.classes.items(support.length).map((c) => readClass(c, population));
    const combination = parts.combination.items().map((row) => {
      const [members, number] = row.items(2);
      return [readClass(members, population), number.rational()];
    });
    return () => {
      box.decide();
      holdRank(parts.classes, matrix.map((row) => support.map((y) => row[y])), support.length);
      const { numerators } = common(combination.map(([, number]) => number));
      masses.forEach((mass, y) => {
        const value = sum(combination.map(([row], i) => row[y] * numerators[i]));
        if (mass ? value === 0n : value > 0n) return;
        throw rejected("combination", parts.combination, "not 0 on the support, positive off it");
      });
    };
  },

  equilibrium(parts, population) {
    return decideLottery(parts.equilibrium, readLottery(parts.equilibrium, population), population);
  },
};

const AMBIGUITY = {
  equilibria(parts, population, k) {
    const centres = parts.equilibria.items(2);
    const policies = centres.map((centre) => readMasses(centre, population));
    return () => {
      policies.forEach((policy, i) => decideExact({ centre: centres[i], policy, population, k }));
      const [first, second] = policies;
      if (first.masses.every((x, y) => x * second.scale === second.masses[y] * first.scale)) {
        throw rejected("same", parts.equilibria, "the two centres do not differ");
      }
    };
  },

  "direction equilibrium"(parts, population, k) {
    const box = readInner(parts.equilibrium, population, k);
    const entries = parts.direction.entries();
    const places = entries.map(([name, number]) => population.place(number, name));
    const { numerators } = common(entries.map(([, number]) => number.rational()));
    const d = Array(population.size).fill(0n);
    places.forEach((y, i) => (d[y] = numerators[i]));
    return () => {
      box.decide();
      pay(population.kinds.length * population.size * product(mostBits(d)));
      const bad = d.every((x) => x === 0n) || d.some((x, y) => !box.policy.masses[y] && x < 0n) ||
        population.kinds.some(({ classes }) =>
          classes.some((members) => sum(members.map((y) => d[y])) !== 0n));
      if (bad) throw rejected("direction", parts.direction, "zero, or it changes what it may not");
    };
  },
};

/** An exact equilibrium of the two-player game. */
function readLottery(node, population) {
  const box = readInner(node, population, 1n);
  if (!box.delta.isZero) throw node.fault("witness", "a maximal lottery has to be exact");
  return box;
}

/** What decides that the lottery is the only one. */
function decideLottery(node, box, population) {
  const { support, masses } = box.policy;
  return () => {
    box.decide();
    const { U, scale } = utilities(population, box.policy, 1n);
    U.forEach((earned, y) => {
      if (masses[y]) return;
      hold("not-strict", node, "what a response earns", new Ratio(earned, 2n * scale), "<",
        new Ratio(1n, 2n));
    });
    pay(support.length ** 2 * population.kinds.length);
    const margins = support.map((y) => support.map((z) =>
      sum(population.kinds.map(({ weight, classOf: of }) =>
        BigInt(Math.sign(of[z] - of[y])) * weight))));
    holdRank(node, margins, support.length - 1);
  };
}

/** `unique-equilibrium`: there is exactly one symmetric equilibrium, or there are more. */
function uniqueEquilibrium(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const unique = claim.unique.truth();
  const found = witness.entries().map(([key]) => key).sort();
  const proof = found.join(" ");
  const possible = !unique ? AMBIGUITY : UNIQUENESS;
  const fits = !unique || (proof === "equilibrium") === (k === 1n);
  if (!fits || !Object.hasOwn(possible, proof)) {
    throw witness.fault("witness", "these keys belong to no proof of this");
  }
  const words = `that the ${k + 1n}-player alignment game has just one symmetric equilibrium is ` +
    `${unique}`;
  return { words, decide: possible[proof](witness.keys(...found), population, k) };
}

/** The weight of the users who rank y strictly above the whole support. */
function against(y, support, population) {
  pay(population.kinds.length * (support.length + 1));
  const users = population.kinds.filter(({ classOf, above }) =>
    support.every((x) => above(classOf[y], classOf[x])));
  return new Ratio(sum(users.map(({ weight }) => weight)), population.total);
}

/** `nlhf-ceiling`: the only maximal lottery wins at most the bound, however often it is sampled. */
function nlhfCeiling(claim, witness, population) {
  ranked(claim, population);
  const bound = claim.bound.rational();
  const { equilibrium: node, opponent } = witness.keys("equilibrium", "opponent");
  const box = readLottery(node, population);
  const unique = decideLottery(node, box, population);
  const y = opponent.response(population);
  const words = `NLHF has one policy, whose worst win rate is at most ${shown(bound)}, however ` +
    `often it is sampled`;
  return { words, decide() {
    unique();
    const rate = against(y, box.policy.support, population).complement();
    hold("nlhf-ceiling", claim.bound, "the limit against the opponent", rate, "<=", bound);
  } };
}

/** `dictatorship-distance`: an equilibrium is near to the shares of first places, and how near. */
function dictatorshipDistance(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const bound = claim.bound.rational();
  const { equilibrium: node } = witness.keys("equilibrium");
  const box = readInner(node, population, k);
  const words = `a symmetric equilibrium pi of the ${k + 1n}-player alignment game and the ` +
    `shares s of first places have |pi - s|_1 <= ${shown(bound)} <= 2 sum_y s_y (1 - pi_y)^` +
    `${k + 1n}`;
  return { words, decide() {
    if (population.kinds.some(({ classes }) => classes.length < population.size)) {
      throw rejected("strict", claim.population, "a user has a tie");
    }
    box.decide();
    const { policy: { masses, scale }, delta: { n: small, d: whole } } = box;
    const firsts = Array(population.size).fill(0n);
    for (const { classes: [[y]], weight } of population.kinds) firsts[y] += weight;
    const { total } = population;
    const unit = scale * whole; // the masses' ends are integers over it
    const ends = masses.map((x) => [x * (whole - small), x * (whole + small)]);
    const distances = ends.map((pair, y) =>
      largest(pair.map((end) => size(end * total - firsts[y] * unit))));
    const distance = new Ratio(sum(distances), unit * total);
    hold("distance", claim.bound, "the distance", distance, "<=", bound);
    const rest = ends.map(([, high]) => (high < unit ? power(unit - high, k + 1n) : 0n));
    const missed = sum(rest.map((x, y) => x * firsts[y]));
    const right = new Ratio(2n * missed, power(unit, k + 1n) * total);
    hold("distance", claim.bound, "the bound", bound, "<=", right);
  } };
}

/** Refuse unless a product policy has mass on all of these responses. */
function holdSupport(node, policy, support) {
  const all = support.every((y) => policy.masses[y]);
  if (!all) throw node.fault("support", "no mass where it needs some");
}

/** `picks`: a step of learning from picks leads nearer to an equilibrium in the box, or farther. */
function picks(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const eta = claim.eta.rational();
  if (eta.n <= 0n || eta.n > eta.d) throw claim.eta.fault("out-of-range", "expected it in (0, 1]");
  const nearer = claim.nearer.truth();
  const box = readEquilibrium(claim, witness, population, k);
  const nodes = claim.policies.items();
  if (!nodes.length) throw claim.policies.fault("empty", "no policies");
  const policies = nodes.map((node) => readMasses(node, population));
  policies.forEach((policy, i) => holdSupport(nodes[i], policy, box.policy.support));
  const words = `a step of learning from picks at rate ${shown(eta)} comes nearer, by KL, to a ` +
    `symmetric equilibrium of the ${k + 1n}-player alignment game within the relative radius ` +
    `${shown(box.delta)} of the centre, from each of the ${nodes.length} given policies: ` +
    `${nearer} (else farther)`;
  return { words, decide() {
    box.decide();
    const { policy: { masses, support, scale: unit }, delta: { n: small, d: whole } } = box;
    policies.forEach((policy, i) => {
      const { U, scale } = utilities(population, policy, k);
      const bits = 320 + 2 * (bitsOf(eta.d) + bitsOf(scale));
      let [least, most] = [0n, 0n]; // over unit, whole and 2^bits
      for (const y of support) {
        const [low, high] = logarithm((eta.d - eta.n) * scale + eta.n * U[y], eta.d * scale, bits);
        least += masses[y] * low * (low < 0n ? whole + small : whole - small);
        most += masses[y] * high * (high < 0n ? whole - small : whole + small);
      }
      const total = new Ratio(nearer ? least : -most, (unit * whole) << BigInt(bits));
      hold("nearer", nodes[i], "the least change of KL that is claimed", ZERO, "<", total);
    });
  } };
}

/** `regularised`: the fixed point of the regularised game is within the radius of the policy. */
function regularised(claim, witness, population) {
  ranked(claim, population);
  const k = claim.k.integer(1n);
  const tau = claim.tau.positive();
  const radius = claim.radius.rational();
  const [reference, policy] = [claim.reference, claim.policy].map((node) => {
    const found = readMasses(node, population);
    holdSupport(node, found, [...population.places.values()]);
    return found;
  });
  witness.keys();
  const words = `the policy with masses proportional to the reference's times exp(u/tau), tau = ` +
    `${shown(tau)}, k = ${k}, is within ${shown(radius)} of this one, in the sum of absolute ` +
    `differences`;
  return { words, decide() {
    const { U, scale } = utilities(population, policy, k);
    const bits = 320 + 2 * bitsOf(tau.n * tau.d * scale * reference.scale);
    const whole = scale * (k + 1n) * tau.n; // u/tau is U tau.d over it
    const ends = U.map((earned, y) => {
      const [low, high] = logarithm(
        policy.masses[y] * reference.scale, policy.scale * reference.masses[y], bits);
      const pull = (earned * tau.d) << BigInt(bits);
      return [low * whole - pull, high * whole - pull];
    });
    const spread = largest(ends.map(([, high]) => high)) - smallest(ends.map(([low]) => low));
    const least = new Ratio(ends.length > 1 ? spread : 0n, (2n * whole) << BigInt(bits));
    hold("regularised", claim.radius, "half of how far r varies", least, "<=", radius);
  } };
}

/** `limit`: what the policy's worst win rate tends to as it is sampled more often. */
function limit(claim, witness, population) {
  ranked(claim, population);
  const bound = claim.bound.rational();
  const { support } = readProduct(claim.policy, population);
  witness.keys();
  const words = `the worst win rate of this policy, sampled k times, tends to ${shown(bound)} as ` +
    `k grows`;
  return { words, decide() {
    const rates = [...population.places.values()].map((y) => against(y, support, population));
    const most = new Ratio(largest(rates.map(({ n }) => n)), population.total);
    hold("limit", claim.bound, "the limit", most.complement(), "=", bound);
  } };
}

/** Each kind with the keys of its claims. */
const KINDS = {
  "win-rate": [winRate, "k", "l", "ties", "policy", "relation", "bound"],
  "joint-upper-bound": [jointUpperBound, "k", "l", "ties", "bound"],
  "product-upper-bound": [productUpperBound, "k", "l", "ties", "bound"],
  "product-opponents": [productOpponents, "k", "l", "policy", "bound"],
  "head-to-head": [headToHead, "k", "l", "policy", "opponent", "relation", "bound"],
  holdout: [holdout, "k", "policy", "bound", "stake", "confidence"],
  "one-policy": [onePolicy, "policy", "rates"],
  "one-policy-upper-bound": [onePolicyUpperBound, "rates"],
  equilibrium: [equilibrium, "k", "centre", "delta"],
  "algebraic-equilibrium": [algebraicEquilibrium, "k", "polynomial", "interval", "masses"],
  "unique-equilibrium": [uniqueEquilibrium, "k", "unique"],
  "nlhf-ceiling": [nlhfCeiling, "bound"],
  "dictatorship-distance": [dictatorshipDistance, "k", "bound"],
  picks: [picks, "k", "eta", "policies", "nearer", "centre", "delta"],
  regularised: [regularised, "k", "tau", "reference", "policy", "radius"],
  limit: [limit, "policy", "bound"],
};

// ---- V. Verdicts --------------------------------------------------------------------------------

const CONTROLS = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A string as JSON in ASCII. */
function quoted(text) {
  const escaped = text.replace(/[^ !#-[\]-~]/g, (c) => {
    if (c === '"' || c === "\\") return `\\${c}`;
    return CONTROLS[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** Strings by their code points: by UTF-16, surrogates would come before U+E000. */
function byCodePoints(a, b) {
  const [left, right] = [[...a], [...b]];
  const i = left.findIndex((c, j) => c !== right[j]);
  if (i === -1) return left.length - right.length;
  return i < right.length ? left[i].codePointAt(0) - right[i].codePointAt(0) : 1;
}

/** A value of a file as JSON with sorted keys, without spaces. */
function canonical(value) {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!(value instanceof Map)) return String(value);
  const keys = [...value.keys()].sort(byCodePoints);
  return `{${keys.map((key) => `${quoted(key)}:${canonical(value.get(key))}`).join()}}`;
}

/** The first 32 bits of the fractional parts of roots of the first primes, for SHA-256. */
function rootsOfPrimes(count, root) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p)) primes.push(n);
  return primes.map((p) => {
    const target = BigInt(p) << (32n * root);
    let [low, high] = [0n, BigInt(p) << 32n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** root <= target) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn);
  });
}

const ROUNDS = rootsOfPrimes(64, 3n);
const START = rootsOfPrimes(8, 2n);

/** SHA-256 of a text in ASCII, in hexadecimal digits (FIPS 180-4). */
function sha256(text) {
  const length = (Math.floor((text.length + 8) / 64) + 1) * 64;
  const bytes = new DataView(new ArrayBuffer(length));
  for (let i = 0; i < text.length; i++) bytes.setUint8(i, text.charCodeAt(i));
  bytes.setUint8(text.length, 0x80);
  bytes.setBigUint64(length - 8, BigInt(text.length) * 8n);
  const turn = (x, by) => (x >>> by) | (x << (32 - by));
  const state = [...START];
  const w = new Int32Array(64);
  for (let block = 0; block < length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = bytes.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const [x, y] = [w[i - 15], w[i - 2]];
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => (state[i] = (state[i] + x) | 0));
  }
  return state.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

/** A rational in full, or beyond 200 digits an enclosure and the SHA-256 of its exact text. */
function shown(ratio) {
  const { n, d } = ratio;
  const cheap = Math.min(bitsOf(n), bitsOf(d)) <= LARGEST_REDUCED;
  const text = cheap ? ratio.toString() : "";
  if (cheap && text.length <= 200) return text;
  const scale = 10n ** 20n;
  const low = (n * scale - (n < 0n ? d - 1n : 0n)) / d;
  const ends = `[${new Ratio(low, scale)}, ${new Ratio(low + 1n, scale)}]`;
  return cheap ? `in ${ends}, SHA-256 ${sha256(text)}` : `in ${ends}`;
}

/** What a refusal adds to a line. Anything else thrown is a fault of this program. */
function refusal(error) {
  if (error instanceof RangeError) {
    return refusal(new Refusal("OVER_BUDGET", "work", "", "numbers or nesting too large"));
  }
  if (!(error instanceof Refusal)) throw error;
  const { verdict, code, pointer, detail, sides } = error;
  purse.work = Infinity;
  const texts = Object.entries(sides).map(([name, value]) => [name, shown(value)]);
  return { verdict, code, pointer, detail, ...Object.fromEntries(texts) };
}

/** The populations and certificates of a file's bytes. */
function readFile(bytes) {
  if (bytes.length > purse.bytes) {
    throw new Refusal("OVER_BUDGET", "bytes", "", `${bytes.length} bytes`);
  }
  pay(bytes.length);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("not-utf8", "", "the file is not UTF-8");
  }
  const top = new Node(new JsonReader(text).document(), "");
  const extra = top.has("provenance") ? ["provenance"] : [];
  const { format, populations, certificates } = top.keys(
    "format", "populations", "certificates", ...extra);
  format.oneOf(FORMAT);
  const about = new Map(populations.entries().map(([name, node]) => [name, readPopulation(node)]));
  const items = certificates.items();
  if (!items.length) throw certificates.fault("empty", "no certificates");
  return { about, hashes: new Map(), nodes: populations, items };
}

/** The SHA-256 of a claim, which binds it to its population's contents. */
function hashOf(claim, { nodes, hashes }) {
  const name = claim.get("population");
  if (!hashes.has(name)) hashes.set(name, sha256(canonical(nodes.at(name).value)));
  return sha256(canonical(new Map(claim).set("population", hashes.get(name))));
}

/** The line on one claim. */
function verdictOn(item, index, file, name) {
  const line = { verdict: "ACCEPTED", file: name, index, kind: null, sha256: null, claim: null };
  try {
    const { claim, witness } = item.keys("claim", "witness");
    claim.wanted(claim.value instanceof Map, "an object");
    for (const key of ["kind", "population"]) {
      if (!claim.has(key)) throw claim.fault("missing-key", key);
    }
    const kind = claim.at("kind").oneOf(...Object.keys(KINDS));
    const population = file.about.get(claim.at("population").oneOf(...file.about.keys()));
    Object.assign(line, { kind, sha256: hashOf(claim.value, file) });
    const [check, ...keys] = KINDS[kind];
    const parts = claim.keys("kind", "population", ...keys);
    const { words, decide } = check(parts, witness, population);
    line.claim = words.replaceAll("sampled 1 times", "sampled once")
      .replaceAll(" 1 outputs", " 1 output");
    decide();
  } catch (error) {
    Object.assign(line, refusal(error));
  }
  return line;
}

/**
 * The verdicts on a file, a line a claim, as they are found; a fault of the whole file is one line
 * with `index` null. `bytes` is the file, or null if it cannot be read; `limits` change budgets.
 */
export function* verdicts(bytes, name, limits = {}) {
  const budget = { ...DEFAULTS, ...limits };
  purse = { ...budget };
  let file;
  try {
    if (bytes === null) throw malformed("unreadable", "", "the file cannot be read");
    file = readFile(bytes);
  } catch (error) {
    const unknown = { kind: null, sha256: null, claim: null };
    yield { file: name, index: null, ...unknown, ...refusal(error) };
    return;
  }
  for (const [index, item] of file.items.entries()) {
    purse = { ...budget };
    yield verdictOn(item, index, file, name);
  }
}

/** A line as the command prints it. */
export function written({ verdict, ...line }) {
  const shown = Object.entries(line).map(([key, value]) =>
    `${quoted(key)}: ${typeof value === "string" ? quoted(value) : value}`);
  return `${verdict} {${shown.join(", ")}}`;
}

/** The command: the exit code. */
async function main(words) {
  const { readFileSync, writeSync } = await import("node:fs");
  const options = words.filter((word) => word.startsWith("--"));
  const files = words.filter((word) => !word.startsWith("--"));
  const limits = {};
  for (const option of options) {
    const parts = /^--max-(bytes|depth|digits|work)=([1-9][0-9]{0,14})$/.exec(option);
    if (!parts) return usage();
    limits[parts[1]] = Number(parts[2]);
  }
  if (!files.length) return usage();
  let worst = "ACCEPTED";
  const gravity = ["ACCEPTED", "OVER_BUDGET", "MALFORMED", "REJECTED"];
  for (const name of files) {
    let bytes = null;
    try {
      bytes = readFileSync(name);
    } catch {} // told by its line
    for (const line of verdicts(bytes, name, limits)) {
      writeSync(1, `${written(line)}\n`);
      if (gravity.indexOf(line.verdict) > gravity.indexOf(worst)) worst = line.verdict;
    }
  }
  return EXIT_CODES[worst];
}

function usage() {
  const budgets = Object.keys(DEFAULTS).map((name) => `[--max-${name}=N]`).join(" ");
  console.error(`usage: node checker.mjs ${budgets} FILE...`);
  return 64;
}

if (typeof process !== "undefined" && process.argv?.[1]) {
  const { pathToFileURL } = await import("node:url");
  const { realpathSync } = await import("node:fs");
  if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
    process.exitCode = await main(process.argv.slice(2));
  }
}
