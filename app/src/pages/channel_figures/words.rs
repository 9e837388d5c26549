//! Words of titles that go with more viewers, or with fewer.

use model::statistics::Refused;
use model::statistics::titles::{self, TitleWord};

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::signed;
use crate::components::shown::none;
use crate::components::speech;
use crate::data::channel_figures::{ChannelFigures, WEEKS_DAYS};
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// One in so many words that change nothing lies outside its interval of 80 %.
const BY_CHANCE: u32 = 5;

/// The section.
pub(super) fn words(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, WEEKS_DAYS as u32);
    let section = section("words", td_string!(locale, figures.words.h), td_string!(locale, figures.words.sub, days));
    let found = match &data.words {
        Ok(found) => found,
        Err(Refused::FewBroadcasts { have, need }) => {
            let (have, need) = (count!(language, channel.broadcasts, *have), language.number((*need).into()));
            return section.child(none(td_string!(locale, figures.words.few, have, need)));
        }
        Err(Refused::NothingToCompare) => return section.child(none(td_string!(locale, figures.words.nothing))),
    };
    let compared = language.number(found.compared.into());
    let broadcasts = count!(language, channel.broadcasts, found.broadcasts);
    if found.words.is_empty() {
        return section.child(none(td_string!(locale, figures.words.none, compared, broadcasts)));
    }
    let chance = language.number((found.compared / BY_CHANCE).into());
    let caution = td_string!(locale, figures.words.caution, compared = compared.clone(), chance).to_string();
    let row = |word: &TitleWord| -> Vec<Cell> {
        let (from, to) = (signed(word.from - 1.0), signed(word.to - 1.0));
        vec![
            text(word.word.clone()),
            text(signed(word.ratio - 1.0)),
            text(td_string!(locale, habits.says.interval, from, to).to_string()),
            text(language.number(word.broadcasts.into())),
        ]
    };
    let headings = [
        (td_string!(locale, figures.words.word), false),
        (td_string!(locale, figures.words.viewers), true),
        (td_string!(locale, figures.words.interval), true),
        (td_string!(locale, figures.words.broadcasts), true),
    ];
    let caption = td_string!(locale, figures.words.caption, broadcasts).to_string();
    section
        .child(el("p").class("measure mb5").text(caution))
        .child(data_table(caption, false, &headings, found.words.iter().map(row).collect()))
        .child(worked_out_by(&titles::METHOD))
        .child(how([td_string!(locale, figures.words.how)]))
}
