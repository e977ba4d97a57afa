//! Campaigns that compete for lines.

use serde_json::Value;

use super::numbers::members;
use super::stacking::{is_excluded, keeps, runs};
use super::till::Till;

/// Campaigns that compete for lines: each is tried alone, and each line and charge is as the one leaves it that takes most.
pub(super) fn compete<'a>(
    document: &Value,
    campaigns: &[&'a Value],
    till: &mut Till<'_>,
    applied: &mut Vec<(&'a Value, i128)>,
    earning: &mut Vec<&'a Value>,
) {
    let start = till.clone();
    let mut rivals: Vec<&Value> = campaigns
        .iter()
        .copied()
        .filter(|campaign| runs(campaign, &start))
        .filter(|campaign| {
            let gives_discounts = !members(campaign, "discounts").is_empty();
            if !gives_discounts {
                // who gives points alone takes no line from anybody
                earning.extend(members(campaign, "earning"));
            }
            gives_discounts && !is_excluded(campaign, applied, document)
        })
        .collect();
    let ids = |bids: &[(&'a Value, Till<'_>)]| bids.iter().map(|(campaign, _)| *campaign).collect::<Vec<_>>();
    loop {
        let mut bids = Vec::new();
        for campaign in &rivals {
            let mut alone = start.clone();
            alone.take(document, campaign).unwrap();
            bids.push((*campaign, alone));
        }
        let most = |of: &dyn Fn(&Till<'_>) -> i128| {
            let best = bids.iter().map(|(_, bid)| of(bid)).max().filter(|most| *most > 0);
            best.and_then(|best| bids.iter().position(|(_, bid)| of(bid) == best))
        };
        let of_line = |line: usize| most(&|bid| start.lines[line].left() - bid.lines[line].left());
        let of_charge = |charge: usize| most(&|bid| start.shipping[charge].2 - bid.shipping[charge].2);
        let line_winners: Vec<Option<usize>> = (0..start.lines.len()).map(of_line).collect();
        let charge_winners: Vec<Option<usize>> = (0..start.shipping.len()).map(of_charge).collect();
        let wins = |bid: usize| line_winners.contains(&Some(bid)) || charge_winners.contains(&Some(bid));

        let mut then = applied.clone();
        let mut refused = None;
        for (at, campaign) in ids(&bids).into_iter().enumerate().filter(|(at, _)| wins(*at)) {
            if is_excluded(campaign, &then, document) {
                refused = Some(at);
                break;
            }
            then.push((campaign, 1));
        }
        if let Some(at) = refused {
            rivals.remove(at);
            continue;
        }
        for (at, (campaign, bid)) in bids.iter().enumerate() {
            let takes_nothing = bid.left_in_all() == start.left_in_all();
            if !wins(at) && !takes_nothing {
                continue;
            }
            earning.extend(members(campaign, "earning"));
            let mut taken = 0;
            for line in (0..start.lines.len()).filter(|line| line_winners[*line] == Some(at)) {
                let share = start.lines[line].left() - bid.lines[line].left();
                till.lines[line].units.clone_from(&bid.lines[line].units);
                till.note(line, share);
                taken += share;
                if bid.claims.contains(&(campaign["id"].as_str().unwrap().to_owned(), line)) {
                    till.claims.push((campaign["id"].as_str().unwrap().to_owned(), line));
                }
            }
            for charge in (0..start.shipping.len()).filter(|charge| charge_winners[*charge] == Some(at)) {
                taken += start.shipping[charge].2 - bid.shipping[charge].2;
                till.shipping[charge].2 = bid.shipping[charge].2;
            }
            if line_winners.contains(&Some(at)) {
                for (line, (before, after)) in till.lines.iter_mut().zip(start.lines.iter().zip(&bid.lines)) {
                    line.used += after.used - before.used;
                }
            }
            if taken > 0 || keeps(document, campaign, till) {
                applied.push((campaign, taken));
            }
        }
        return;
    }
}
