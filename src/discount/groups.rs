//! Groups of bought and got units, formed one after another: the bought units of a group are set aside first, then
//! its got units are picked from the rest. A unit is in one group at most.

use super::units::Order;
use crate::order;
use alloc::vec::Vec;

/// The units of one line that no group has yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shelf {
    pub(super) line: usize,
    pub(super) price: i64,
    pub(super) open: i64,
    pub(super) may_be_bought: bool,
    pub(super) may_be_got: bool,
}

/// What a group consists of, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) buy: i64,
    pub(super) bought_first: Order,
    pub(super) get: i64,
    pub(super) got_first: Order,
    pub(super) groups: i64,
    /// Got units in all groups together.
    pub(super) units: i64,
    /// Whether a group may get fewer units than it is entitled to.
    pub(super) partial: bool,
}

/// Got units of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Got {
    pub(super) line: usize,
    pub(super) price: i64,
    pub(super) count: i64,
}

/// Forms the groups; `shelves` are in the cart's order. Its cost follows the number of lines, not of units: a group
/// is repeated as long as no line runs out.
pub(super) fn form(mut shelves: Vec<Shelf>, terms: &Terms) -> Vec<Got> {
    let to_buy = in_order(&shelves, terms.bought_first, |shelf| shelf.may_be_bought);
    let to_get = in_order(&shelves, terms.got_first, |shelf| shelf.may_be_got);
    let mut got: Vec<Got> =
        shelves.iter().map(|shelf| Got { line: shelf.line, price: shelf.price, count: 0 }).collect();
    let (mut groups, mut units) = (terms.groups, terms.units);
    while groups > 0 && units > 0 {
        let before = shelves.clone();
        let short = take(&mut shelves, &to_buy, terms.buy, &mut Vec::new());
        if short > 0 {
            break;
        }
        let mut of_group = Vec::new();
        let entitled = terms.get.min(units);
        let short = take(&mut shelves, &to_get, entitled, &mut of_group);
        let count = entitled.saturating_sub(short);
        if count == 0 || (short > 0 && !terms.partial) {
            break;
        }
        let again = if count == terms.get { repeats(&before, &shelves) } else { 0 };
        let again = again.min(groups.saturating_sub(1)).min(units.checked_div(count).unwrap_or(1).saturating_sub(1));
        let times = again.saturating_add(1);
        for (shelf, before) in shelves.iter_mut().zip(&before) {
            let used = before.open.saturating_sub(shelf.open);
            shelf.open = shelf.open.saturating_sub(used.saturating_mul(again));
        }
        for (shelf, some) in of_group {
            if let Some(got) = got.get_mut(shelf) {
                got.count = got.count.saturating_add(some.saturating_mul(times));
            }
        }
        groups = groups.saturating_sub(times);
        units = units.saturating_sub(count.saturating_mul(times));
    }
    got.retain(|got| got.count > 0);
    got
}

/// The shelves that may be taken from, by price; ties in the cart's order.
fn in_order(shelves: &[Shelf], pick: Order, may: impl Fn(&Shelf) -> bool) -> Vec<usize> {
    let mut places: Vec<(usize, i64)> =
        shelves.iter().enumerate().filter(|(_, shelf)| may(shelf)).map(|(at, shelf)| (at, shelf.price)).collect();
    order::sort(&mut places, |a, b| match pick {
        Order::Cheapest => (a.1, a.0) < (b.1, b.0),
        Order::Dearest => (b.1, a.0) < (a.1, b.0),
    });
    places.into_iter().map(|(at, _)| at).collect()
}

/// Takes `wanted` units from the shelves in `order`; tells from which in `taken`. Returns how many are missing.
fn take(shelves: &mut [Shelf], order: &[usize], wanted: i64, taken: &mut Vec<(usize, i64)>) -> i64 {
    let mut missing = wanted;
    for at in order {
        if missing == 0 {
            break;
        }
        let Some(shelf) = shelves.get_mut(*at) else { continue };
        let some = shelf.open.min(missing);
        if some > 0 {
            shelf.open = shelf.open.saturating_sub(some);
            missing = missing.saturating_sub(some);
            taken.push((*at, some));
        }
    }
    missing
}

/// How many more groups can be formed just like the one between `before` and `after`.
fn repeats(before: &[Shelf], after: &[Shelf]) -> i64 {
    let of_shelf = |(before, after): (&Shelf, &Shelf)| after.open.checked_div(before.open.saturating_sub(after.open));
    before.iter().zip(after).filter_map(of_shelf).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// Shelves of (price, units), all of which may be bought and got.
    fn shelves(lines: &[(i64, i64)]) -> Vec<Shelf> {
        let shelf = |(line, (price, open)): (usize, &(i64, i64))| Shelf {
            line,
            price: *price,
            open: *open,
            may_be_bought: true,
            may_be_got: true,
        };
        lines.iter().enumerate().map(shelf).collect()
    }

    fn terms(buy: i64, get: i64) -> Terms {
        Terms {
            buy,
            bought_first: Order::Dearest,
            get,
            got_first: Order::Dearest,
            groups: i64::MAX,
            units: i64::MAX,
            partial: false,
        }
    }

    fn counts(got: &[Got]) -> Vec<(usize, i64)> {
        got.iter().map(|got| (got.line, got.count)).collect()
    }

    #[test]
    fn each_group_takes_the_dearest_that_are_left() {
        // 9 8 | 7, 6 5 | 4: the third of each three is got
        let got = form(shelves(&[(4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1)]), &terms(2, 1));
        assert_eq!(counts(&got), [(0, 1), (3, 1)]);
    }

    #[test]
    fn a_line_that_runs_out_is_followed_by_the_next() {
        // groups of three from 4 dear and 5 cheap units: d d d, d c c, c c c
        assert_eq!(counts(&form(shelves(&[(9, 4), (1, 5)]), &terms(2, 1))), [(0, 1), (1, 2)]);
        assert_eq!(counts(&form(shelves(&[(9, 4), (1, 4)]), &terms(2, 1))), [(0, 1), (1, 1)]);
    }

    #[test]
    fn an_unfinished_group_gives_nothing_unless_partial() {
        assert_eq!(counts(&form(shelves(&[(5, 3)]), &terms(2, 2))), []);
        assert_eq!(counts(&form(shelves(&[(5, 4)]), &terms(2, 2))), [(0, 2)]);
        let partial = Terms { partial: true, ..terms(2, 2) };
        assert_eq!(counts(&form(shelves(&[(5, 3)]), &partial)), [(0, 1)]);
    }

    #[test]
    fn groups_and_units_are_limited_exactly() {
        let all = shelves(&[(5, 1_000_000)]);
        assert_eq!(counts(&form(all.clone(), &terms(2, 1))), [(0, 333_333)]);
        assert_eq!(counts(&form(all.clone(), &Terms { groups: 7, ..terms(2, 1) })), [(0, 7)]);
        assert_eq!(counts(&form(all.clone(), &Terms { units: 7, ..terms(2, 3) })), [(0, 7)]);
        assert_eq!(counts(&form(all, &Terms { units: 6, ..terms(2, 3) })), [(0, 6)]);
    }

    #[test]
    fn repeating_a_group_gives_what_forming_each_gives() {
        let whole = |count: usize| i64::try_from(count).unwrap();
        for (first, second) in (0..12).flat_map(|first| (0..12).map(move |second| (first, second))) {
            for (buy, get) in [(1, 1), (2, 1), (1, 2), (3, 2)] {
                // the units by falling price: some of them bought, then some got, again and again
                let units = [vec![0_usize; first], vec![1; second]].concat();
                let got = units.chunks_exact(buy + get).flat_map(|group| &group[buy..]);
                let mut one_by_one = [0_i64; 2];
                got.for_each(|line| one_by_one[*line] += 1);

                let lines = [(9, whole(first)), (4, whole(second))];
                let mut at_once = [0_i64; 2];
                form(shelves(&lines), &terms(whole(buy), whole(get)))
                    .iter()
                    .for_each(|got| at_once[got.line] += got.count);
                assert_eq!(at_once, one_by_one, "{lines:?} buy {buy} get {get}");
            }
        }
    }
}
