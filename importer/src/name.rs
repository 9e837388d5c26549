//! Logins as numbers.

use model::login::LOGIN_MAX;

/// A login in place, as two numbers: following a million pointers would cost more than the hash, comparing bytes more
/// than comparing numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name([u128; 2]);

impl Name {
    /// Padded with zeros, which no login has, and big-endian: names order as logins do.
    pub(crate) fn new(login: &[u8]) -> Name {
        let mut bytes = [0; 32];
        let len = login.len().min(LOGIN_MAX);
        bytes[..len].copy_from_slice(&login[..len]);
        let half = |half: &[u8; 16]| u128::from_be_bytes(*half);
        let (halves, _) = bytes.as_chunks::<16>();
        Name([half(&halves[0]), half(&halves[1])])
    }

    /// Its bytes again.
    pub(crate) fn bytes(self) -> NameBytes {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&self.0[0].to_be_bytes());
        bytes[16..].copy_from_slice(&self.0[1].to_be_bytes());
        NameBytes(bytes)
    }
}

/// A name's bytes, unpacked.
pub(crate) struct NameBytes([u8; 32]);

impl NameBytes {
    /// The login: in the archive they are ASCII.
    pub(crate) fn login(&self) -> &str {
        let len = self.0.iter().position(|byte| *byte == 0).unwrap_or(LOGIN_MAX);
        std::str::from_utf8(&self.0[..len]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_order_as_logins_and_come_back(a in "[a-z0-9_]{1,25}", b in "[a-z0-9_]{1,25}") {
            let name = |login: &str| Name::new(login.as_bytes());
            prop_assert_eq!(name(&a).cmp(&name(&b)), a.cmp(&b));
            let back = name(&a).bytes();
            prop_assert_eq!(back.login(), &a);
        }
    }
}
