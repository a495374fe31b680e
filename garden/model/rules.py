"""The rules: what each is called, how serious it is, why it exists, and a wrong and a right example.

``garden check --explain`` and the table of rules on the site come from here. Snippets are checked on every Python that
they run on, so this module has to be read by all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How serious a problem is."""

    ERROR = "fails a strict build"
    REVIEW = "fails a pull request"
    ADVICE = "fails nothing"


@dataclass(frozen=True, slots=True)
class RuleText:
    """Why a rule exists, and what is wrong and right by it, as a contributor types it."""

    why: str
    wrong: str
    right: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class ToolRule:
    """A rule of a program that other people wrote, by its code there, such as ``MD056``."""

    code: str

    @property
    def severity(self) -> Severity:
        """What a tool reports has to be fixed."""
        return Severity.ERROR

    def __str__(self) -> str:
        return self.code


class Rule(Enum):
    """The rules of this engine. Each is called like its member, in kebab case: ``link-missing``."""

    # Files

    FILE_NAME = RuleText(
        why="The file's name becomes the page's address, which people type, send and read aloud.",
        wrong="docs/New ideas/Pool_Size.md",
        right="docs/new-ideas/pool-size.md",
    )
    FILE_ENDING = RuleText(
        why="Only a file that ends in `.md` is read as a note. MkDocs makes a page of this one that nothing checks.",
        wrong="docs/pool-size.markdown",
        right="docs/pool-size.md",
    )
    FILE_ADDRESS = RuleText(
        why="Two files with one address overwrite each other, so readers see only one of them.",
        wrong="docs/pools.md\ndocs/pools/index.md",
        right="docs/pools.md\ndocs/pools/size.md",
    )
    FILE_PLACE = RuleText(
        why="The build writes the pages of the snippets to this place, and would overwrite the file.",
        wrong="docs/snippets/lease.md",
        right="docs/leases.md",
    )
    FILE_SYMLINK = RuleText(
        why="A symbolic link can publish a file from outside the site, or one note under two addresses.",
        wrong="docs/pools.md -> ../drafts/pools.md",
        right="docs/pools.md",
    )
    FILE_TOO_LARGE = RuleText(
        why="Every reader waits for every kilobyte, most of all on a phone.",
        wrong="docs/plot.png, 900 kB",
        right="docs/plot.webp, 80 kB",
    )
    FILE_TYPE = RuleText(
        why="A browser treats this kind of file as a page with scripts of its own, and nothing checks those.",
        wrong="docs/demo.html",
        right="docs/demo.md",
    )
    FILE_ENCODING = RuleText(
        why="Every file is read as UTF-8 without a byte order mark. Other bytes and invisible control characters would "
        "reach the reader, who copies them.",
        wrong='"größe" saved as Latin-1',
        right='"größe" saved as UTF-8',
    )
    IMAGE_ACTIVE = RuleText(
        why="An SVG image can hold scripts and load from other sites. Those would run in the reader's browser.",
        wrong="<svg><script>…</script></svg>",
        right='<svg><path d="M0 0h9v9"/></svg>',
    )
    IMAGE_ALT = RuleText(
        why="Readers who cannot see an image hear its alternative text instead.",
        wrong="![[plot.png]]",
        right="![[plot.png|Wait time by pool size]]",
    )
    IMAGE_ELSEWHERE = RuleText(
        why="An image on another site can change or go away, and tells that site who reads this page.",
        wrong="![A plot](https://example.org/plot.png)",
        right="![A plot](plot.png)",
    )
    IMAGE_UNUSED = RuleText(
        why="An image that no note shows is published all the same, and nobody knows what it is for.",
        wrong="docs/forgotten.png",
        right="![[forgotten.png|What it shows]]",
        severity=Severity.ADVICE,
    )

    # Front matter

    FRONT_MATTER_PLACE = RuleText(
        why="Front matter counts only if it begins on line 1. Lower down, readers see it as text.",
        wrong="\n---\ntags: [pooling]\n---",
        right="---\ntags: [pooling]\n---",
    )
    FRONT_MATTER_SYNTAX = RuleText(
        why="Front matter is a short list of YAML lines between two lines of `---`. Anything else cannot be read.",
        wrong="---\ntitle: Pools: how large?\n---",
        right='---\ntitle: "Pools: how large?"\n---',
    )
    FRONT_MATTER_KEY = RuleText(
        why="A key that the engine does not know has no effect, and of two equal keys only one would count.",
        wrong="tag: [pooling]",
        right="tags: [pooling]",
    )
    FRONT_MATTER_VALUE = RuleText(
        why="Each key takes one kind of value: a text, a list of texts, tags without spaces, or old addresses.",
        wrong="tags: [connection pools]",
        right="tags: [connection-pools]",
    )
    FRONT_MATTER_DATE = RuleText(
        why="`reviewed` tells readers how old the note's facts are. It is a day in the form of ISO 8601, and never one "
        "that is yet to come.",
        wrong="reviewed: last week",
        right="reviewed: 2026-01-31",
    )
    TAG_MISSPELLED = RuleText(
        why="A query by tag does not find a note whose tag is spelled in another way.",
        wrong="tags: [poolling]",
        right="tags: [pooling]",
        severity=Severity.ADVICE,
    )
    TITLE_MISSING = RuleText(
        why="The title names the note in links, menus, the search and the browser's tab.",
        wrong="A pool keeps connections open.",
        right="# Pools\n\nA pool keeps connections open.",
    )
    TITLE_TAKEN = RuleText(
        why="Links find a note by its title, so each title and each alias belongs to one note.",
        wrong="# Pool size\n\n(docs/sizing.md has this title too)",
        right="# Pool size in tests",
    )
    ALIAS_TAKEN = RuleText(
        why="Links find a note by its aliases, so each alias belongs to one note.",
        wrong="aliases: [pool size]   # the title of another note",
        right="aliases: [size of a pool]",
    )
    ERROR_MESSAGE_TAKEN = RuleText(
        why="Readers paste an error message and expect one page that explains it.",
        wrong="errors: [QueuePool limit reached]   # in two notes",
        right="errors: [QueuePool limit reached]   # in one of them",
    )
    OLD_ADDRESS_TAKEN = RuleText(
        why="An old address leads to one page. It cannot also be the address of another.",
        wrong="moved_from: [pools/]   # where a page is",
        right="moved_from: [old/pools/]",
    )
    READING_PATH_HEADING = RuleText(
        why="A reading path is the numbered list below the heading that `paths` names.",
        wrong="paths: [Begin here]\n\n## Where to begin",
        right="paths: [Where to begin]\n\n## Where to begin",
    )
    READING_PATH_STEP = RuleText(
        why="Each step of a reading path leads to one note, and at least two different steps make a path.",
        wrong="1. The basics",
        right="1. [[Pools]]: the basics\n2. [[Pool size]]",
    )

    # Links

    LINK_MISSING = RuleText(
        why="A link that leads nowhere strands the reader, and the note it should lead to loses a backlink.",
        wrong="See [[polling]].",
        right="See [[Pooling]].",
    )
    LINK_AMBIGUOUS = RuleText(
        why="If two notes share a file name, the link could mean either. Its path says which.",
        wrong="[[size]]",
        right="[[pools/size]]",
    )
    LINK_EMPTY = RuleText(
        why="A link needs something to lead to.",
        wrong="[the docs]()",
        right="[the docs](pools.md)",
    )
    LINK_UNCLOSED = RuleText(
        why="Without its closing brackets, readers see the link as it is typed.",
        wrong="Read [[Pools first.",
        right="Read [[Pools]] first.",
    )
    LINK_NESTED = RuleText(
        why="A browser follows one link per click, so HTML allows no link inside another.",
        wrong="[about [[Pools]]](https://example.org)",
        right="[about pools](https://example.org), see [[Pools]]",
    )
    LINK_SCHEME = RuleText(
        why="Addresses such as `javascript:` run code in the reader's browser.",
        wrong="[click](javascript:alert())",
        right="[read](https://example.org)",
    )
    LINK_ABSOLUTE = RuleText(
        why="The site may be published below a folder, where an address from the top of the host leads nowhere.",
        wrong="[pools](/pools.md)",
        right="[pools](pools.md)",
    )
    LINK_SYNTAX = RuleText(
        why="With a space in its middle or without its end, Markdown shows a link as it is typed.",
        wrong="[pools] (pools.md)",
        right="[pools](pools.md)",
    )
    LINK_REFERENCE = RuleText(
        why="A reference without its line is shown as it is typed.",
        wrong="[the docs][pools]",
        right="[the docs][pools]\n\n[pools]: https://example.org",
    )
    HEADING_MISSING = RuleText(
        why="A link to a heading that is gone leads to the top of the page, far from what the reader wants.",
        wrong="[[Pools#Sizes]]",
        right="[[Pools#Size]]",
    )
    HEADING_AMBIGUOUS = RuleText(
        why="A heading that the page has twice could be either. The heading above it, or an id, says which.",
        wrong="[[Pools#Why]]",
        right="[[Pools#Size#Why]]",
    )
    BLOCK_MISSING = RuleText(
        why="A link to a named block leads to the paragraph, list item or table that ends with that name.",
        wrong="[[Pools#^budget]]",
        right="The budget is shared. ^budget",
    )
    BLOCK_NAME = RuleText(
        why="A block's name stands at the end of the block, and once in a note. Otherwise a link could mean several.",
        wrong="One. ^budget\n\nTwo. ^budget",
        right="One. ^budget\n\nTwo. ^limit",
    )
    TEST_MISSING = RuleText(
        why="A link to a test is evidence. It has to lead to a test that exists.",
        wrong="[[lease.py#test_returns]]",
        right="[[lease.py#test_returned]]",
    )
    NOTE_UNLINKED = RuleText(
        why="Readers and search engines find a note through the links of other notes.",
        wrong="docs/pools.md, without a link to it",
        right="See [[Pools]].   (in another note)",
        severity=Severity.REVIEW,
    )
    NOTE_UNLISTED = RuleText(
        why="A note that the navigation does not name is in no menu.",
        wrong="nav:\n  - index.md",
        right="nav:\n  - index.md\n  - pools.md",
        severity=Severity.ADVICE,
    )
    NAVIGATION_MISSING = RuleText(
        why="A menu entry has to lead to a page.",
        wrong="nav:\n  - pool.md",
        right="nav:\n  - pools.md",
    )

    # Embeds

    EMBED_INLINE = RuleText(
        why="An embed becomes a block of its own, which cannot stand inside a sentence.",
        wrong="As we know: ![[Pools]] so be it.",
        right="As we know:\n\n![[Pools]]",
    )
    EMBED_TYPE = RuleText(
        why="Only notes, parts of notes written in Markdown, and images can be shown in a page.",
        wrong="![[data.csv]]",
        right="[[data.csv]]",
    )
    EMBED_CYCLE = RuleText(
        why="A note that shows itself, directly or through others, would never end.",
        wrong="![[Pools]]   (in the note Pools)",
        right="[[Pools#Size]]",
    )
    EMBED_TOO_LARGE = RuleText(
        why="Embeds of embeds can double with every step. Nobody reads a page of that length.",
        wrong="![[All notes]]",
        right="[[All notes]]",
    )

    # Markdown

    MARKDOWN_TOO_DEEP = RuleText(
        why="Nesting deeper than Markdown can follow stops the build, and no reader can follow it either.",
        wrong="> > > > > > (hundreds of levels)",
        right="> one or two levels",
    )
    MARKUP_UNCLOSED = RuleText(
        why="Signs of bold text or code without their partner are shown as they are typed.",
        wrong="A **large pool is `slow.",
        right="A **large** pool is `slow`.",
    )
    COMMENT_UNCLOSED = RuleText(
        why="Readers see a comment that never ends.",
        wrong="A pool %% check this",
        right="A pool %% check this %%",
    )
    HEADING_EMPTY = RuleText(
        why="Readers, and those who listen to a page, find their way by its headings.",
        wrong="##",
        right="## Size",
    )
    LIST_INDENT = RuleText(
        why="Markdown puts an item that is indented too little into the list of the item above it.",
        wrong="- outer\n  1. inner",
        right="- outer\n    1. inner",
    )
    HTML_ATTRIBUTE = RuleText(
        why="A list says which attributes a note may use. Others run code in the reader's browser, load from other "
        "sites, or cover the page.",
        wrong='<b onclick="track()">large</b>',
        right="<b>large</b>",
    )
    HTML_ELEMENT = RuleText(
        why="A list says which elements a note may use. Others act in the reader's browser, or Markdown has a sign for "
        "them, so that every note looks alike and can be checked.",
        wrong="<strong>large</strong>",
        right="**large**",
    )

    # Prose

    NOTE_LENGTH = RuleText(
        why="A shorter note lacks its evidence, and a longer one is two notes.",
        wrong="a note of 200 words, or of 3,000",
        right="a note of 600 to 1,500 words",
    )
    NOTE_UNFINISHED = RuleText(
        why="`make note` and `make snippet` leave places to fill in. Readers should never see one.",
        wrong="%% fill in: the answer, in two sentences %%",
        right="A pool of ten is enough for most services.",
    )
    FIGURE_TYPED = RuleText(
        why="Nobody measured a number that is typed by hand, or nobody notices when it is no longer true.",
        wrong="Connecting takes 12 ms.",
        right="Connecting takes `= connect.scram.ratio` times as long.",
    )
    WORD_FILLER = RuleText(
        why="Words that add nothing cost every reader time.",
        wrong="Simply open a pool.",
        right="Open a pool.",
    )
    WORD_PRAISE = RuleText(
        why="Praise that no test has shown is advertising. Say what the thing does.",
        wrong="A powerful pool.",
        right="A pool that keeps ten connections open.",
    )
    WORD_LONG = RuleText(
        why="Many readers do not have English as their first language, and short words are quicker for everyone.",
        wrong="in order to connect",
        right="to connect",
    )
    WORD_TODO = RuleText(
        why="Readers cannot use what is left to do.",
        wrong="TODO: measure this.",
        right="%% TODO: measure this. %%",
    )
    GLOSSARY_DEFINITION = RuleText(
        why="A term of the glossary stands directly above its definition. Pages show that text when a reader points at "
        "the term.",
        wrong="Checkout",
        right="Checkout\n:   Taking a connection out of the pool.",
    )
    GLOSSARY_DUPLICATE = RuleText(
        why="A term has one definition, or pages could not tell which one to show.",
        wrong="Checkout\n:   …\n\nLease %%also: checkout%%\n:   …",
        right="Checkout\n:   …\n\nLease\n:   …",
    )

    # What the build computes

    RECORD_MISSING = RuleText(
        why="A figure is named by its record, its row and its column. The name has to lead to a number.",
        wrong="`= connect.scrum.ratio`",
        right="`= connect.scram.ratio`",
    )
    RECORD_OPTION = RuleText(
        why="A block `measured` names a record and how to draw it. Nothing else can be drawn.",
        wrong="```measured\nrecord: connect\nplot: cake\n```",
        right="```measured\nrecord: connect\nplot: bars\n```",
    )
    RECORD_FORMAT = RuleText(
        why="Only the programs that measure write records. One that was edited by hand proves nothing.",
        wrong='{"ratio": "fast"}',
        right="make measure ONLY=connect",
    )
    RECORD_OUTDATED = RuleText(
        why="A number that was measured with another major version of a library may no longer be true.",
        wrong="measured with SQLAlchemy 1.4, while 2.0 is in use",
        right="make measure ONLY=connect",
    )
    RECORD_SERVER = RuleText(
        why="A number that was measured on another major version of a server may not hold on the tested one. The build "
        "that is published fails.",
        wrong="measured on PostgreSQL 12, while the tests ran on 17",
        right="make measure ONLY=connect",
        severity=Severity.REVIEW,
    )
    QUERY_SYNTAX = RuleText(
        why="A query that cannot be read lists nothing.",
        wrong="```dataview\nFROM #pooling\n```",
        right="```dataview\nLIST FROM #pooling\n```",
    )
    QUERY_UNSUPPORTED = RuleText(
        why="The site is computed once, when it is built, and supports only this part of Dataview's language.",
        wrong="```dataview\nTASK FROM #pooling\n```",
        right="```dataview\nLIST FROM #pooling\n```",
    )
    QUERY_NAME = RuleText(
        why="A query can only use folders, notes, fields and functions that exist.",
        wrong="TABLE words",
        right="TABLE reviewed",
    )
    CALCULATOR_SNIPPET = RuleText(
        why="A calculator is made of one snippet, so its block holds one path.",
        wrong="```calculator\nsizing\n```",
        right="```calculator\nsizing/deadlock_bound.py\n```",
    )
    CALCULATOR_FUNCTION = RuleText(
        why="The form is made of the function that is called like the file: its annotated parameters, what its "
        "docstring says of each, and what it returns.",
        wrong="def deadlock_bound(*numbers): ...",
        right="def deadlock_bound(threads: int) -> int:\n    …\n    Args:\n        threads: how many (1 or more)",
    )
    CALCULATOR_EXAMPLE = RuleText(
        why="The form opens with the worked example that the tests hold to what the snippet prints.",
        wrong='print("done")',
        right="deadlock_bound(threads=4)\n  deadlock_bound = 5",
    )
    CALCULATOR_SCRIPT = RuleText(
        why="The reader's browser computes with the function in JavaScript, which tests hold to the one in Python.",
        wrong="(no function in docs/assets/calculators.js)",
        right="export function deadlock_bound({ threads }) { … }",
    )

    # Code in notes

    CODE_UNCLOSED = RuleText(
        why="The rest of the note becomes part of a block of code that is never closed.",
        wrong="```text\nSELECT 1\n\nA pool keeps connections open.",
        right="```text\nSELECT 1\n```\n\nA pool keeps connections open.",
    )
    CODE_HEADER = RuleText(
        why="Behind its language, a block takes a title and marked lines. Anything else hides the block or is lost.",
        wrong="```python linenos\n```",
        right='```python title="pool.py"\n```',
    )
    CODE_UNTESTED = RuleText(
        why="Nobody runs Python that is typed into a page, so nobody notices when it stops working.",
        wrong="```python\npool = create()\n```",
        right='```python\n--8<-- "pooling/lease.py:lease"\n```',
    )
    INCLUDE_SYNTAX = RuleText(
        why="An include is one line of exactly this form. Any other is shown as it is typed.",
        wrong="--8<-- pooling/lease.py",
        right='--8<-- "pooling/lease.py:lease"',
    )
    INCLUDE_PLACE = RuleText(
        why="Outside a fenced block, included code would be read as Markdown. In a quotation, nothing is included.",
        wrong='--8<-- "pooling/lease.py"',
        right='```python\n--8<-- "pooling/lease.py"\n```',
    )
    INCLUDE_TARGET = RuleText(
        why="Line numbers and addresses change without notice. A path below snippets/ and the name of a region stay.",
        wrong='--8<-- "pooling/lease.py:3:9"',
        right='--8<-- "pooling/lease.py:lease"',
    )
    INCLUDE_MISSING = RuleText(
        why="The page would show nothing where the code should be.",
        wrong='--8<-- "pooling/laese.py"',
        right='--8<-- "pooling/lease.py"',
    )
    INCLUDE_REGION = RuleText(
        why="An include of a region needs the two marker lines of that name in the snippet.",
        wrong='--8<-- "pooling/lease.py:laese"',
        right='--8<-- "pooling/lease.py:lease"',
    )
    INCLUDE_FENCE = RuleText(
        why="A line of the snippet looks like the end of the block, so the rest would be read as Markdown.",
        wrong='```text\n--8<-- "topic/fenced.out"\n```',
        right='````text\n--8<-- "topic/fenced.out"\n````',
    )
    INCLUDE_BROKEN = RuleText(
        why="The page would show something other than what was tested.",
        wrong="an include of a snippet that has problems",
        right="the same include, once the snippet is fixed",
    )

    # Snippets

    SNIPPET_SYNTAX = RuleText(
        why="A reader copies the file and runs it, so it has to be Python.",
        wrong="def lease() return 1",
        right="def lease():\n    return 1",
    )
    SNIPPET_EMPTY = RuleText(
        why="An empty file has nothing to show.",
        wrong="(an empty file)",
        right="pool = 5",
    )
    SNIPPET_ALONE = RuleText(
        why="A reader copies one file. What it imports from its neighbors is not there.",
        wrong="from snippets.pooling.lease import lease",
        right="def lease(): ...",
    )
    SNIPPET_IMPORT = RuleText(
        why="The header tells the reader and `uv run` what to install. What it does not list is missing on other "
        "machines.",
        wrong="# dependencies = []\n\nimport sqlalchemy",
        right='# dependencies = ["sqlalchemy>=2.0"]\n\nimport sqlalchemy',
    )
    SNIPPET_HEADER = RuleText(
        why="The header of PEP 723 says which Python and which packages a snippet needs: all of them, and no others.",
        wrong="# /// script\n# dependencies = []\n# ///",
        right='# /// script\n# requires-python = ">=3.10"\n# dependencies = []\n# ///',
    )
    SNIPPET_LICENSE = RuleText(
        why="A reader who copies the file has to know that they may.",
        wrong='"""A lease."""',
        right="# SPDX-License-Identifier: MIT-0",
    )
    SNIPPET_DOCSTRING = RuleText(
        why="The snippet's page is made of its docstrings: a title, when to use it, when not, and what each part does.",
        wrong='"""lease"""',
        right='"""A lease that ends by itself.\n\nUse it when …. Not when ….\n\nServers: SQLite.\n"""',
    )
    SNIPPET_SERVERS = RuleText(
        why="The tests run a snippet on each server that its docstring names, and readers see which these are.",
        wrong="Servers: Oracle.",
        right="Servers: SQLite, PostgreSQL.",
    )
    SNIPPET_DEMO = RuleText(
        why="`demo()` prints what a reader should see. Code that prints elsewhere surprises those who import it.",
        wrong="print(lease())",
        right='def demo() -> None:\n    print(lease())\n\n\nif __name__ == "__main__":\n    demo()',
    )
    SNIPPET_ANTIPATTERN = RuleText(
        why="A reader who copies part of an anti-pattern has to see the warning with it. Other snippets carry none.",
        wrong="connection = connect()   # in snippets/antipatterns/",
        right="# ANTI-PATTERN: two threads share one connection.\nconnection = connect()",
    )
    SNIPPET_DATA = RuleText(
        why="A reader may run the demo on a database that holds data. It drops only what it has created itself.",
        wrong='connection.execute(text("DROP TABLE IF EXISTS counter"))',
        right='if inspect(engine).has_table("counter"):\n'
        '    sys.exit("table counter exists, and the demo would drop it: …")',
    )
    SNIPPET_LENGTH = RuleText(
        why="Few readers read a snippet that is longer than a few screens.",
        wrong="a snippet of 300 lines",
        right="a snippet of at most 160 lines",
    )
    SNIPPET_TEST = RuleText(
        why="What no test asserts may stop working without notice.",
        wrong="def test_lease():\n    lease()",
        right="def test_lease():\n    assert lease() == 1",
    )
    SNIPPET_TOPIC = RuleText(
        why="Tests and pages find a snippet in the folder of its topic.",
        wrong="snippets/lease.py",
        right="snippets/pooling/lease.py",
    )
    SNIPPET_LEFT_OVER = RuleText(
        why="An output or a test without its snippet shows and proves nothing.",
        wrong="snippets/pooling/lease.out, without lease.py",
        right="snippets/pooling/lease.out\nsnippets/pooling/lease.py",
    )
    SNIPPET_OUTPUT_MISSING = RuleText(
        why="Pages show what a snippet printed, on each of its servers. The tests hold the snippet to it.",
        wrong="snippets/pooling/lease.py, without lease.out",
        right="make outputs ONLY=pooling/lease",
    )
    SNIPPET_OUTPUT_STALE = RuleText(
        why="The snippet has changed since its output was kept, so the page may show what it no longer prints.",
        wrong="lease.py is newer than lease.out",
        right="make outputs ONLY=pooling/lease",
        severity=Severity.REVIEW,
    )
    SNIPPET_UNSHOWN = RuleText(
        why="A snippet that no note includes has no explanation. The build that is published fails.",
        wrong="snippets/pooling/lease.py, in no note",
        right='--8<-- "pooling/lease.py:lease"',
        severity=Severity.REVIEW,
    )
    SNIPPET_UNVERIFIED = RuleText(
        why="The site that is published shows only code whose tests have passed for exactly this text.",
        wrong="PROOFS=required make build",
        right="make test\nPROOFS=required make build",
    )
    REGION_MARKER = RuleText(
        why="A marker stands alone on its line. Pages drop the whole line, and the code beside the marker with it.",
        wrong="pool = 5  # --8<-- [start:size]",
        right="# --8<-- [start:size]\npool = 5\n# --8<-- [end:size]",
    )
    REGION_BOUNDS = RuleText(
        why="A region begins once, holds code, and ends before the next one begins.",
        wrong="# --8<-- [start:size]\npool = 5",
        right="# --8<-- [start:size]\npool = 5\n# --8<-- [end:size]",
    )
    REGION_MISSING = RuleText(
        why="Notes show a region of a snippet, and the rest on its page.",
        wrong="pool = 5",
        right="# --8<-- [start:size]\npool = 5\n# --8<-- [end:size]",
    )

    # The site

    CONFIG_SYNTAX = RuleText(
        why="mkdocs.yml is YAML. Without it there is no site.",
        wrong="site_name: Pools: a guide",
        right='site_name: "Pools: a guide"',
    )
    SETTING_UNKNOWN = RuleText(
        why="A setting that the plugin does not know has no effect.",
        wrong="plugins:\n  - garden:\n      repo: …",
        right="plugins:\n  - garden:\n      repository: …",
    )
    SETTING_VALUE = RuleText(
        why="A setting takes one kind of value. One that is wrong counts as if it were not there.",
        wrong="plugins:\n  - garden:\n      repository: owner/name",
        right="plugins:\n  - garden:\n      repository: https://github.com/owner/name",
    )
    SITE_ADDRESS = RuleText(
        why="Feeds, citations and search engines need the address that readers use.",
        wrong="PROOFS=required make build",
        right="SITE_URL=https://guide.example/ PROOFS=required make build",
    )
    HISTORY_MISSING = RuleText(
        why="The dates on pages and the feed of what is new come from git.",
        wrong="git clone --depth 1 …",
        right="git clone …",
        severity=Severity.ADVICE,
    )
    PROOFS_FORMAT = RuleText(
        why="Only a test run writes proofs.json. One that was edited by hand proves nothing.",
        wrong='{"pooling/lease.py": "works"}',
        right="make test",
    )
    RUNTIME_MISSING = RuleText(
        why="Readers of the published site run snippets in their browser, which needs its Python.",
        wrong="PROOFS=required make build",
        right="make runtime\nPROOFS=required make build",
    )
    SEARCH_SYNONYM = RuleText(
        why="A line that the search cannot use leaves readers who type these words without the note.",
        wrong="Frozen, stuck",
        right="frozen, stuck: timeout",
    )
    RELEASED_ADDRESS = RuleText(
        why="Other sites link to addresses that were once published, so each has to lead somewhere.",
        wrong="git mv docs/pools.md docs/sizing.md",
        right="make rename FROM=docs/pools.md TO=docs/sizing.md",
    )
    RELEASED_HEADING = RuleText(
        why="Other sites link to headings too. An id keeps the old place of a heading that is reworded.",
        wrong="## How large?",
        right="## How large? { #size }",
        severity=Severity.REVIEW,
    )

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")

    @property
    def severity(self) -> Severity:
        """How serious a breach of it is, unless the problem says otherwise."""
        return self.value.severity


NAMED = {str(rule): rule for rule in Rule}
