//! Public holidays, which are free days like those of weekends.

use crate::day::Day;

/// Countries, and parts of them with days of their own, whose public holidays are known: those of today's law, but where an earlier year is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// The eleven of all of France (Code du travail, L3133-1), metropolitan and Saint-Pierre-et-Miquelon. Those of Alsace and Moselle alone are not among them.
    France,
    /// The eleven and a day that remembers the end of slavery, as all of the next five (law 83-550 of 30 June 1983, Code du travail L3422-2; the days are those
    /// of decree 83-1003, changed by 2012-553): 27 May. Days that are kept by custom, as Good Friday, are not among them.
    Guadeloupe,
    /// 22 May.
    Martinique,
    /// 10 June.
    Guiana,
    /// 20 December.
    Reunion,
    /// 27 April.
    Mayotte,
    /// 9 October, from 2012 on.
    SaintBarthelemy,
    /// Likewise: 28 May, and up to 2017 the 27th (circular of 4 May 2018).
    SaintMartin,
    /// The eleven and 24 September, Citizenship Day (Code du travail de Nouvelle-Calédonie, Lp. 232-1).
    NewCaledonia,
    /// The eleven, 5 March, Good Friday, and 20 November, up to 2024 in its place 29 June (Code du travail de la Polynésie française; loi du pays voted on
    /// 6 May 2025).
    Polynesia,
    /// The ten legal ones of Belgium (arrêté royal of 18 April 1974).
    Belgium,
    /// The eleven legal ones of Luxembourg (Code du travail, L.232-2); Europe Day, 9 May, from 2019 on (law of 25 April 2019).
    Luxembourg,
    /// The four that all cantons of Switzerland keep: 1 January, Ascension, 1 August, 25 December (list of the Federal Office of Justice). Of
    /// all others, as Easter Monday, some canton has none, and the zone does not tell cantons apart.
    Switzerland,
    /// England and Wales: Good Friday and Christmas Day by common law, the others by the Banking and Financial Dealings Act 1971 and proclamations under it, with the
    /// weekdays that stand in for those at a weekend, and single days of 2002, 2011, 2012, 2020, 2022 and 2023 (gov.uk/bank-holidays). Scotland and Northern Ireland have others.
    England,
    /// The eight of Quebec: Act respecting labour standards, section 60, and National Holiday Act. Of Good Friday and Easter Monday, of which an employer chooses, it is the first,
    /// which is that of the Canada Labour Code too.
    Quebec,
    /// The nine of Ontario (Employment Standards Act 2000, section 1); Family Day from 2008 on.
    Ontario,
}

/// Of Easter Sunday: how many days later movable ones are.
const GOOD_FRIDAY: i32 = -2;
const EASTER_MONDAY: i32 = 1;
const ASCENSION: i32 = 39;
const WHIT_MONDAY: i32 = 50;

impl Country {
    /// The country that an IANA zone is of; nothing where its holidays are not known here.
    ///
    /// Montreal keeps Toronto's time under a name of its own, which is taken for Quebec; whoever lives in Quebec and asks by Toronto's has Ontario's days.
    pub fn of_zone(name: &str) -> Option<Country> {
        Some(match name {
            "Europe/Paris" | "America/Miquelon" => Country::France,
            "America/Guadeloupe" => Country::Guadeloupe,
            "America/Martinique" => Country::Martinique,
            "America/Cayenne" => Country::Guiana,
            "Indian/Reunion" => Country::Reunion,
            "Indian/Mayotte" => Country::Mayotte,
            "America/St_Barthelemy" => Country::SaintBarthelemy,
            "America/Marigot" => Country::SaintMartin,
            "Pacific/Noumea" => Country::NewCaledonia,
            "Pacific/Tahiti" | "Pacific/Marquesas" | "Pacific/Gambier" => Country::Polynesia,
            "Europe/Brussels" => Country::Belgium,
            "Europe/Luxembourg" => Country::Luxembourg,
            "Europe/Zurich" => Country::Switzerland,
            "Europe/London" => Country::England,
            "America/Montreal" => Country::Quebec,
            "America/Toronto" => Country::Ontario,
            _ => return None,
        })
    }

    /// Whether a day is a public holiday there.
    pub fn is_holiday(self, day: Day) -> bool {
        let date = Date::of(day);
        let france = |own: &[(u32, u32)]| {
            date.is_any(&[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)])
                || date.is_after_easter(&[EASTER_MONDAY, ASCENSION, WHIT_MONDAY])
                || date.is_any(own)
        };
        match self {
            Country::France => france(&[]),
            Country::Guadeloupe => france(&[(5, 27)]),
            Country::Martinique => france(&[(5, 22)]),
            Country::Guiana => france(&[(6, 10)]),
            Country::Reunion => france(&[(12, 20)]),
            Country::Mayotte => france(&[(4, 27)]),
            Country::SaintBarthelemy => france(if date.year < 2012 { &[] } else { &[(10, 9)] }),
            Country::SaintMartin => france(if date.year < 2018 { &[(5, 27)] } else { &[(5, 28)] }),
            Country::NewCaledonia => france(&[(9, 24)]),
            Country::Polynesia => {
                let late = if date.year < 2025 { (6, 29) } else { (11, 20) };
                france(&[(3, 5), late]) || date.is_after_easter(&[GOOD_FRIDAY])
            }
            Country::Belgium => {
                date.is_any(&[(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)])
                    || date.is_after_easter(&[EASTER_MONDAY, ASCENSION, WHIT_MONDAY])
            }
            Country::Luxembourg => {
                date.is_any(&[(1, 1), (5, 1), (6, 23), (8, 15), (11, 1), (12, 25), (12, 26)])
                    || date.is_any(&[(5, 9)]) && date.year >= 2019
                    || date.is_after_easter(&[EASTER_MONDAY, ASCENSION, WHIT_MONDAY])
            }
            Country::Switzerland => date.is_any(&[(1, 1), (8, 1), (12, 25)]) || date.is_after_easter(&[ASCENSION]),
            Country::England => date.is_english(),
            Country::Quebec => date.is_canadian() || date.is_or_stands_in(6, 24),
            Country::Ontario => {
                let is_family_day = date.year >= 2008 && date.month == 2 && date.is_monday(3);
                date.is_canadian() || is_family_day || date.is_any(&[(12, 26)])
            }
        }
    }

    /// Whether nobody has to work: a holiday, or a Saturday or Sunday.
    pub fn is_free(self, day: Day) -> bool {
        is_weekend(day) || self.is_holiday(day)
    }
}

/// A day, as rules of holidays name it.
struct Date {
    day: Day,
    year: i32,
    month: u32,
    of_month: u32,
}

impl Date {
    fn of(day: Day) -> Date {
        let (year, month, of_month) = day.ymd();
        Date { day, year, month, of_month }
    }

    /// Whether it is one of these, month and day of the month.
    fn is_any(&self, dates: &[(u32, u32)]) -> bool {
        dates.contains(&(self.month, self.of_month))
    }

    /// Whether it is so many days after Easter Sunday.
    fn is_after_easter(&self, days: &[i32]) -> bool {
        // Easter is between 22 March and 25 April, and none is further from it than Whit Monday.
        (3..=6).contains(&self.month) && days.contains(&(self.day.days() - easter(self.year)))
    }

    /// Whether it is the first Monday of its month, or another one by number.
    fn is_monday(&self, number: u32) -> bool {
        self.day.weekday() == 0 && self.of_month.div_ceil(7) == number
    }

    /// Whether it is the last Monday of a month of 31 days.
    fn is_last_monday(&self) -> bool {
        self.day.weekday() == 0 && self.of_month > 24
    }

    /// Whether it is this date, or the Monday after it where that is a Sunday.
    fn is_or_stands_in(&self, month: u32, of_month: u32) -> bool {
        self.is_any(&[(month, of_month)]) || self.day.weekday() == 0 && self.is_any(&[(month, of_month + 1)])
    }

    fn is_english(&self) -> bool {
        let weekday = self.day.weekday();
        let is_christmas = match (self.month, self.of_month) {
            (12, 25 | 26) => true,
            // In the place of a Saturday or Sunday, of either of both.
            (12, 27 | 28) => weekday <= 1,
            _ => false,
        };
        let is_new_year = self.is_any(&[(1, 1)]) || weekday == 0 && self.is_any(&[(1, 2), (1, 3)]);
        let is_may = self.month == 5
            && match self.year {
                // Put off to the anniversary of the end of the war in Europe.
                2020 => self.of_month == 8 || self.is_last_monday(),
                // The last Monday was put off to June, for jubilees.
                2002 | 2012 | 2022 => self.is_monday(1),
                _ => self.is_monday(1) || self.is_last_monday(),
            };
        let once = [
            (2002, 6, 3),
            (2002, 6, 4),
            (2011, 4, 29),
            (2012, 6, 4),
            (2012, 6, 5),
            (2022, 6, 2),
            (2022, 6, 3),
            (2022, 9, 19),
            (2023, 5, 8),
        ];
        is_christmas
            || is_new_year
            || is_may
            || self.month == 8 && self.is_last_monday()
            || self.is_after_easter(&[GOOD_FRIDAY, EASTER_MONDAY])
            || once.contains(&(self.year, self.month, self.of_month))
    }

    /// What Quebec and Ontario have in common: the Monday before 25 May, Canada Day or the day after a Sunday (Holidays Act), the
    /// first Monday of September, the second of October.
    fn is_canadian(&self) -> bool {
        let is_may = self.month == 5 && self.day.weekday() == 0 && (18..25).contains(&self.of_month);
        self.is_any(&[(1, 1), (12, 25)])
            || self.is_after_easter(&[GOOD_FRIDAY])
            || is_may
            || self.is_or_stands_in(7, 1)
            || self.month == 9 && self.is_monday(1)
            || self.month == 10 && self.is_monday(2)
    }
}

/// Saturday or Sunday.
pub fn is_weekend(day: Day) -> bool {
    day.weekday() >= 5
}

/// Easter Sunday of a Gregorian year, in days since 1970-01-01. Source: the anonymous algorithm of Nature, 20 April 1876, as Meeus,
/// Astronomical Algorithms, gives it.
fn easter(year: i32) -> i32 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let date = (h + l - 7 * m + 114) % 31 + 1;
    // A day of March or April, of a year that days have.
    Day::from_ymd(year, month as u32, date as u32).map_or(i32::MIN / 2, Day::days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_almanacs_have_it() {
        let years = ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2026-04-05", "2038-04-25", "2099-04-12"];
        for text in years {
            assert_eq!(easter(day(text).ymd().0), day(text).days(), "{text}");
        }
    }

    fn holidays(country: Country, year: i32) -> Vec<Day> {
        let all = Day::from_ymd(year, 1, 1).unwrap().until(Day::from_ymd(year + 1, 1, 1).unwrap());
        all.filter(|day| country.is_holiday(*day)).collect()
    }

    /// `01-01 12-25` of a year.
    fn days(year: i32, text: &str) -> Vec<Day> {
        text.split_whitespace().map(|date| day(&format!("{year}-{date}"))).collect()
    }

    #[test]
    fn each_year_has_its_holidays() {
        for (country, count) in [(Country::France, 11), (Country::Belgium, 10), (Country::Luxembourg, 11)] {
            for year in [2022, 2023, 2026] {
                assert_eq!(holidays(country, year).len(), count, "{country:?} {year}");
            }
        }
        // On 9 May 2024 Ascension and Europe Day are one, on 1 May 2008 Ascension and the first of May.
        assert_eq!((holidays(Country::Luxembourg, 2024).len(), holidays(Country::France, 2008).len()), (10, 10));
        assert_eq!(holidays(Country::Luxembourg, 2018).len(), 10);
        let luxembourg = "01-01 04-06 05-01 05-09 05-14 05-25 06-23 08-15 11-01 12-25 12-26";
        assert_eq!(holidays(Country::Luxembourg, 2026), days(2026, luxembourg));
        assert_eq!(holidays(Country::Switzerland, 2025), days(2025, "01-01 05-29 08-01 12-25"));
        assert_eq!(holidays(Country::Switzerland, 2026), days(2026, "01-01 05-14 08-01 12-25"));
        let france = Country::of_zone("Europe/Paris").unwrap();
        let whether = ["2026-04-06", "2026-05-14", "2026-05-25", "2026-07-14", "2026-07-21"]
            .map(|text| france.is_holiday(day(text)));
        assert_eq!(whether, [true, true, true, true, false]);
        assert!(
            france.is_free(day("2026-11-28")) && !france.is_free(day("2026-11-27")) && is_weekend(day("2026-11-29"))
        );
        assert_eq!(Country::of_zone("Asia/Tokyo"), None);
    }

    #[test]
    fn overseas_france_has_a_day_more_and_polynesia_three() {
        let own = |zone: &str, year: i32| -> Vec<String> {
            let country = Country::of_zone(zone).unwrap();
            let own = holidays(country, year).into_iter().filter(|day| !Country::France.is_holiday(*day));
            let own = own.map(|day| day.to_string()[5..].to_owned()).collect();
            assert!(holidays(Country::France, year).iter().all(|day| country.is_holiday(*day)), "{zone}");
            own
        };
        let zones = [
            ("America/Guadeloupe", "05-27"),
            ("America/Martinique", "05-22"),
            ("America/Cayenne", "06-10"),
            ("Indian/Reunion", "12-20"),
            ("Indian/Mayotte", "04-27"),
            ("America/St_Barthelemy", "10-09"),
            ("America/Marigot", "05-28"),
            ("Pacific/Noumea", "09-24"),
        ];
        for (zone, date) in zones {
            assert_eq!((own(zone, 2024), own(zone, 2026)), (vec![date.to_owned()], vec![date.to_owned()]), "{zone}");
        }
        assert!(own("America/Miquelon", 2026).is_empty());
        assert_eq!(own("America/Marigot", 2016), ["05-27"]);
        assert_eq!(own("Pacific/Tahiti", 2024), ["03-05", "03-29", "06-29"]);
        assert_eq!(own("Pacific/Tahiti", 2026), ["03-05", "04-03", "11-20"]);
    }

    #[test]
    fn bank_holidays_are_those_that_were_proclaimed() {
        let years = [
            // A jubilee and a funeral; 3 January and 27 December stand in for a Saturday and a Sunday.
            (2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"),
            (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28"),
            (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28"),
            (2023, "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
            (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            (2011, "01-01 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-25 12-26 12-27"),
            (2012, "01-01 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
            (2002, "01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26"),
        ];
        for (year, dates) in years {
            assert_eq!(holidays(Country::England, year), days(year, dates), "{year}");
        }
    }

    #[test]
    fn canada_has_holidays_by_province() {
        let [quebec, ontario] = ["America/Montreal", "America/Toronto"].map(|zone| Country::of_zone(zone).unwrap());
        let ask = |country, year, dates| assert_eq!(holidays(country, year), days(year, dates), "{country:?} {year}");
        ask(quebec, 2024, "01-01 03-29 05-20 06-24 07-01 09-02 10-14 12-25");
        // In 2018 both 24 June and 1 July were Sundays.
        ask(quebec, 2018, "01-01 03-30 05-21 06-24 06-25 07-01 07-02 09-03 10-08 12-25");
        ask(ontario, 2026, "01-01 02-16 04-03 05-18 07-01 09-07 10-12 12-25 12-26");
        ask(ontario, 2007, "01-01 04-06 05-21 07-01 07-02 09-03 10-08 12-25 12-26");
    }
}
