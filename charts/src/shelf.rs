//! Where labels go: beside each other on a line, never over each other, at every width the page may have.

use crate::ink::Shown;
use crate::scene::Anchor;
use crate::stretch::Stretch;

/// Widths a ribbon is laid out for, in px: the narrowest of each of the three ranges that [`Shown`] tells apart. What
/// does not collide at the narrowest width of a range does not at a wider one, as distances grow and texts do not.
const WIDTHS_PX: [i64; 3] = [270, 384, 552];
/// Between two labels, in px.
const GAP_PX: i64 = 10;

/// One line of labels over `units` units of width.
pub(crate) struct Shelf {
    units: i64,
    taken: [Vec<(i64, i64)>; 3],
}

/// A label that was given a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) anchor: Anchor,
    pub(crate) x: u32,
    pub(crate) shown: Shown,
}

impl Shelf {
    pub(crate) fn new(units: u32) -> Shelf {
        Shelf { units: i64::from(units.max(1)), taken: Default::default() }
    }

    /// Finds the place for a label of a bar: at its start or back from its end, the `first` of them if it can be, shown
    /// at as many widths as it fits. `narrow_px` is its width below 44 rem, `wide_px` from there on. Nothing when it fits
    /// nowhere.
    pub(crate) fn place(&mut self, bar: Stretch, first: Anchor, narrow_px: u32, wide_px: u32) -> Option<Place> {
        let px = [i64::from(narrow_px), i64::from(narrow_px), i64::from(wide_px)];
        let mut anchors = [(Anchor::Start, bar.from), (Anchor::End, bar.to)];
        if first == Anchor::End {
            anchors.reverse();
        }
        for shown in [Shown::Always, Shown::Medium, Shown::Wide] {
            for (anchor, x) in anchors {
                let widths = shown as usize..3;
                if widths.clone().all(|n| self.free(n, self.span(n, anchor, x, px[n]))) {
                    for n in widths {
                        self.taken[n].push(self.span(n, anchor, x, px[n]));
                    }
                    return Some(Place { anchor, x, shown });
                }
            }
        }
        None
    }

    /// On which side of a bar a text of `px` has room on wide charts: from its start, unless only the other side has it.
    pub(crate) fn side(&self, bar: Stretch, px: u32) -> Anchor {
        let (start, end) = (self.room_px(Anchor::Start, bar.from), self.room_px(Anchor::End, bar.to));
        if start >= px || start >= end { Anchor::Start } else { Anchor::End }
    }

    /// Room from `x` in the direction of `anchor` on wide charts, in px.
    pub(crate) fn room_px(&self, anchor: Anchor, x: u32) -> u32 {
        let at = self.px(2, x);
        let taken = self.taken[2].iter();
        let room = match anchor {
            Anchor::End => {
                let left = taken.filter(|(from, _)| *from < at).map(|(_, to)| *to + GAP_PX).max().unwrap_or(0);
                at - left
            }
            Anchor::Start | Anchor::Middle => {
                let right = taken.filter(|(_, to)| *to > at).map(|(from, _)| *from - GAP_PX).min();
                right.unwrap_or(WIDTHS_PX[2]) - at
            }
        };
        room.max(0) as u32
    }

    /// Takes the room of a label on wide charts.
    pub(crate) fn take(&mut self, anchor: Anchor, x: u32, px: u32) {
        let span = self.span(2, anchor, x, i64::from(px));
        self.taken[2].push(span);
    }

    fn px(&self, n: usize, x: u32) -> i64 {
        i64::from(x).min(self.units) * WIDTHS_PX[n] / self.units
    }

    fn span(&self, n: usize, anchor: Anchor, x: u32, px: i64) -> (i64, i64) {
        let at = self.px(n, x);
        match anchor {
            Anchor::Start => (at, at + px),
            Anchor::Middle => (at - px / 2, at + px - px / 2),
            Anchor::End => (at - px, at),
        }
    }

    fn free(&self, n: usize, (from, to): (i64, i64)) -> bool {
        from >= 0 && to <= WIDTHS_PX[n] && self.taken[n].iter().all(|(a, b)| to + GAP_PX <= *a || b + GAP_PX <= from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_label_near_the_right_edge_turns_round() {
        let mut shelf = Shelf::new(288);
        let place = shelf.place(Stretch::new(267, 288), Anchor::Start, 60, 120).unwrap();
        assert_eq!(place, Place { anchor: Anchor::End, x: 288, shown: Shown::Always });
    }

    #[test]
    fn what_collides_when_narrow_is_shown_when_wide_only() {
        let mut shelf = Shelf::new(288);
        assert_eq!(shelf.place(Stretch::new(40, 60), Anchor::Start, 60, 60).unwrap().shown, Shown::Always);
        assert_eq!(shelf.place(Stretch::new(100, 110), Anchor::Start, 60, 60).unwrap().shown, Shown::Medium);
        assert_eq!(shelf.place(Stretch::new(100, 110), Anchor::Start, 60, 60), None);
    }

    proptest! {
        #[test]
        fn labels_never_overlap(bars in prop::collection::vec((0..288u32, 1..60u32, 1..200u32), 1..20)) {
            let mut shelf = Shelf::new(288);
            for (from, len, px) in bars {
                let _ = shelf.place(Stretch::new(from, (from + len).min(288)), Anchor::Start, px, px + 70);
            }
            for taken in &shelf.taken {
                let mut taken = taken.clone();
                taken.sort_unstable();
                prop_assert!(taken.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{taken:?}");
            }
        }
    }
}
