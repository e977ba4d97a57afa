//! The view of an answer: totals at once, the rest built from the slots when it is asked for.

use super::joined;
use super::types::{is_optional, of, REASON};
use crate::quote::shape::{Kind, Member, Names, Shape, QUOTE, REASON_SLOTS};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

const IMPORTS: &str = "import type { Answer } from './answer.js';
import type { Names } from './encoder.js';
import type { FixBy, Place } from './error.js';
import type { Description, Host, Live } from './live.js';
";

const PRUNED: &str = "
/** Leaves out what is not there. */
function pruned<T extends object>(given: object): T {
  const there = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as T;
}
";

pub fn write() -> String {
    let mut builder = Builder::default();
    // the totals stand before the first list; what is derived from the request's names is not a slot's
    let totals: Vec<&Member> =
        QUOTE.members.iter().take_while(|member| matches!(member.kind, Kind::Number | Kind::Currency)).collect();
    let rest: Vec<&Member> = QUOTE.members.iter().skip(totals.len()).collect();
    let mut read = String::new();
    for member in &rest {
        let local = builder.member(member, "  ", &mut read);
        builder.results.push((member.name, local));
    }
    let mut out = String::from(IMPORTS);
    out.push_str(&format!("import type {{ {} }} from './types.js';\n\n", builder.types()));
    out.push_str("const NOTHING: readonly never[] = Object.freeze([]);\n");
    out.push_str(PRUNED);
    out.push_str(&builder.constants);
    for (slot, member) in totals.iter().enumerate() {
        if matches!(member.kind, Kind::Number) {
            out.push_str(&format!(
                "/** The slot of `{0}`. */\nexport const {1} = {slot};\n",
                member.name,
                upper(member.name)
            ));
        }
    }
    out.push_str("\n/** Everything of a quote but its totals. */\ntype Rest = Omit<Quote, ");
    out.push_str(&joined(&totals.iter().map(|member| member.name).collect::<Vec<_>>(), " | "));
    out.push_str(">;\n\n/** Builds it from the slots of an answer. */\n");
    out.push_str(
        "function read(host: Host, { campaigns, dimensions, levels, reasons, words }: Description, answer: Answer): Rest {\n  const w = answer.slots(host);\n  const { names } = answer;\n",
    );
    out.push_str(&format!("  let p = {};\n{read}", totals.len()));
    let results = builder.results.clone();
    out.push_str(&format!("  return {};\n}}\n\n", literal(&rest, &results)));
    out.push_str("/** A quote over the slots of its answer: totals at once, the rest when it is asked for. */\n");
    out.push_str("export class QuoteView implements Quote {\n");
    for member in &totals {
        out.push_str(&format!("  readonly {}: {};\n", member.name, of(&member.kind)));
    }
    out.push_str("  readonly #host: Host;\n  readonly #description: Description;\n  readonly #answer: Answer;\n  #rest: Rest | undefined;\n\n");
    out.push_str("  constructor(host: Host, live: Live, answer: Answer) {\n    this.#host = host;\n    this.#description = live.description;\n");
    out.push_str("    this.#answer = answer;\n    const { numbers, totals } = live;\n");
    for (slot, member) in totals.iter().enumerate() {
        out.push_str(&match member.kind {
            Kind::Currency => format!("    this.{0} = answer.names.{0};\n", member.name),
            _ => format!("    this.{} = numbers[totals + {slot}]!;\n", member.name),
        });
    }
    out.push_str("  }\n\n");
    for member in &rest {
        // a part that was not asked for reads as an empty one
        let (name, mut kind) = (member.name, type_of(member));
        let nothing = if matches!(member.kind, Kind::ListIfAny(_)) { " ?? NOTHING" } else { "" };
        if matches!(member.kind, Kind::ObjectIfAny(_)) {
            kind.push_str(" | undefined");
        }
        out.push_str(&format!("  get {name}(): {kind} {{\n    return this.#read().{name}{nothing};\n  }}\n\n"));
    }
    let all: Vec<&Member> = QUOTE.members.iter().collect();
    let own: Vec<(&'static str, String)> = all.iter().map(|member| (member.name, member.name.to_owned())).collect();
    let whole = literal(&all, &own);
    let names = |members: &[&Member]| members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ");
    let (totals, rest) = (names(&totals), names(&rest));
    out.push_str(
        "  #read(): Rest {\n    return (this.#rest ??= read(this.#host, this.#description, this.#answer));\n  }\n\n",
    );
    out.push_str("  /** The whole quote as plain data; the same as the door for bytes writes. */\n");
    out.push_str(&format!("  toJSON(): Quote {{\n    const {{ {totals} }} = this;\n    const {{ {rest} }} = this.#read();\n    return {whole};\n  }}\n}}\n"));
    out.push_str(&reason());
    out
}

/// A reason knows its code; the core is asked for its words when they are read.
fn reason() -> String {
    let mut out = String::from(
        "
/** The core tells a line or an entered code by its place. */
function named(reason: Reason, names: Names): Reason {
  const params = reason.params as Record<string, number | string>;
  const { line, code } = params;
  if (typeof line === 'number') params.line = names.lines[line]!;
  if (typeof code === 'number') params.code = names.codes[code]!;
  return reason;
}

/** A reason whose words are fetched when they are asked for. */
class ReasonView implements Reason {
  readonly code: string;
  readonly #fetch: () => Reason;
  #whole: Reason | undefined;

  constructor(host: Host, code: string, names: Names, w: readonly number[], at: number) {
    this.code = code;
    this.#fetch = () => named(host.reason(w[0]!, w.slice(at, at + REASON_SLOTS)), names);
  }

",
    )
    .replace("REASON_SLOTS", &REASON_SLOTS.to_string());
    for (name, kind, _) in REASON.iter().filter(|(name, ..)| *name != "code") {
        let (plain, cast) = match name.strip_suffix('?') {
            Some(plain) => (plain, format!(" as {kind}")),
            None => (*name, String::new()),
        };
        out.push_str(&format!("  get {plain}(): {kind} {{\n    return this.toJSON().{plain}{cast};\n  }}\n"));
    }
    out.push_str("  toJSON(): Reason {\n    return (this.#whole ??= this.#fetch());\n  }\n}\n");
    out
}

fn upper(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

/// Writes the statements that read slots, in their order, into locals.
#[derive(Default)]
struct Builder {
    constants: String,
    locals: usize,
    named: Vec<String>,
    results: Vec<(&'static str, String)>,
}

impl Builder {
    fn types(&mut self) -> String {
        self.named.push("Quote".to_owned());
        self.named.sort();
        self.named.dedup();
        self.named.join(", ")
    }

    fn local(&mut self, name: &str) -> String {
        self.locals += 1;
        format!("{name}{}", self.locals)
    }

    /// Reads one member; returns the local that holds it.
    fn member(&mut self, member: &Member, indent: &str, out: &mut String) -> String {
        let local = self.local(member.name);
        match &member.kind {
            Kind::NumberIfAny => {
                let slot = self.local("at");
                out.push_str(&format!("{indent}const {slot} = w[p++]!;\n"));
                out.push_str(&format!("{indent}const {local} = {slot} < 0 ? undefined : {slot};\n"));
            }
            Kind::Number => out.push_str(&format!("{indent}const {local} = w[p++]!;\n")),
            Kind::Name(Names::Product) => {
                out.push_str(&format!("{indent}const {local} = words[2 * w[p++]! - 1] as string;\n"));
            }
            Kind::Name(Names::Experiment) => {
                out.push_str(&format!("{indent}const {local} = dimensions[2 * w[p++]! + 1] as string;\n"));
            }
            Kind::Name(source) => out.push_str(&format!("{indent}const {local} = {}[w[p++]!]!;\n", names(*source))),
            Kind::NameIfAny(source) => {
                let place = self.local("at");
                let named = names(*source);
                out.push_str(&format!("{indent}const {place} = w[p++]!;\n"));
                out.push_str(&format!("{indent}const {local} = {place} < 0 ? undefined : {named}[{place}]!;\n"));
            }
            Kind::ObjectIfAny(shape) => {
                self.named.push(shape.name.to_owned());
                out.push_str(&format!("{indent}let {local}: {} | undefined;\n", shape.name));
                out.push_str(&format!("{indent}if (w[p++]! >= 0) {{\n"));
                let inner = format!("{indent}  ");
                let members: Vec<&Member> = shape.members.iter().collect();
                let mut locals = Vec::new();
                for member in &members {
                    let one = self.member(member, &inner, out);
                    locals.push((member.name, one));
                }
                out.push_str(&format!("{inner}{local} = {};\n{indent}}}\n", literal(&members, &locals)));
            }
            Kind::Word(words) => {
                let constant = self.constant(member, &format!("[{}]", joined(words, ", ")));
                out.push_str(&format!("{indent}const {local} = {constant}[w[p++]!]!;\n"));
            }
            Kind::Words(words) => {
                let combinations = (0..1_u32 << words.len()).map(|bits| {
                    let set = words.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
                    format!("[{}]", joined(&set.map(|(_, word)| *word).collect::<Vec<_>>(), ", "))
                });
                let combinations = combinations.collect::<Vec<_>>().join(", ");
                let constant = self.constant(member, &format!("[{combinations}]"));
                out.push_str(&format!("{indent}const {local} = {constant}[w[p++]!]!;\n"));
            }
            Kind::List(shape) => self.list(&local, shape, false, indent, out),
            Kind::ListIfAny(shape) => self.list(&local, shape, true, indent, out),
            Kind::Reasons | Kind::Steps => {
                let (kind, cast) = match member.kind {
                    Kind::Reasons => ("Reason", ""),
                    _ => ("Step", " as Reason as Step"),
                };
                self.named.push(kind.to_owned());
                let (count, index) = (self.local("count"), self.local("i"));
                out.push_str(&format!(
                    "{indent}const {count} = w[p++]!;
{indent}const {local} = {count} > 0 ? new Array<{kind}>({count}) : NOTHING as never[];
{indent}for (let {index} = 0; {index} < {count}; {index}++, p += {REASON_SLOTS}) {{
{indent}  {local}[{index}] = new ReasonView(host, reasons[w[p]!]!, names, w, p){cast};
{indent}}}\n"
                ));
            }
            Kind::OneOf(choices) => {
                let [(first, of_first), (second, of_second)] = choices else { panic!("more than two kinds of a step") };
                self.named.extend([of_first.name.to_owned(), of_second.name.to_owned()]);
                out.push_str(&format!("{indent}let {local}: {} | {};\n", of_first.name, of_second.name));
                out.push_str(&format!("{indent}if (w[p++] === 0) {{\n"));
                self.tagged(&local, first, of_first, indent, out);
                out.push_str(&format!("{indent}}} else {{\n"));
                self.tagged(&local, second, of_second, indent, out);
                out.push_str(&format!("{indent}}}\n"));
            }
            Kind::Currency => panic!("a currency inside a quote"),
        }
        local
    }

    fn tagged(&mut self, local: &str, tag: &str, shape: &Shape, indent: &str, out: &mut String) {
        let inner = format!("{indent}  ");
        let members: Vec<&Member> = shape.members.iter().collect();
        let mut locals = Vec::new();
        for member in &members {
            let one = self.member(member, &inner, out);
            locals.push((member.name, one));
        }
        let literal = literal(&members, &locals).replace("{ ", &format!("{{ type: '{tag}', "));
        out.push_str(&format!("{inner}{local} = {literal};\n"));
    }

    fn list(&mut self, local: &str, shape: &'static Shape, is_optional: bool, indent: &str, out: &mut String) {
        self.named.push(shape.name.to_owned());
        let (count, index) = (self.local("count"), self.local("i"));
        let nothing = if is_optional {
            format!("{count} < 0 ? undefined : NOTHING as never[]")
        } else {
            "NOTHING as never[]".to_owned()
        };
        out.push_str(&format!("{indent}const {count} = w[p++]!;\n"));
        out.push_str(&format!(
            "{indent}const {local} = {count} > 0 ? new Array<{}>({count}) : {nothing};\n",
            shape.name
        ));
        out.push_str(&format!("{indent}for (let {index} = 0; {index} < {count}; {index}++) {{\n"));
        let inner = format!("{indent}  ");
        let members: Vec<&Member> = shape.members.iter().collect();
        let mut locals = Vec::new();
        for member in &members {
            let one = self.member(member, &inner, out);
            locals.push((member.name, one));
        }
        let sure = if is_optional { "!" } else { "" };
        out.push_str(&format!("{inner}{local}{sure}[{index}] = {};\n{indent}}}\n", literal(&members, &locals)));
    }

    fn constant(&mut self, member: &Member, value: &str) -> String {
        let named = upper(member.name);
        let earlier = self.constants.lines().filter(|line| line.starts_with(&format!("const {named}"))).count();
        let constant = if earlier == 0 { named } else { format!("{named}_{}", earlier + 1) };
        self.constants.push_str(&format!("const {constant} = {value} as const;\n"));
        constant
    }
}

/// What a getter gives: a list that was not asked for reads as an empty one, a name may be absent.
fn type_of(member: &Member) -> String {
    match member.kind {
        Kind::NameIfAny(_) => format!("{} | undefined", of(&member.kind)),
        _ => of(&member.kind),
    }
}

fn names(source: Names) -> &'static str {
    match source {
        Names::Line => "names.lines",
        Names::Charge => "names.shipping",
        Names::Code => "names.codes",
        Names::Payment => "names.payments",
        Names::Campaign => "campaigns",
        Names::Product | Names::Experiment => panic!("a word that may be absent"),
        Names::Level => "levels",
    }
}

/// An object of locals. What may be absent makes two literals of it: each has one form in memory, and writes as JSON in the
/// order of the declaration.
fn literal(members: &[&Member], locals: &[(&'static str, String)]) -> String {
    fn with(members: &[&Member], locals: &[(&'static str, String)], chosen: &[bool]) -> String {
        match members.iter().skip(chosen.len()).position(|member| is_optional(&member.kind)) {
            Some(next) => {
                let at = chosen.len() + next;
                let sure = |last: bool| [chosen, &vec![true; next][..], &[last]].concat();
                let (without, having) = (with(members, locals, &sure(false)), with(members, locals, &sure(true)));
                format!("{} === undefined ? {without} : {having}", locals[at].1)
            }
            None => {
                let there = |at: usize| chosen.get(at).copied().unwrap_or(true);
                let kept = locals.iter().enumerate().filter(|(at, _)| there(*at));
                let kept: Vec<String> = kept.map(|(_, (name, local))| format!("{name}: {local}")).collect();
                format!("{{ {} }}", kept.join(", "))
            }
        }
    }
    let optional: Vec<&str> = members
        .iter()
        .zip(locals)
        .filter(|(member, _)| is_optional(&member.kind))
        .map(|(_, local)| &*local.1)
        .collect();
    if optional.len() <= 2 {
        return with(members, locals, &[]);
    }
    // usually there is none of them; several forms of each combination would be many
    let none: Vec<String> = optional.iter().map(|local| format!("{local} === undefined")).collect();
    let plain: Vec<bool> = members.iter().map(|member| !is_optional(&member.kind)).collect();
    let all = vec![true; members.len()];
    format!("{} ? {} : pruned({})", none.join(" && "), with(members, locals, &plain), with(members, locals, &all))
}
