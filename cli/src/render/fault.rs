//! A fault as a compiler shows it: what, where with an excerpt, and the remedy.

use annotate_snippets::{normalize_untrusted_str, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use counterfoil::error::Severity;

use crate::fault::Fault;

/// Writes a fault over several lines, coloured.
pub fn fault(fault: &Fault) -> String {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&fault.message).id(&fault.code));
    if let Some(place) = &fault.place {
        group = match &place.spot {
            Some(spot) => {
                let annotation = AnnotationKind::Primary.span(spot.range.clone());
                group.element(Snippet::source(&*spot.text).path(&place.file).annotation(annotation))
            }
            None => group.element(Origin::path(&place.file)),
        };
        if let (None, Some(pointer)) = (&place.spot, &place.pointer) {
            let at = normalize_untrusted_str(pointer);
            group = group.element(Level::NOTE.with_name("at").message(at));
        }
    }
    let help = Level::HELP.message(normalize_untrusted_str(&fault.help));
    let report = Renderer::styled().render(&[group.element(help)]);
    format!("{report}\n")
}
