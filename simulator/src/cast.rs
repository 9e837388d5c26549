//! The personas themselves: one entry a person, readable as a life.

use crate::life::{DayPlan, Holidays, Life, Window};
use crate::persona::{Persona, PersonaKind};

const fn w(from: u16, to: u16, chance: f64) -> Window {
    Window { from, to, chance }
}

const fn h(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

const WORKDAYS: u8 = 0b001_1111;

/// For accounts without a rhythm.
const ANY_DAY: DayPlan = DayPlan { wake: 0, bed: 1_440, busy: &[], windows: &[] };
const NO_LIFE: Life =
    Life { begins: 0, work_days: 0, holidays: Holidays::None, work: ANY_DAY, other_week: None, free: ANY_DAY };

const FACE_WORK: DayPlan = DayPlan {
    wake: h(7, 0),
    bed: h(24, 0),
    busy: &[(h(8, 30), h(17, 45))],
    windows: &[w(h(18, 0), h(20, 0), 0.85), w(h(20, 30), h(23, 50), 0.95)],
};
const FACES: Life = Life {
    begins: h(5, 0),
    work_days: WORKDAYS,
    holidays: Holidays::Public,
    work: FACE_WORK,
    other_week: None,
    free: DayPlan {
        wake: h(9, 0),
        bed: h(24, 40),
        busy: &[],
        windows: &[w(h(14, 0), h(18, 0), 0.8), w(h(20, 0), h(24, 30), 0.95)],
    },
};

const PERSON: Persona = Persona {
    login: "",
    about_fr: "",
    about_en: "",
    zone: "Europe/Paris",
    kind: PersonaKind::Person,
    life: NO_LIFE,
    favourites: &[],
    active: 0.95,
    second_screen: 0.0,
};

/// All of them, the ones to show first at the beginning.
pub(crate) static CAST: [Persona; 15] = [
    Persona {
        login: "_noctule",
        about_fr: "Étudiante à Lyon : jamais là avant midi, souvent encore là à deux heures.",
        about_en: "Student in Lyon: never seen before noon, often still there at two in the morning.",
        life: Life {
            begins: h(6, 0),
            work_days: WORKDAYS,
            holidays: Holidays::School,
            work: DayPlan {
                wake: h(11, 30),
                bed: h(26, 30),
                busy: &[(h(14, 0), h(17, 30))],
                windows: &[w(h(12, 15), h(13, 30), 0.85), w(h(18, 15), h(20, 10), 0.85), w(h(21, 10), h(26, 20), 0.97)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(12, 45),
                bed: h(28, 0),
                busy: &[],
                windows: &[w(h(13, 0), h(14, 15), 0.6), w(h(15, 0), h(20, 0), 0.9), w(h(21, 0), h(27, 45), 0.97)],
            },
        },
        favourites: &["_radio_minuit", "_cabane_retro", "_echec_et_cafe", "_phare_ouest", "_nuit_de_garde"],
        active: 0.97,
        second_screen: 0.15,
        ..PERSON
    },
    Persona {
        login: "_midi_pile",
        about_fr: "Employé de bureau : quarante minutes à midi, une heure quand les enfants dorment.",
        about_en: "Office worker: forty minutes at lunch, an hour once the children are in bed.",
        life: Life {
            begins: h(4, 0),
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: h(6, 40),
                bed: h(22, 50),
                busy: &[(h(8, 30), h(12, 0)), (h(13, 0), h(17, 30))],
                windows: &[w(h(12, 5), h(12, 55), 0.95), w(h(21, 15), h(22, 40), 0.85)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(8, 0),
                bed: h(23, 30),
                busy: &[],
                windows: &[w(h(13, 40), h(15, 10), 0.4), w(h(21, 15), h(23, 20), 0.85)],
            },
        },
        favourites: &["_cabane_retro", "_bocage_express", "_phare_ouest", "_tour_de_guet"],
        ..PERSON
    },
    Persona {
        login: "_loin_d_ici",
        about_fr: "Regarde des chaînes françaises depuis Montréal et croit que personne ne peut le savoir.",
        about_en: "Watches French channels from Montréal and believes that nobody can tell.",
        // Montréal keeps Toronto's time.
        zone: "America/Toronto",
        life: Life {
            begins: h(4, 0),
            work_days: WORKDAYS,
            holidays: Holidays::None,
            work: DayPlan {
                wake: h(6, 50),
                bed: h(23, 0),
                busy: &[(h(9, 0), h(12, 0)), (h(13, 0), h(16, 30))],
                windows: &[w(h(12, 0), h(12, 55), 0.8), w(h(16, 45), h(22, 45), 0.95)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(8, 30),
                bed: h(24, 0),
                busy: &[],
                windows: &[w(h(9, 0), h(13, 0), 0.85), w(h(14, 0), h(23, 30), 0.95)],
            },
        },
        favourites: &["_radio_minuit", "_nuit_de_garde", "_tour_de_guet", "_la_meute_du_sud", "_veille_permanente"],
        ..PERSON
    },
    Persona {
        login: "_ronde_de_nuit",
        about_fr: "Infirmière de nuit à Lille : dort le jour, regarde avant la garde et après la relève.",
        about_en: "Night nurse in Lille: sleeps by day, watches before her shift and after it.",
        life: Life {
            begins: h(12, 0),
            // Monday, Tuesday, Friday, Saturday.
            work_days: 0b011_0011,
            holidays: Holidays::None,
            work: DayPlan {
                wake: h(15, 30),
                bed: h(32, 30),
                busy: &[(h(20, 15), h(31, 15))],
                windows: &[w(h(16, 30), h(19, 45), 0.9), w(h(31, 20), h(32, 25), 0.8)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(13, 30),
                bed: h(29, 0),
                busy: &[],
                windows: &[w(h(16, 0), h(19, 0), 0.7), w(h(21, 30), h(28, 45), 0.95)],
            },
        },
        favourites: &["_matin_calme", "_nuit_de_garde", "_gouter_pixel", "_la_meute_du_sud", "_echec_et_cafe"],
        ..PERSON
    },
    Persona {
        login: "_fournil",
        about_fr: "Boulanger : levé à trois heures, couché avant que la soirée ne commence.",
        about_en: "Baker: up at three, in bed before the evening begins.",
        life: Life {
            begins: h(1, 30),
            // Closed on Sunday and Monday.
            work_days: 0b011_1110,
            holidays: Holidays::None,
            work: DayPlan {
                wake: h(3, 0),
                bed: h(20, 0),
                busy: &[(h(3, 30), h(11, 30))],
                windows: &[w(h(12, 0), h(14, 0), 0.9), w(h(16, 0), h(19, 45), 0.85)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(6, 0),
                bed: h(21, 30),
                busy: &[],
                windows: &[w(h(6, 30), h(8, 50), 0.7), w(h(14, 0), h(18, 0), 0.8), w(h(18, 30), h(21, 15), 0.7)],
            },
        },
        favourites: &["_tour_de_guet", "_cabane_retro", "_gouter_pixel", "_matin_calme"],
        ..PERSON
    },
    Persona {
        login: "_tableau_noir",
        about_fr: "Professeure : ses vacances scolaires se lisent dans ses après-midi.",
        about_en: "Schoolteacher: the school holidays can be read in her afternoons.",
        life: Life {
            begins: h(4, 0),
            work_days: WORKDAYS,
            holidays: Holidays::School,
            work: DayPlan {
                wake: h(6, 30),
                bed: h(22, 45),
                busy: &[(h(7, 45), h(16, 45))],
                windows: &[w(h(17, 30), h(19, 0), 0.7), w(h(20, 30), h(22, 35), 0.85)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(8, 45),
                bed: h(24, 15),
                busy: &[],
                windows: &[w(h(9, 30), h(12, 0), 0.7), w(h(13, 30), h(18, 30), 0.85), w(h(20, 30), h(24, 0), 0.85)],
            },
        },
        favourites: &["_echec_et_cafe", "_atelier_brume", "_donjon_et_tisane", "_tour_de_guet", "_cap_tropique"],
        ..PERSON
    },
    Persona {
        login: "_aube_claire",
        about_fr: "Retraité à Quimper : devant l’écran dès six heures, jamais après vingt et une heures trente.",
        about_en: "Retired in Quimper: at the screen from six in the morning, never after half past nine.",
        life: Life {
            begins: h(2, 0),
            work_days: 0,
            holidays: Holidays::None,
            work: ANY_DAY,
            other_week: None,
            free: DayPlan {
                wake: h(5, 45),
                bed: h(21, 45),
                busy: &[],
                windows: &[
                    w(h(6, 5), h(9, 0), 0.95),
                    w(h(9, 30), h(12, 15), 0.7),
                    w(h(14, 0), h(18, 30), 0.6),
                    w(h(18, 45), h(21, 30), 0.5),
                ],
            },
        },
        favourites: &["_matin_calme", "_atelier_brume", "_tour_de_guet", "_echec_et_cafe"],
        ..PERSON
    },
    Persona {
        login: "_ecran_allume",
        about_fr: "Un écran que personne n’éteint : présent jour et nuit, il ne dit rien de personne.",
        about_en: "A screen that nobody turns off: there day and night, it says nothing about anybody.",
        kind: PersonaKind::AlwaysOn,
        favourites: &["_veille_permanente", "_radio_minuit", "_tour_de_guet"],
        active: 1.0,
        ..PERSON
    },
    Persona {
        login: "_piton_bleu",
        about_fr: "Vit à La Réunion : trois heures d’avance sur Paris en hiver, deux en été.",
        about_en: "Lives in Réunion: three hours ahead of Paris in winter, two in summer.",
        zone: "Indian/Reunion",
        life: Life {
            begins: h(3, 0),
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: h(5, 45),
                bed: h(23, 15),
                busy: &[(h(7, 30), h(16, 0))],
                windows: &[w(h(16, 30), h(19, 0), 0.85), w(h(20, 0), h(23, 0), 0.9)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(7, 30),
                bed: h(24, 30),
                busy: &[],
                windows: &[w(h(9, 0), h(12, 0), 0.7), w(h(15, 0), h(19, 0), 0.7), w(h(20, 0), h(24, 15), 0.9)],
            },
        },
        favourites: &["_cap_tropique", "_tour_de_guet", "_la_meute_du_sud", "_echec_et_cafe", "_atelier_brume"],
        ..PERSON
    },
    Persona {
        login: "_samedi_seul",
        about_fr: "Ne regarde que le samedi et le dimanche, et alors presque toute la journée.",
        about_en: "Watches on Saturdays and Sundays only, and then for most of the day.",
        life: Life {
            begins: h(5, 0),
            work_days: WORKDAYS,
            holidays: Holidays::None,
            work: DayPlan { wake: h(6, 30), bed: h(22, 30), busy: &[(h(7, 30), h(19, 0))], windows: &[] },
            other_week: None,
            free: DayPlan {
                wake: h(9, 0),
                bed: h(25, 0),
                busy: &[],
                windows: &[w(h(10, 0), h(12, 30), 0.9), w(h(14, 0), h(19, 0), 0.95), w(h(20, 30), h(24, 45), 0.95)],
            },
        },
        favourites: &["_usine_a_vapeur", "_la_meute_du_sud", "_radio_minuit", "_echec_et_cafe"],
        ..PERSON
    },
    Persona {
        login: "_vingt_et_une",
        about_fr: "Parent de jeunes enfants : rien avant vingt et une heures, puis une heure et demie.",
        about_en: "Parent of small children: nothing before nine in the evening, then an hour and a half.",
        life: Life {
            begins: h(4, 0),
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: h(6, 15),
                bed: h(23, 10),
                busy: &[(h(7, 0), h(20, 45))],
                windows: &[w(h(21, 0), h(23, 0), 0.92)],
            },
            other_week: None,
            free: DayPlan {
                wake: h(7, 0),
                bed: h(23, 40),
                busy: &[(h(7, 30), h(20, 45))],
                windows: &[w(h(21, 0), h(23, 30), 0.92)],
            },
        },
        favourites: &["_donjon_et_tisane", "_bocage_express", "_la_meute_du_sud", "_phare_ouest"],
        ..PERSON
    },
    Persona {
        login: "_deux_huit",
        about_fr: "Ouvrier en deux-huit : une semaine du matin, une semaine de l’après-midi.",
        about_en: "Factory worker on two shifts: a week of mornings, a week of afternoons.",
        life: Life {
            begins: h(3, 0),
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: h(4, 0),
                bed: h(21, 0),
                busy: &[(h(4, 30), h(13, 30))],
                windows: &[w(h(14, 15), h(18, 30), 0.9)],
            },
            other_week: Some(DayPlan {
                wake: h(8, 30),
                bed: h(26, 0),
                busy: &[(h(12, 15), h(22, 0))],
                windows: &[w(h(9, 0), h(11, 45), 0.8), w(h(22, 20), h(25, 50), 0.9)],
            }),
            free: DayPlan {
                wake: h(9, 0),
                bed: h(24, 30),
                busy: &[],
                windows: &[w(h(14, 0), h(18, 0), 0.7), w(h(20, 30), h(24, 15), 0.8)],
            },
        },
        favourites: &["_tour_de_guet", "_usine_a_vapeur", "_phare_ouest", "_atelier_brume", "_nuit_de_garde"],
        ..PERSON
    },
    Persona {
        login: "_face_a",
        about_fr: "Un compte pour les amis ; la même personne en a un second, `_face_b`.",
        about_en: "One account for friends; the same person has a second one, `_face_b`.",
        kind: PersonaKind::SecondFace("_face_b"),
        life: FACES,
        favourites: &["_la_meute_du_sud", "_bocage_express"],
        ..PERSON
    },
    Persona {
        login: "_face_b",
        about_fr: "Le second compte de la même personne que `_face_a` : jamais les deux à la fois.",
        about_en: "The second account of the person behind `_face_a`: never both at once.",
        kind: PersonaKind::SecondFace("_face_a"),
        life: FACES,
        favourites: &["_donjon_et_tisane", "_cri_du_grenier", "_gouter_pixel"],
        ..PERSON
    },
    Persona {
        login: "_robot_gardien",
        about_fr: "Un robot de modération, dans des dizaines de salons à la fois.",
        about_en: "A moderation bot, in dozens of chats at once.",
        kind: PersonaKind::Bot,
        active: 1.0,
        ..PERSON
    },
];
