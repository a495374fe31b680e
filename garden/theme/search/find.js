// What a question finds: notes and snippets, the best first, each with its sections that answer best.

// Words that tell nothing of what somebody looks for.
const EMPTY_WORDS = new Set(
  ("a about after all also am an and any are as at be because been before being but by can cannot could did do does " +
    "doing don done during each else ever every for from get gets getting give given gives go goes got had has have " +
    "having he her here his how https i if in into is it its just ll let like make makes me means might must my need not " +
    "now of off on only or other others our out over own please py re s say says see set should so some something still " +
    "such t take takes than that the their them then there these they thing things this those to too up us use used " +
    "uses using ve very want was way we well went were what when where whether which while who whose why will with " +
    "without would yet you your").split(" "),
);
const FIELDS = { title: 3, names: 3, errors: 2, heading: 2.5, about: 2, text: 1, code: 0.7 };
const SYNONYM = 0.8; // how much a word counts that was not typed but means the same
const OTHER_SECTIONS = 0.1; // how much a note gains from sections beside its best one
const LIKE_A_NAME = 0.6; // how much it gains, of the best score, if the question is one of its names
const LINKED = 0.08; // how much it gains from each doubling of the notes that link to it
const ALIKE = 0.6; // from which share of its pairs of words on a message is taken for another with other values
// A whole traceback has more words than a search can use, and says what is wrong at its end.
const MOST_WORDS = 40;

function wordsOf(text) {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

// The forms of a word are one word: connects, connected, connecting.
function stem(word) {
  if (word.length < 4 || /[\d_]/.test(word)) return word;
  return word
    .replace(/(\w{2})(?:ies|ied)$/, "$1y")
    .replace(/(ss|x|ch|sh|zz)es$/, "$1")
    .replace(/(\w{2}[^us])s$/, "$1")
    .replace(/(\w{3})(?:ing|ed)$/, "$1")
    .replace(/([^aeiouls])\1$/, "$1")
    .replace(/(\w{3})e$/, "$1");
}

// What of a word is looked up. A name counts whole and in parts: pool_pre_ping, QueuePool.
const termsOf = (() => {
  const kept = new Map();
  return (word) => {
    if (!kept.has(word)) {
      const parts = word.replace(/(\p{Ll})(?=\p{Lu})/gu, "$1_").split("_").filter((part) => part.length > 1);
      const all = (parts.length > 1 ? [word, ...parts] : [word]).map((one) => one.toLowerCase());
      kept.set(word, all.filter((one) => !EMPTY_WORDS.has(one)).map(stem));
    }
    return kept.get(word);
  };
})();

const phraseOf = (words) => words.map((word) => stem(word.toLowerCase())).join(" ");

// The neighbors in a message, all numbers alike: the values in a reader's message are others.
function pairs(text) {
  const found = wordsOf(text.toLowerCase()).map((word) => (/^\d/.test(word) ? "0" : word));
  return found.slice(1).map((word, at) => `${found[at]} ${word}`);
}

function share(part, whole) {
  return part.length ? part.filter((one) => whole.has(one)).length / part.length : 0;
}

// Gives the function that answers questions. Reading the index is work: it is done in steps, so that nobody's typing waits.
async function reading(index) {
  const { notes, parts } = index;
  const standing = new Map(); // in which notes a term stands
  let note = 0;
  const engine = new MiniSearch({
    fields: Object.keys(FIELDS),
    tokenize: wordsOf,
    processTerm: (word) => {
      const terms = termsOf(word);
      for (const term of terms) (standing.get(term) ?? standing.set(term, new Set()).get(term)).add(note);
      return terms;
    },
  });
  const messages = new Map();
  for (const error of index.errors) messages.set(error.note, `${messages.get(error.note) ?? ""} . ${error.text}`);
  let rest = performance.now() + 12;
  for (const [id, part] of parts.entries()) {
    note = part.note;
    const { title, names, about } = notes[note];
    const above = part.heading ? {} : { about, errors: messages.get(note) };
    engine.add({ id, title, names: names.join(" . "), ...above, ...part });
    if (performance.now() < rest) continue;
    await new Promise((resolve) => setTimeout(resolve));
    rest = performance.now() + 12;
  }
  const names = notes.flatMap((about, at) =>
    [about.title, ...about.names].map((name) => {
      return { note: at, exactly: name.toLowerCase(), terms: new Set(wordsOf(name).flatMap(termsOf)) };
    }),
  );
  const errors = index.errors.map((error) => {
    const told = pairs(error.text);
    return { ...error, told, telling: new Set(told) };
  });
  const synonyms = new Map(
    Object.entries(index.words).map(([typed, meant]) => [phraseOf(wordsOf(typed)), wordsOf(meant).flatMap(termsOf)]),
  );
  const all = Math.log(1 + notes.length);
  const rarity = (term) => Math.log(1 + notes.length / (standing.get(term)?.size ?? 1)) / all;

  // The terms to look for, with how much each counts; those that were typed; and the last, which may still grow.
  function asked(question) {
    // Where a class is defined, and where its page is, tells less than its name.
    const named = question.replace(/https?:\/\/\S*\//g, " ").replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z])/g, "");
    const words = wordsOf(named).slice(-4 * MOST_WORDS);
    const telling = words.filter((word) => !EMPTY_WORDS.has(word.toLowerCase()) && !/^\d\d?$/.test(word));
    const used = (telling.length ? telling : words).slice(-MOST_WORDS);
    const typed = new Set();
    const weights = new Map();
    for (const word of used) {
      const whole = stem(word.toLowerCase());
      typed.add(whole);
      weights.set(whole, 1);
      // A name that the notes do not have may have parts that they do have.
      if (!standing.has(whole)) for (const part of termsOf(word)) if (standing.has(part)) weights.set(part, SYNONYM);
    }
    for (const at of words.keys()) {
      for (const length of [1, 2, 3]) {
        const meant = synonyms.get(phraseOf(words.slice(at, at + length))) ?? [];
        for (const term of meant) if (!weights.has(term)) weights.set(term, SYNONYM);
      }
    }
    return { weights, typed, last: used.length ? stem(used.at(-1).toLowerCase()) : "" };
  }

  return (question) => {
    const { weights, typed, last } = asked(question);
    const found = new Map();
    const at = (number) => found.get(number) ?? found.set(number, { note: number, score: 0, parts: [] }).get(number);
    const hits = engine.search([...weights.keys()].join(" "), {
      tokenize: (text) => text.split(" ").filter(Boolean),
      processTerm: (term) => term,
      boost: FIELDS,
      boostTerm: (term) => weights.get(term) * rarity(term),
      boostDocument: (id) => notes[parts[id].note].boost * (1 - (parts[id].linked ?? 0) / 2),
      prefix: (term) => term === last && term.length > 1,
      fuzzy: (term) => (typed.has(term) && !standing.has(term) && term.length > 3 ? 0.25 : false),
      maxFuzzy: 2,
    });
    for (const { id, score, terms } of hits) {
      const one = at(parts[id].note);
      one.score += one.parts.length ? score * OTHER_SECTIONS : score;
      one.parts.push({ part: parts[id], score, terms: new Set(terms) });
    }
    const best = Math.max(1, ...[...found.values()].map((one) => one.score));

    const like = new Map();
    const exactly = question.trim().toLowerCase();
    for (const name of names) {
      const shared = [...name.terms].filter((term) => typed.has(term)).length;
      const alike = (shared / (name.terms.size || 1)) * (shared / (typed.size || 1)) * notes[name.note].boost;
      const gained = best * (name.exactly === exactly ? 2 : LIKE_A_NAME * alike);
      if (gained > (like.get(name.note) ?? 0)) like.set(name.note, gained);
    }
    for (const [number, gained] of like) at(number).score += gained;
    for (const one of found.values()) one.score *= 1 + LINKED * Math.log2(1 + notes[one.note].links);

    // A message that a note explains goes before everything else, and the list of all messages comes next.
    const said = pairs(question);
    const saying = new Set(said);
    const words = new Set(wordsOf(question.toLowerCase()));
    const above = 1.2 * Math.max(1, ...[...found.values()].map((one) => one.score));
    for (const { note: number, text, told, telling } of errors) {
      const same = Math.max(share(told, saying), said.length > 1 ? share(said, telling) : 0);
      const one = same < ALIKE ? null : at(number);
      if (!one || same <= (one.same ?? 0)) continue;
      Object.assign(one, { same, words, error: text, score: above * (1 + same) });
      if (index.list !== null) Object.assign(at(index.list), { listing: true, score: above });
    }
    return [...found.values()].sort((one, other) => other.score - one.score);
  };
}
