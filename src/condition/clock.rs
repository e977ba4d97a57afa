use alloc::boxed::Box;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::campaign::reading;
use crate::campaign::schedule::{Day, Hours};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;
use super::moment::Clocks;
use super::{Condition, Document};

/// The shopper's own clocks, by the request's `utcOffset`, show one of some days of the week and hours of the day. Hours across
/// midnight belong to the day they begin on. For times in a named zone use the campaign's `schedule`.
///
/// "Friday evenings": `{ "type": "clock", "weekdays": ["friday"], "hours": { "from": "17:00", "until": "24:00" } }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clock {
    /// Only on these days of the week.
    pub weekdays: Option<Vec<Day>>,
    /// Only in these hours of the day.
    pub hours: Option<Hours>,
}

impl Document for Clock {
    fn compile(&self, _: &mut VocabularyBuilder, at: &Pointer) -> Result<Condition, Box<Diagnostic>> {
        if self.weekdays.is_none() && self.hours.is_none() {
            return Err(reading::invalid("the condition asks nothing", "say `weekdays` or `hours`", at));
        }
        let days = match &self.weekdays {
            None => 0x7f,
            Some(days) => {
                reading::some(days, &at.key("weekdays"))?;
                days.iter().fold(0, |bits, day| bits | 1_u8 << *day as u8)
            }
        };
        let (from, until) = match &self.hours {
            None => (0, 1_440),
            Some(hours) => hours.minutes(&at.key("hours"))?,
        };
        Ok(Condition::Clocks(Clocks { days, from, until }))
    }
}
