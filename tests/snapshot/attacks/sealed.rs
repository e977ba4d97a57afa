//! Attacks on sealed campaigns: boxes that somebody has exchanged, and sections that a publisher's key has signed and that make no
//! sense. The shop is that of tests/sealed/shop, and the code that of its blogger.

use std::sync::LazyLock;

use counterfoil::sealed::{open, seal, MAX_BOXES, MAX_COST};
use counterfoil::snapshot::{self, KeyRing, Policy, Profile, SectionKind};

use super::{Attack, Document};
use crate::forge::{key, File, Manifest, CAMPAIGNS, NOW};

/// The number of the kind of section.
const SEALED: u8 = 3;
const TYPED: &str = "MOUNTAIN-GOAT-7";
const CODE: &str = "MOUNTAINGOAT7";
/// Where the count stands in a section, the first entry of its directory, and the box of a section of one.
const COUNT: usize = 22;
const DIRECTORY: usize = 26;
const BOX: usize = DIRECTORY + 18;

struct Shop {
    campaigns: Vec<u8>,
    boxes: Vec<u8>,
    /// What the code opens.
    part: Vec<u8>,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let file = include_bytes!("../../sealed/shop/snapshot.bin");
    let ring: KeyRing = serde_json::from_slice(include_bytes!("../../sealed/shop/key-ring.json")).unwrap();
    let snapshot = snapshot::open(file, &ring, &Policy::at(NOW, Profile::Storefront)).unwrap();
    let section = |kind| snapshot.section(kind).unwrap().to_vec();
    let boxes = section(SectionKind::Sealed);
    Shop { part: open(&boxes, TYPED).unwrap().unwrap(), campaigns: section(SectionKind::Campaigns), boxes }
});

/// A snapshot whose publisher has signed these boxes.
fn signed(boxes: &[u8]) -> File {
    let campaigns = &SHOP.campaigns;
    let manifest = Manifest::of(&[(CAMPAIGNS, true, campaigns), (SEALED, false, boxes)]);
    File::snapshot(&manifest, &[campaigns, boxes], &[key(1)])
}

/// The shop's snapshot, with its boxes.
pub fn published() -> Vec<u8> {
    signed(&SHOP.boxes).bytes()
}

/// Boxes of these codes, under a secret of their own.
fn boxes(codes: &[(&str, &[u8])]) -> Vec<u8> {
    seal(codes, &[9; 32]).unwrap()
}

fn changed(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut section = SHOP.boxes.clone();
    section[at..at + bytes.len()].copy_from_slice(bytes);
    signed(&section).bytes()
}

/// A part whose place is another campaign's.
fn part_of_place(place: u8) -> Vec<u8> {
    let mut part = SHOP.part.clone();
    // its format and its place are numbers below 128, of a byte each
    part[1] = place;
    part
}

fn of_sealed(attack: Attack) -> Attack {
    Attack { typed: Some(TYPED), ..attack.of(Document::Sealed) }
}

pub fn all() -> Vec<Attack> {
    let Shop { boxes: sound, part, .. } = &*SHOP;
    let refused = |name, about| of_sealed(Attack::refused(name, "sealed_malformed", about));
    let altered = |signed_for: &[u8], change: &dyn Fn(&mut Vec<u8>)| {
        let mut file = signed(signed_for);
        change(&mut file.sections[1]);
        file.bytes()
    };
    let with_box_of = |code: &str| {
        let (mut mine, theirs) = (boxes(&[(CODE, part)]), boxes(&[(code, part)]));
        mine[BOX..].copy_from_slice(&theirs[BOX..]);
        signed(&mine).bytes()
    };
    let second: [u8; 16] = *sound[DIRECTORY + 18..].first_chunk().unwrap();
    vec![
        of_sealed(Attack::accepted("sealed", "a code opens its campaign: a control"))
            .file("published", published())
            .file("with-a-secret-of-its-own", signed(&boxes(&[(CODE, part)])).bytes()),
        of_sealed(Attack::refused("sealed-altered", "section_mismatch", "boxes that nobody has signed"))
            .file("in-a-box", altered(sound, &|boxes| *boxes.last_mut().unwrap() ^= 1))
            .file("cheaper-to-guess", altered(sound, &|boxes| boxes[1..5].copy_from_slice(&8_u32.to_le_bytes())))
            .file("of-another-publication", {
                altered(&boxes(&[(CODE, part)]), &|section| *section = boxes(&[("HILLSIDEWALK8", part)]))
            }),
        refused("sealed-malformed", "boxes that contradict themselves")
            .file("empty", signed(&[]).bytes())
            .file("truncated", signed(&sound[..sound.len() - 1]).bytes())
            .file("trailing", signed(&[&sound[..], &[0]].concat()).bytes())
            .file("another-format", changed(0, &[2]))
            .file("an-id-twice", changed(DIRECTORY, &second))
            .file("a-box-of-no-length", changed(DIRECTORY + 16, &[0, 0]))
            .file("no-power-of-two", changed(COUNT, &3_u32.to_le_bytes()))
            .file("too-many", changed(COUNT, &(2 * u32::try_from(MAX_BOXES).unwrap()).to_le_bytes())),
        refused("sealed-too-costly", "more than a reader spends on a code")
            .file("memory", changed(1, &(MAX_COST.memory + 1).to_le_bytes()))
            .file("all-memory", changed(1, &u32::MAX.to_le_bytes()))
            .file("passes", changed(5, &[MAX_COST.passes + 1]))
            .file("no-passes", changed(5, &[0])),
        refused("sealed-under-another-id", "the box of one code under the id of another")
            .file("snapshot", with_box_of("HILLSIDEWALK8")),
        refused("sealed-for-another-place", "what a code opens is no campaign of this snapshot")
            .file("beyond-the-last", signed(&boxes(&[(CODE, &part_of_place(127))])).bytes())
            .file("nonsense", signed(&boxes(&[(CODE, b"nonsense")])).bytes()),
        // the last of all: a host tries no more codes for a while after three in vain
        of_sealed(Attack::refused("sealed-for-other-codes", "code_unknown", "boxes that this code does not open"))
            .file("at-the-highest-cost", {
                let mut costly = boxes(&[("HILLSIDEWALK8", part)]);
                costly[1..5].copy_from_slice(&MAX_COST.memory.to_le_bytes());
                costly[5] = MAX_COST.passes;
                signed(&costly).bytes()
            }),
    ]
}
