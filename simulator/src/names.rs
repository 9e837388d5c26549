//! Names of invented channels and people. Every login begins with `_`, which Twitch does not allow.

use model::login::LOGIN_MAX;

use crate::dice::mix;

const PLACES: [&str; 40] = [
    "Radio",
    "Atelier",
    "Cabane",
    "Phare",
    "Tour",
    "Station",
    "Maison",
    "Jardin",
    "Quai",
    "Studio",
    "Taverne",
    "Comptoir",
    "Grenier",
    "Refuge",
    "Hangar",
    "Rivage",
    "Colline",
    "Clairière",
    "Terrasse",
    "Cuisine",
    "Salon",
    "Verger",
    "Moulin",
    "Lanterne",
    "Observatoire",
    "Serre",
    "Gare",
    "Île",
    "Forge",
    "Repaire",
    "Passerelle",
    "Bivouac",
    "Cirque",
    "Kiosque",
    "Théâtre",
    "Labo",
    "Canal",
    "Archipel",
    "Ruelle",
    "Manège",
];

/// They agree with both genders.
const QUALITIES: [&str; 40] = [
    "des Brumes",
    "du Sud",
    "de l'Ouest",
    "des Cimes",
    "de Cuivre",
    "d'Ardoise",
    "du Large",
    "sans Fin",
    "à Vapeur",
    "de Papier",
    "sous la Pluie",
    "en Pixels",
    "des Lucioles",
    "du Dimanche",
    "de Velours",
    "d'Hiver",
    "du Nord",
    "des Hiboux",
    "de Sable",
    "à Musique",
    "des Marées",
    "du Renard",
    "en Bois",
    "de Verre",
    "des Ondes",
    "du Lundi",
    "d'Ambre",
    "sans Nom",
    "des Pins",
    "de Craie",
    "du Matin",
    "des Galets",
    "à Roulettes",
    "de Laine",
    "du Coin",
    "des Orages",
    "de Juin",
    "du Hérisson",
    "en Vrac",
    "d'Argile",
];

const BEASTS: [&str; 96] = [
    "loutre",
    "renard",
    "hibou",
    "martre",
    "merle",
    "geai",
    "lynx",
    "belette",
    "heron",
    "carpe",
    "truite",
    "frelon",
    "castor",
    "blaireau",
    "pinson",
    "moineau",
    "corneille",
    "hermine",
    "lievre",
    "marmotte",
    "chamois",
    "cigale",
    "grillon",
    "luciole",
    "libellule",
    "triton",
    "crapaud",
    "lezard",
    "couleuvre",
    "herisson",
    "musaraigne",
    "souris",
    "mulot",
    "campagnol",
    "ecureuil",
    "fouine",
    "putois",
    "genette",
    "sanglier",
    "biche",
    "faon",
    "chevreuil",
    "bouquetin",
    "mouflon",
    "aigle",
    "milan",
    "buse",
    "faucon",
    "vautour",
    "chouette",
    "coucou",
    "pivert",
    "sittelle",
    "fauvette",
    "roitelet",
    "troglodyte",
    "alouette",
    "caille",
    "perdrix",
    "faisan",
    "cygne",
    "canard",
    "sarcelle",
    "goeland",
    "mouette",
    "sterne",
    "cormoran",
    "pingouin",
    "macareux",
    "phoque",
    "dauphin",
    "baleine",
    "poulpe",
    "seiche",
    "crabe",
    "homard",
    "oursin",
    "moule",
    "huitre",
    "bulot",
    "anemone",
    "meduse",
    "sardine",
    "thon",
    "bar",
    "sole",
    "raie",
    "requin",
    "anguille",
    "saumon",
    "brochet",
    "perche",
    "gardon",
    "tanche",
    "goujon",
    "ablette",
];

/// They agree with both genders, as logins do not care.
const MOODS: [&str; 64] = [
    "calme",
    "rapide",
    "timide",
    "solaire",
    "lunaire",
    "sauvage",
    "polaire",
    "agile",
    "sage",
    "bizarre",
    "tranquille",
    "rouge",
    "jaune",
    "mauve",
    "orange",
    "rose",
    "ocre",
    "sombre",
    "pale",
    "rare",
    "libre",
    "triste",
    "drole",
    "fragile",
    "solide",
    "etrange",
    "fidele",
    "honnete",
    "modeste",
    "moderne",
    "antique",
    "celeste",
    "terrestre",
    "rustique",
    "alpestre",
    "du_13",
    "du_29",
    "du_44",
    "du_59",
    "du_69",
    "du_974",
    "de_nuit",
    "de_jour",
    "en_ville",
    "des_bois",
    "des_mers",
    "au_lit",
    "au_bureau",
    "en_pause",
    "sans_wifi",
    "en_retard",
    "qui_dort",
    "qui_rit",
    "et_demi",
    "bis",
    "ter",
    "pro",
    "noob",
    "gg",
    "xx",
    "94",
    "2000",
    "lol",
    "tv",
];

/// The display name of the `n`th channel without a name of its own; different for different `n`.
pub(crate) fn channel_name(n: usize) -> String {
    let pairs = PLACES.len() * QUALITIES.len();
    // 1,600 pairs in an order that does not show; then numbered.
    let pair = (n * 1_009) % pairs;
    let name = format!("{} {}", PLACES[pair % PLACES.len()], QUALITIES[pair / PLACES.len()]);
    if n < pairs { name } else { format!("{name} {}", n / pairs + 1) }
}

/// The login that goes with a display name: `_echec_et_cafe`.
pub(crate) fn channel_login(display_name: &str) -> String {
    let mut login = String::from("_");
    for letter in display_name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => login.push(letter),
            'à' | 'â' => login.push('a'),
            'é' | 'è' | 'ê' => login.push('e'),
            'î' | 'ï' => login.push('i'),
            'ô' => login.push('o'),
            'ù' | 'û' => login.push('u'),
            'ç' => login.push('c'),
            _ => login.push('_'),
        }
    }
    login.truncate(LOGIN_MAX);
    login
}

/// The login of the `n`th viewer without a name of its own; `again` after a name that was taken.
pub(crate) fn viewer_login(seed: u64, n: u32, again: u32) -> String {
    let draw = mix(seed, u64::from(n) | u64::from(again) << 40);
    let beast = BEASTS[(draw % 96) as usize];
    let mood = MOODS[(draw >> 8) as usize % 64];
    let number = (draw >> 20) % 1_000;
    match (draw >> 16) % 8 {
        0..3 => format!("_{beast}_{mood}{number}"),
        3..5 => format!("_{beast}{number}"),
        5 => format!("_{mood}_{beast}{number}"),
        6 => format!("_{beast}_{mood}"),
        _ => format!("_x_{beast}{number}_{}", (draw >> 32) % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::login::Login;

    #[test]
    fn channels_have_each_their_name() {
        let names: std::collections::BTreeSet<String> = (0..20_000).map(channel_name).collect();
        assert_eq!(names.len(), 20_000);
        assert_eq!(channel_login("Échec et Café"), "_echec_et_cafe");
        assert!(names.iter().all(|name| channel_login(name).parse::<Login>().is_ok()));
    }

    #[test]
    fn viewers_have_logins() {
        for n in 0..100_000 {
            let login = viewer_login(1, n, 0);
            assert!(login.starts_with('_') && login.parse::<Login>().is_ok(), "{login}");
        }
    }
}
