//! What people write into names, titles and games comes out as text, whatever it is.

use charts::ribbons::ribbons;
use charts::{audience, broadcasts, over_day};

use crate::fixtures::{channel, person, site, words};
use crate::xml::{elements, parse};

const HOSTILE: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"/><image href=x onerror='alert(1)'>&amp;",
    "]]><![CDATA[<svg/onload=alert(1)>--><!--",
    "🦇👩‍👩‍👧‍👦🏳️‍🌈 😀",
    "a\u{0}b\u{8}c\u{1b}[31m\u{202e}desrever\u{2066}\u{fffe}",
    "The legend of a title that is exactly as long as Twitch allows, which is to say one hundred and forty characters of it, no more and not a less",
    "",
];

#[test]
fn hostile_text_is_only_text() {
    for text in HOSTILE {
        for svg in charts_saying(text) {
            let document = parse(&svg);
            let allowed = ["svg", "title", "desc", "path", "rect", "circle", "text", "tspan"];
            for node in elements(&document) {
                assert!(allowed.contains(&node.tag_name().name()), "{svg}");
                assert!(node.attributes().all(|a| !a.name().starts_with("on") && a.name() != "href"), "{svg}");
            }
            assert!(!svg.contains('\u{202e}') && !svg.contains('\u{0}') && !svg.contains('\u{1b}'), "{svg}");
        }
    }
}

#[test]
fn a_long_title_is_cut_and_a_short_one_is_whole() {
    let mut day = person::noctule();
    day.channels[1].visits[0].parts[0].title = HOSTILE[5].into();
    let svg = ribbons("day", &day).to_svg();
    assert!(svg.contains("“The legend of a title") && svg.contains('…') && !svg.contains("not a less"));
    assert!(svg.contains("“Any% until dawn”"));
}

#[test]
fn an_id_cannot_leave_its_attribute() {
    let svg = ribbons("a\"><script>", &person::noctule()).to_svg();
    assert!(svg.contains("aria-labelledby=\"ascript-t ascript-d\""));
    parse(&svg);
}

/// Charts that write text which people chose.
fn charts_saying(text: &str) -> Vec<String> {
    let mut day = person::noctule();
    day.words = words(text, text);
    for channel in &mut day.channels {
        channel.name = text.into();
        channel.total = text.into();
        for part in channel.visits.iter_mut().flat_map(|visit| &mut visit.parts) {
            part.game = text.into();
            part.title = text.into();
        }
    }
    let mut live = channel::radio_minuit();
    live.words = words(text, text);
    for part in live.broadcasts.iter_mut().flatten() {
        part.game = text.into();
        part.title = text.into();
    }
    let mut over = site::evening();
    over.now_label = text.into();
    over.before_label = text.into();
    vec![
        ribbons("day", &day).to_svg(),
        broadcasts::broadcasts("live", &live).to_svg(),
        audience::audience("aud", &channel::audience_day(), &|_| text.to_owned(), Some(text)).to_svg(),
        over_day::over_day("over", &over, &|_| text.to_owned()).to_svg(),
    ]
}
