//! Why a result is not told, in as few words as a table needs: sections and the page of habits say it in full.

use model::analysis::{self, tastes};
use model::crowd;

use crate::components::speech;
use crate::texts::td_string;

/// Of a result that is told of one person alone.
pub(super) fn of_one(refused: &analysis::Refused) -> String {
    let (_, locale) = speech();
    match *refused {
        analysis::Refused::Bot => td_string!(locale, trace.hide.untold.bot).to_owned(),
        analysis::Refused::FewDays { have, need } => days(have, need),
        analysis::Refused::Constant => td_string!(locale, trace.hide.untold.constant).to_owned(),
        analysis::Refused::AlwaysOn { .. } => td_string!(locale, trace.hide.untold.always).to_owned(),
        analysis::Refused::SpeechOnly => td_string!(locale, trace.hide.untold.speech).to_owned(),
        analysis::Refused::Coarse { .. } => td_string!(locale, trace.hide.untold.coarse).to_owned(),
        analysis::Refused::Elsewhere { .. } => td_string!(locale, trace.hide.untold.elsewhere).to_owned(),
        analysis::Refused::Gaps { .. } => td_string!(locale, trace.hide.untold.gaps).to_owned(),
    }
}

/// Of one that is told of somebody beside everybody.
pub(super) fn of_crowd(refused: &crowd::Refused) -> String {
    let (language, locale) = speech();
    match *refused {
        crowd::Refused::Bot => td_string!(locale, trace.hide.untold.bot).to_owned(),
        crowd::Refused::FewPeople { .. } => td_string!(locale, trace.hide.few).to_owned(),
        crowd::Refused::FewSightings { have, need } => {
            let (have, need) = (language.number(have.into()), language.number(need.into()));
            td_string!(locale, trace.hide.untold.samples, have, need).to_string()
        }
        crowd::Refused::FewDays { have, need } => days(have, need),
        crowd::Refused::EmptyHalf { known, asked, need } => days(known.min(asked), need),
    }
}

/// Of tastes.
pub(super) fn of_tastes(refused: &tastes::Refused) -> String {
    let (_, locale) = speech();
    match refused {
        tastes::Refused::FewPeople { .. } => td_string!(locale, trace.hide.few).to_owned(),
        tastes::Refused::FewDays { have, need } => days(*have, *need),
        tastes::Refused::Person(refused) => of_one(refused),
    }
}

fn days(have: u32, need: u32) -> String {
    let (language, locale) = speech();
    let (have, need) = (language.number(have.into()), language.number(need.into()));
    td_string!(locale, trace.hide.untold.days, have, need).to_string()
}
