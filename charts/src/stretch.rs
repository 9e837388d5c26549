//! Stretches of a chart's horizontal axis.

/// From a slot (or a column) up to, not including, another; counted from the left edge of the chart.
///
/// A stretch whose end is not after its start is empty and draws nothing; what lies beyond the chart is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The first.
    pub from: u32,
    /// The first that is no longer in it.
    pub to: u32,
}

impl Stretch {
    /// The stretch [from, to).
    pub fn new(from: u32, to: u32) -> Stretch {
        Stretch { from, to }
    }

    /// How long, 0 when empty.
    pub fn len(self) -> u32 {
        self.to.saturating_sub(self.from)
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// What lies before `end`; nothing when that is empty.
    pub(crate) fn until(self, end: u32) -> Option<Stretch> {
        let cut = Stretch { from: self.from, to: self.to.min(end) };
        (!cut.is_empty()).then_some(cut)
    }

    /// How much of it lies in the other.
    pub(crate) fn overlap(self, other: Stretch) -> u32 {
        Stretch { from: self.from.max(other.from), to: self.to.min(other.to) }.len()
    }
}

/// The maximal stretches in which `is` holds, over the indices of `values`.
pub(crate) fn stretches<T>(values: &[T], is: impl Fn(&T) -> bool) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (at, value) in (0u32..).zip(values) {
        if is(value) {
            match found.last_mut() {
                Some(last) if last.to == at => last.to = at + 1,
                _ => found.push(Stretch::new(at, at + 1)),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_join_and_gaps_part() {
        let found = stretches(&[1, 0, 1, 1, 0, 1], |v| *v == 1);
        assert_eq!(found, [Stretch::new(0, 1), Stretch::new(2, 4), Stretch::new(5, 6)]);
    }
}
