//! What the encoder and the view need to know of a snapshot, as JSON.

use crate::host::Engine;
use crate::json::write::{self, Out};
use crate::vocabulary::Spelling;

/// Writes the head of the snapshot and the tables of its vocabulary.
pub fn write(engine: &Engine, out: &mut Out) {
    let manifest = engine.manifest();
    let catalog = engine.catalog();
    let vocabulary = catalog.vocabulary();
    let promotions = catalog.promotions();
    write::raw(out, "{\"version\":");
    write::number(out, i64::try_from(manifest.version).unwrap_or(i64::MAX));
    write::raw(out, ",\"revision\":");
    write::text(out, &manifest.revision.to_hex());
    write::raw(out, ",\"audience\":");
    write::text(out, &manifest.audience);
    write::raw(out, ",\"environment\":");
    write::text(out, &manifest.environment);
    write::raw(out, ",\"profile\":");
    write::text(out, manifest.profile.name());
    write::raw(out, ",\"issuedAt\":");
    write::number(out, manifest.issued_at);
    write::raw(out, ",\"expiresAt\":");
    write::number(out, manifest.expires_at);
    list(out, ",\"campaigns\":[", &mut promotions.iter(), |out, promotion| write::text(out, &promotion.record.id));
    list(out, "],\"numbers\":[", &mut vocabulary.numbers.iter(), |out, name| write::text(out, name));
    list(out, "],\"reasons\":[", &mut engine.words().reasons.iter(), |out, kind| write::text(out, kind.code));
    list(out, "],\"codes\":[", &mut catalog.codes().iter(), |out, (code, campaign)| {
        write::text(out, code);
        out.push(b',');
        write::number(out, i64::from(*campaign));
    });
    list(out, "],\"dimensions\":[", &mut vocabulary.dimensions.iter(), |out, dimension| {
        write::text(out, dimension.kind());
        out.push(b',');
        write::text(out, dimension.name());
    });
    list(out, "],\"words\":[", &mut vocabulary.words.iter(), |out, (dimension, spelling)| {
        write::number(out, i64::from(*dimension));
        out.push(b',');
        match spelling {
            Spelling::Text(text) => write::text(out, text),
            Spelling::Number(number) => write::number(out, *number),
            Spelling::Boolean(boolean) => write::raw(out, if *boolean { "true" } else { "false" }),
            Spelling::Present => write::raw(out, "null"),
        }
    });
    write::raw(out, "]}");
}

fn list<T>(out: &mut Out, name: &str, elements: &mut dyn Iterator<Item = T>, each: fn(&mut Out, T)) {
    write::raw(out, name);
    for (index, element) in elements.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(out, element);
    }
}
