//! What may be told of many people without telling of one.

/// Fewer people than this are not told.
pub const FEW: u64 = 10;

/// A number of different people as it may be told: rounded to ten, nothing under ten.
pub fn told(people: u64) -> Option<u64> {
    (people >= FEW).then(|| (people + 5) / 10 * 10)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn few_people_are_not_told() {
        assert_eq!([0, 9, 10, 14, 15, 912_484].map(told), [None, None, Some(10), Some(10), Some(20), Some(912_480)]);
    }
}
