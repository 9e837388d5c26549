//! The crowd's index, as the running server holds it.

use std::sync::{Arc, PoisonError, RwLock};

use model::crowd::index::{Index, SharedBytes};
use model::identity::PersonKey;

/// The index of everybody that pages ask, if there is one. Cheap to clone: all clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Crowd(Arc<RwLock<Option<Arc<CrowdIndex>>>>);

/// An index over bytes that its copies share.
pub type CrowdIndex = Index<SharedBytes>;

impl Crowd {
    /// The index as it is now; nothing before the first night, or where it could not be read. Who holds it keeps what they
    /// were given, so hold it for one answer.
    pub fn current(&self) -> Option<Arc<CrowdIndex>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers are of another index from now on, or of none.
    pub fn replace(&self, index: Option<CrowdIndex>) {
        let index = index.map(Arc::new);
        // The old one may be large: it goes after the lock does.
        let _old = std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), index);
    }

    /// Forgets a person: no answer that begins later counts them. Whether they were in it.
    pub fn forget(&self, key: PersonKey) -> bool {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Where an answer is being worked out, it goes on with a copy of the old one; both share the bytes.
        held.as_mut().is_some_and(|index| Arc::make_mut(index).forget(key))
    }
}

#[cfg(test)]
mod tests {
    use model::crowd::build::Builder;
    use model::crowd::calendar::Calendar;
    use model::day::Day;
    use model::identity::ChannelKey;
    use model::presence::{ChannelPresence, ViewerDay};
    use model::run::Run;
    use model::words::Origin;
    use model::zone::ZoneTable;

    use super::*;

    fn index(people: u32) -> CrowdIndex {
        let last: Day = "2026-11-29".parse().unwrap();
        let mut builder = Builder::new(Calendar::ending(last, &ZoneTable::utc()).unwrap(), Origin::Simulated);
        let listed = vec![Run::new(3, 30).unwrap()];
        let there = ChannelPresence { channel: ChannelKey(1), listed, spoke: Vec::new() };
        let days = [(last, ViewerDay { bot: false, channels: vec![there] })];
        for key in 0..people {
            builder.push(PersonKey(key), &days).unwrap();
        }
        Index::open(SharedBytes::from(builder.finish().unwrap())).unwrap()
    }

    #[test]
    fn who_is_forgotten_is_in_no_answer_that_begins_later() {
        let (crowd, other) = (Crowd::default(), Crowd::default());
        assert!(crowd.current().is_none() && !crowd.forget(PersonKey(1)));
        let same = crowd.clone();
        same.replace(Some(index(5)));
        let before = crowd.current().unwrap();
        assert!(crowd.forget(PersonKey(1)) && !crowd.forget(PersonKey(1)) && !crowd.forget(PersonKey(9)));
        assert_eq!((before.week_people(), same.current().unwrap().week_people()), (5, 4));
        same.replace(Some(index(7)));
        assert_eq!(crowd.current().unwrap().week_people(), 7);
        crowd.replace(None);
        assert!(same.current().is_none() && other.current().is_none());
    }
}
