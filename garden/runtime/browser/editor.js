// The editor, fetched when it is asked for. It lives in a shadow tree: only there do its styles need no <style> element,
// which the site's Content-Security-Policy would refuse.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { diff } from "@codemirror/merge";
import { EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const color = (name) => ({ color: `var(--md-code-hl-${name}-color)` });
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.self, tags.bool, tags.null], ...color("keyword") },
  { tag: [tags.string, tags.special(tags.string)], ...color("string") },
  { tag: tags.number, ...color("number") },
  { tag: [tags.comment, tags.meta], ...color("comment") },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], ...color("function") },
  { tag: [tags.operator, tags.definitionOperator], ...color("operator") },
]);

const theme = EditorView.theme({
  "&": { color: "var(--md-code-fg-color)", backgroundColor: "var(--md-code-bg-color)", fontSize: "inherit" },
  "&.cm-focused": { outline: "2px solid var(--md-typeset-a-color)" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.4", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--md-code-fg-color)", padding: ".6rem 0" },
  ".cm-gutters": {
    color: "var(--md-default-fg-color--light)",
    backgroundColor: "var(--md-code-bg-color)",
    borderRight: "1px solid var(--guide-line)",
  },
  ".cm-changed": { boxShadow: "inset .2rem 0 var(--md-accent-fg-color)", backgroundColor: "var(--guide-changed)" },
  ".cm-failed": { backgroundColor: "var(--guide-failed)" },
});

// Typed over a selection, text would come from the browser with inline styles, which the policy refuses.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

const setFailed = StateEffect.define();
const failed = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setFailed)) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Marks each line that differs from the tested text, and the one below a line that is gone.
function changes(original) {
  const marked = (state) => {
    const builder = new RangeSetBuilder();
    let next = 1;
    for (const { fromB, toB } of diff(original, state.doc.toString())) {
      const last = state.doc.lineAt(Math.min(Math.max(fromB, toB - 1), state.doc.length)).number;
      for (let line = Math.max(next, state.doc.lineAt(Math.min(fromB, state.doc.length)).number); line <= last; line++) {
        const at = state.doc.line(line).from;
        builder.add(at, at, Decoration.line({ class: "cm-changed" }));
        next = line + 1;
      }
    }
    return builder.finish();
  };
  return StateField.define({
    create: marked,
    update: (marks, transaction) => (transaction.docChanged ? marked(transaction.state) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

// Puts an editor into `host`. `first` is the number of its first line, `label` its name for those who do not see it.
export function edit(host, { text, original, first, label, changed, run }) {
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers({ formatNumber: (line) => String(line + first - 1) }),
        history(),
        indentUnit.of("    "),
        indentOnInput(),
        bracketMatching(),
        python(),
        syntaxHighlighting(highlighting),
        theme,
        typedOver,
        failed,
        changes(original),
        keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, indentWithTab, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    mark(line) {
      const at = line - first + 1;
      if (at < 1 || at > view.state.doc.lines) return;
      const where = view.state.doc.line(at).from;
      const effects = [setFailed.of(Decoration.set(Decoration.line({ class: "cm-failed" }).range(where)))];
      view.dispatch({ effects: [...effects, EditorView.scrollIntoView(where, { y: "nearest" })] });
    },
    remove: () => view.destroy(),
  };
}
