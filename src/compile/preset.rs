//! What known policies are in our own words. Nothing of a preset is left after compiling.

use alloc::borrow::ToOwned;
use alloc::vec;
use alloc::vec::Vec;

use crate::campaign::{Base, CodesTogether, ExclusiveOrder, Group, GroupPick, NoEffect, Pick, Preset, StackingPolicy};

/// What a preset says.
pub(super) fn policy(preset: Preset) -> StackingPolicy {
    let plain = StackingPolicy::default();
    let pick = |id: &str, pick: GroupPick, lane: i32| Group {
        id: id.to_owned(),
        pick: Some(pick),
        lane: Some(lane),
        ..Group::default()
    };
    let lanes = |ids: &[(&str, GroupPick)]| -> Vec<Group> {
        (0_i32..).zip(ids).map(|(lane, (id, of_it))| pick(id, *of_it, lane)).collect()
    };
    use GroupPick::{All, Best, BestPerLine};
    match preset {
        Preset::Commercetools | Preset::Lunar | Preset::Prestashop | Preset::Shopware => plain,
        Preset::CommercetoolsBestDeal => StackingPolicy { pick: Some(Pick::Best), ..plain },
        Preset::Magento => StackingPolicy { codes_at_most: Some(1), ..plain },
        Preset::Medusa => StackingPolicy { groups: vec![pick("buy_get", All, -1)], ..plain },
        Preset::Odoo => StackingPolicy { groups: vec![pick("global", Best, 0)], ..plain },
        Preset::Saleor => {
            let voucher = Group { at_most: Some(1), ..pick("voucher", GroupPick::First, 2) };
            let groups = [lanes(&[("catalogue", BestPerLine), ("order", Best)]), vec![voucher]].concat();
            StackingPolicy { codes_at_most: Some(1), groups, ..plain }
        }
        Preset::Shopify => StackingPolicy {
            codes_at_most: Some(5),
            groups: lanes(&[("product", BestPerLine), ("order", Best), ("shipping", Best)]),
            ..plain
        },
        Preset::Solidus => StackingPolicy {
            group: Some("default".to_owned()),
            groups: lanes(&[("pre", BestPerLine), ("default", BestPerLine), ("post", BestPerLine)]),
            ..plain
        },
        Preset::Spree => {
            StackingPolicy { group: Some("promotions".to_owned()), groups: vec![pick("promotions", Best, 0)], ..plain }
        }
        Preset::Sylius => StackingPolicy { exclusive: Some(ExclusiveOrder::First), ..plain },
        Preset::Vendure => StackingPolicy {
            recheck: Some(true),
            groups: lanes(&[("item", All), ("order", All), ("shipping", All)]),
            ..plain
        },
        Preset::VirtocommerceBestReward => StackingPolicy {
            exclusive: Some(ExclusiveOrder::First),
            group: Some("rewards".to_owned()),
            groups: vec![pick("rewards", BestPerLine, 0)],
            ..plain
        },
        Preset::VirtocommerceStackable => StackingPolicy { recheck: Some(true), ..plain },
        Preset::Voucherify => of_voucherify(plain),
        Preset::VoucherifyAll => StackingPolicy { codes: Some(CodesTogether::AllOrNone), ..of_voucherify(plain) },
        Preset::Woocommerce => StackingPolicy { base: Some(Base::Original), ..of_woocommerce(plain) },
        Preset::WoocommerceSequential => of_woocommerce(plain),
    }
}

fn of_voucherify(plain: StackingPolicy) -> StackingPolicy {
    StackingPolicy {
        at_most: Some(5),
        exclusive_at_most: Some(1),
        group_at_most: Some(1),
        base: Some(Base::LineLevel),
        no_effect: Some(NoEffect::Keep),
        recheck: Some(true),
        ..plain
    }
}

fn of_woocommerce(plain: StackingPolicy) -> StackingPolicy {
    StackingPolicy { exclusive: Some(ExclusiveOrder::First), ..plain }
}
