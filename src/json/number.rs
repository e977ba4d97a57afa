//! What JSON numbers are worth that are not spelled as whole ones but are: `5.0`, `1e3`.

/// The magnitude of a well-formed JSON number without its sign; the largest number if it is not whole.
pub(super) fn whole(text: &str) -> i64 {
    let mut magnitude = 0_i64;
    // zeros count only once another digit follows: a tail of them is no fraction
    let mut zeros = 0_i64;
    let mut places = 0_i64;
    let mut exponent = 0_i64;
    let (mut is_fraction, mut is_exponent, mut is_small) = (false, false, false);
    for byte in text.bytes() {
        let digit = i64::from(byte & 15);
        match byte {
            b'.' => is_fraction = true,
            b'e' | b'E' => is_exponent = true,
            b'+' => {}
            b'-' => is_small = true,
            _ if is_exponent => exponent = tenfold(exponent).wrapping_add(digit),
            _ => {
                places = places.wrapping_add(i64::from(is_fraction));
                zeros = zeros.wrapping_add(1);
                if digit != 0 {
                    magnitude = scaled(magnitude, zeros).wrapping_add(digit);
                    zeros = 0;
                }
            }
        }
    }
    if is_small {
        exponent = exponent.wrapping_neg();
    }
    scaled(magnitude, exponent.wrapping_add(zeros).wrapping_sub(places))
}

/// Ten times as much, `times` over; beyond every amount where it would have to be divided.
#[inline(never)]
fn scaled(magnitude: i64, times: i64) -> i64 {
    match magnitude {
        0 => 0,
        _ if times < 0 => i64::MAX,
        _ => (0..times.min(20)).fold(magnitude, |magnitude, _| tenfold(magnitude)),
    }
}

/// Ten times as much, or the same where that is beyond every amount already: so it never wraps.
fn tenfold(number: i64) -> i64 {
    if number > crate::money::MAX_AMOUNT {
        number
    } else {
        number.wrapping_mul(10)
    }
}
