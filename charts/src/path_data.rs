//! The shortest `d` attribute for whole coordinates.

use std::fmt::Write;

/// Collects subpaths; writes relative moves, with `h` and `v` where a step is straight.
#[derive(Default)]
pub(crate) struct PathData {
    text: String,
    at: (i32, i32),
}

impl PathData {
    /// Adds a line through the points, or a polygon. Fewer than two points draw nothing.
    pub(crate) fn add(&mut self, points: &[(i32, i32)], closed: bool) {
        let [start, rest @ ..] = points else { return };
        if rest.is_empty() {
            return;
        }
        // Coordinates after a relative `m` are relative lines: no letter needed. The first `m` counts from 0 0.
        self.text.push('m');
        self.number(start.0 - self.at.0, true);
        self.number(start.1 - self.at.1, false);
        self.at = *start;
        let mut command = 'l';
        for point in rest {
            let step = (point.0 - self.at.0, point.1 - self.at.1);
            match step {
                (0, 0) => continue,
                (dx, 0) => self.straight('h', dx),
                (0, dy) => self.straight('v', dy),
                (dx, dy) => {
                    if command != 'l' {
                        self.text.push('l');
                    }
                    self.number(dx, command != 'l');
                    self.number(dy, false);
                }
            }
            command = match step {
                (_, 0) => 'h',
                (0, _) => 'v',
                _ => 'l',
            };
            self.at = *point;
        }
        if closed {
            self.text.push('z');
            self.at = *start;
        }
    }

    /// The attribute's value.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn straight(&mut self, command: char, by: i32) {
        self.text.push(command);
        self.number(by, true);
    }

    /// A minus sign parts two numbers by itself; so does the letter before.
    fn number(&mut self, value: i32, after_letter: bool) {
        if value >= 0 && !after_letter {
            self.text.push(' ');
        }
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(paths: &[(&[(i32, i32)], bool)]) -> String {
        let mut data = PathData::default();
        for (points, closed) in paths {
            data.add(points, *closed);
        }
        data.finish()
    }

    #[test]
    fn steps_are_relative_and_short() {
        assert_eq!(data(&[(&[(0, 28), (1, 25), (2, 25), (3, 27), (4, 26)], false)]), "m0 28 1-3h1l1 2 1-1");
        assert_eq!(
            data(&[(&[(3, 4), (5, 4), (5, 9), (3, 9)], true), (&[(7, 4), (9, 4)], false)]),
            "m3 4h2v5h-2zm4 0h2"
        );
        assert_eq!(data(&[(&[(3, 4)], false), (&[], true)]), "");
    }
}
