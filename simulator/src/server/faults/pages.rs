//! Pages that do not end where they should, or lead where they should not.

use super::Fault;

/// Where a page ends, and where its cursor leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct Cut {
    pub(in crate::server) to: usize,
    pub(in crate::server) next: Option<usize>,
    /// The fault, where it could be done: one entry has no half, a last page no next one.
    pub(in crate::server) fault: Option<Fault>,
}

impl Cut {
    /// The page `from..end` of `all` entries.
    pub(in crate::server) fn page(fault: Option<Fault>, from: usize, end: usize, all: usize) -> Cut {
        let next = (end < all).then_some(end);
        let (to, next, is_done) = match fault {
            Some(Fault::ShortPage) if end - from > 1 => {
                let half = from + (end - from).div_ceil(2);
                (half, Some(half), true)
            }
            Some(Fault::Duplicate) if next.is_some() && end - from > 1 => (end, Some(end - 1), true),
            Some(Fault::Gap) if next.is_some() => (end, Some(end + 1), true),
            Some(Fault::CursorLoop) if end > from => (end, Some(from), true),
            _ => (end, next, false),
        };
        Cut { to, next, fault: fault.filter(|_| is_done) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_wrong_where_they_can() {
        let page = |fault, from, end, all| {
            let cut = Cut::page(fault, from, end, all);
            (cut.to, cut.next, cut.fault.is_some())
        };
        assert_eq!(page(None, 10, 20, 25), (20, Some(20), false));
        assert_eq!(page(None, 20, 25, 25), (25, None, false));
        assert_eq!(page(Some(Fault::ShortPage), 10, 20, 25), (15, Some(15), true));
        assert_eq!(page(Some(Fault::ShortPage), 20, 25, 25), (23, Some(23), true));
        assert_eq!(page(Some(Fault::ShortPage), 24, 25, 25), (25, None, false));
        assert_eq!(page(Some(Fault::Duplicate), 10, 20, 25), (20, Some(19), true));
        assert_eq!(page(Some(Fault::Gap), 10, 20, 25), (20, Some(21), true));
        assert_eq!(page(Some(Fault::Gap), 20, 25, 25), (25, None, false));
        assert_eq!(page(Some(Fault::CursorLoop), 10, 20, 25), (20, Some(10), true));
        assert_eq!(page(Some(Fault::CursorLoop), 0, 0, 0), (0, None, false));
    }
}
