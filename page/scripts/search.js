// The search takes colons, quotes, dashes and stars for commands, and "in" for the beginning of "invalid". People paste
// error messages and ask in sentences: hand over the words that tell something.

const EMPTY_WORDS = new Set(
  ("a about after all also am an and any are as at be because been before but by can cannot could did do does doing don " +
    "done each for from get gets getting give gives go goes got had has have having he her his how https i if in into is " +
    "it its just ll let like make me my need no not of off on only or our out over own please re s say says set should " +
    "so some still such t than that the their them then there these they this to too up us use used using ve very want " +
    "was way we well went were what when where whether which while who why will with would yet you your").split(" "),
);

function stem(word) {
  return word
    .replace(/^(\w{4,}?)(?:ing|ed)$/, "$1")
    .replace(/^(\w+?)ies$/, "$1")
    .replace(/^(\w*(?:ss|x|ch|sh))es$/, "$1")
    .replace(/^(\w{2,}[^su])s$/, "$1");
}

// A word as it is written counts for more than its other forms. With a weight, the search takes it for a whole word.
function forms(word) {
  return [`${word}^3`, ...["", "s", "ing", "ed"].map((ending) => `${stem(word)}${ending}^1`)];
}

function asked(text) {
  // Where a class is defined, and where its page is, tells less than its name.
  const named = text.replace(/https?:\/\/\S*\//g, " ").replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z])/g, "");
  const words = named.toLowerCase().match(/\w+(?:\.\d+)?/g) ?? [];
  const telling = words.filter((word) => !EMPTY_WORDS.has(word) && !/^(?:\w|\d\d?|\d+\.\d+)$/.test(word));
  // Of a whole traceback the end says what is wrong. The last word may still grow.
  const last = [...new Set(telling.length ? telling : words)].slice(-40);
  return [...new Set([...last.flatMap(forms), ...last.slice(-1)])].join(" ");
}

const searchBox = document.querySelector("input[data-md-component='search-query']");
if (searchBox) {
  const typed = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  Object.defineProperty(searchBox, "value", {
    get: () => asked(typed.get.call(searchBox)),
    set: (text) => typed.set.call(searchBox, text),
  });
}
