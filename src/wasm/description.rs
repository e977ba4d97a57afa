//! What the encoder and the view need to know of a snapshot, as JSON.

use super::failure;
use crate::host::Engine;
use crate::json::write::{self, Out};
use crate::vocabulary::{Figure, Spelling};

/// Writes the head of the snapshot and the tables of its vocabulary.
pub fn write(engine: &Engine, out: &mut Out) {
    let manifest = engine.manifest();
    let catalog = engine.catalog();
    let vocabulary = catalog.vocabulary();
    let promotions = catalog.promotions();
    write::raw(out, "{\"version\":");
    write::number(out, i64::try_from(manifest.version).unwrap_or(i64::MAX));
    write::raw(out, ",\"rootVersion\":");
    write::number(out, i64::try_from(manifest.root_version).unwrap_or(i64::MAX));
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
    let mut list = |name: &str, count: usize, each: &dyn Fn(&mut Out, usize)| {
        write::raw(out, name);
        for index in 0..count {
            write::raw(out, if index > 0 { "," } else { "" });
            each(out, index);
        }
    };
    let set_aside = catalog.set_aside();
    list(",\"setAside\":[", set_aside.len(), &|out, index| {
        set_aside.get(index).into_iter().for_each(|campaign| failure::diagnostic(campaign, out));
    });
    list("],\"campaigns\":[", promotions.len(), &|out, index| {
        write::text(out, promotions.get(index).map_or("", |promotion| &promotion.record.id));
    });
    let levels = &catalog.levels().steps;
    list("],\"levels\":[", levels.len(), &|out, index| {
        write::text(out, levels.get(index).map_or("", |level| &level.id));
    });
    list("],\"numbers\":[", vocabulary.numbers.len(), &|out, index| {
        let (kind, of) = match vocabulary.numbers.get(index) {
            Some(Figure::Attribute(dimension)) => (0, i64::from(*dimension)),
            Some(Figure::BoughtCount(word)) => (1, i64::from(*word)),
            Some(Figure::LastBought(word)) => (2, i64::from(*word)),
            Some(Figure::BoughtSpent(word)) => (3, i64::from(*word)),
            Some(Figure::Spent) => (4, 0),
            Some(Figure::CartBegun) | None => (5, 0),
        };
        write::number(out, kind);
        write::raw(out, ",");
        write::number(out, of);
    });
    list("],\"lineNumbers\":[", vocabulary.line_numbers.len(), &|out, index| {
        let dimension = vocabulary.line_numbers.get(index);
        write::number(out, dimension.map_or(0, |dimension| i64::from(*dimension)));
    });
    list("],\"paths\":[", usize::from(vocabulary.has_category_paths), &|out, _| write::raw(out, "true"));
    let reasons = engine.words().reasons;
    list("],\"reasons\":[", reasons.len(), &|out, index| {
        write::text(out, reasons.get(index).map_or("", |kind| kind.code));
    });
    list("],\"codes\":[", catalog.codes().len(), &|out, index| {
        let Some((code, campaign)) = catalog.codes().get(index) else { return };
        write::text(out, code);
        write::raw(out, ",");
        write::number(out, i64::from(*campaign));
    });
    list("],\"dimensions\":[", vocabulary.dimensions.len(), &|out, index| {
        let Some(dimension) = vocabulary.dimensions.get(index) else { return };
        write::text(out, dimension.of.names().0);
        write::raw(out, ",");
        write::text(out, &dimension.name);
    });
    list("],\"words\":[", vocabulary.words.len(), &|out, index| {
        let Some((dimension, spelling)) = vocabulary.words.get(index) else { return };
        write::number(out, i64::from(*dimension));
        write::raw(out, ",");
        match spelling {
            Spelling::Text(text) => write::text(out, text),
            Spelling::Number(number) => write::number(out, *number),
            Spelling::Boolean(boolean) => write::raw(out, if *boolean { "true" } else { "false" }),
            Spelling::Present => write::raw(out, "null"),
            Spelling::StartsWith(text) => pattern("^", text, out),
            Spelling::EndsWith(text) => pattern("$", text, out),
            Spelling::Contains(text) => pattern("*", text, out),
        }
    });
    write::raw(out, "]}");
}

/// A word that stands for many texts.
fn pattern(sign: &str, text: &str, out: &mut Out) {
    write::raw(out, "[\"");
    write::raw(out, sign);
    write::raw(out, "\",");
    write::text(out, text);
    write::raw(out, "]");
}
