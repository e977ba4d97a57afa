//! The reference of reasons and steps for people: `docs/codes.md`.

use alloc::format;
use alloc::string::String;

use crate::engine::reasons;
use crate::reason::{ParamKind, ReasonKind};

const HEAD: &str = "# Reasons and steps

<!-- Written from the engine's own declarations by `BLESS=1 cargo test --lib generated`; do not edit. -->

What the reasons of a quote's outcomes, gift lines and payments say, and the steps of its hints. `code` and `params` are
stable: word them yourself, or let the [elements](elements.md) do so. `message` and `help` may change in any release.

Money is in minor units of the request's currency, times are UTC milliseconds; the rest are whole numbers and ids. A code that
was entered is `dormant` instead of `inapplicable` where all its reasons may go away with a change of the cart.

| code | says | helps | fixed by | params | waits for the cart |
| --- | --- | --- | --- | --- | --- |
";

pub fn write() -> String {
    let mut out = String::from(HEAD);
    for ReasonKind { code, message, help, fix_by, params, waits_for_cart } in reasons() {
        let params: String = params.iter().map(|(name, kind)| format!("`{name}` {}<br>", called(*kind))).collect();
        let waits = if *waits_for_cart { "yes" } else { "" };
        let row = format!(
            "| `{code}` | {message} | {help} | {} | {} | {waits} |\n",
            fix_by.name(),
            params.trim_end_matches("<br>")
        );
        out.push_str(&row);
    }
    out
}

fn called(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::Money => "money",
        ParamKind::Count => "count",
        ParamKind::Time => "time",
        ParamKind::Word => "value",
        ParamKind::Attribute => "attribute",
        ParamKind::Campaign => "campaign",
        ParamKind::Line => "line",
        ParamKind::Code | ParamKind::KnownCode => "code",
    }
}
