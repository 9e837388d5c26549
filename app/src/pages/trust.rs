//! "Do we get it right?": what is held of each day, and how long the work takes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::components::chart_table::{Axis, ChartTable};
use crate::components::figure::{Figure, Mark, Svg};
use crate::components::speech;
use crate::data::home::Home;
use crate::draw::home as draw;
use crate::texts::td_string;

/// The calendar of samples and the times of imports.
#[component]
pub(crate) fn Trust(
    /// The home page's data.
    home: Arc<Home>,
) -> impl IntoView {
    let (language, locale) = speech();
    let calendar = draw::calendar(language, &home);
    let calendar_svg = charts::coverage_calendar::coverage_calendar("held", &calendar).to_svg();
    let mut held = calendar.rows();
    // The newest first: the table is cut.
    held.rows.reverse();
    let legend = vec![
        Mark::new("q4", td_string!(locale, home.right.legend.all)),
        Mark::new("q2", td_string!(locale, home.right.legend.most)),
        Mark::new("q1", td_string!(locale, home.right.legend.less)),
        Mark::new("un", td_string!(locale, home.right.legend.none)),
    ];
    let caption = td_string!(locale, home.right.calendar_title).to_owned();
    let held = view! { <ChartTable caption table=held axis=Axis::None/> }.into_any();
    let took = draw::processing(language, &home);
    let duration = move |ms| draw::millis(language, ms);
    let took_svg = charts::processing::processing("took", &took, &duration).to_svg();
    let caption = td_string!(locale, home.right.took_title).to_owned();
    let times = view! { <ChartTable caption table=took.rows() axis=Axis::None/> }.into_any();
    view! {
        <section class="wrap section" aria-labelledby="right-h">
            <header>
                <h2 id="right-h">{td_string!(locale, home.right.h)}</h2>
                <p>{td_string!(locale, home.right.sub)}</p>
            </header>
            <div class="cols-2">
                <Figure
                    finding=draw::calendar_finding(language, &home)
                    sub=td_string!(locale, home.right.calendar_sub).to_owned()
                    legend
                    table=held
                >
                    <Svg svg=calendar_svg/>
                </Figure>
                <Figure
                    finding=draw::took_finding(language, &home)
                    sub=td_string!(locale, home.right.took_sub).to_owned()
                    table=times
                >
                    <Svg svg=took_svg/>
                </Figure>
            </div>
        </section>
    }
}
