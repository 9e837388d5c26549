//! What channels play and how they call it. Categories are real ones, everything said about them is invented.

/// A category. `id` is how Twitch would name it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Game {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// `#` becomes a number that grows from broadcast to broadcast.
    pub(crate) titles: &'static [&'static str],
}

/// What a circle of channels plays; people stay mostly within one circle.
pub(crate) type Community = &'static [&'static Game];

/// The circles.
pub(crate) const COMMUNITIES: [Community; 10] = [
    &[&CELESTE, &HOLLOW_KNIGHT, &TUNIC],
    &[&CHRONO_TRIGGER, &ZELDA, &TETRIS],
    &[&CHESS, &BOARD_GAMES],
    &[&LEAGUE, &VALORANT, &ROCKET_LEAGUE],
    &[&ART, &MAKERS, &MUSIC],
    &[&CHATTING, &TALK_SHOWS, &FOOD],
    &[&GEOGUESSR, &TRACKMANIA],
    &[&MINECRAFT, &FACTORIO, &TERRARIA],
    &[&ELDEN_RING, &BALDUR, &GTA],
    &[&PHASMOPHOBIA, &DEAD_BY_DAYLIGHT],
];

/// How many broadcasts open: people arrive, nothing is played yet.
pub(crate) static OPENING: &Game = &CHATTING;

/// Titles of channels that broadcast in English.
pub(crate) const ENGLISH_TITLES: &[&str] = &[
    "Day # of getting slightly better",
    "Chill run, first timers welcome",
    "We finish it tonight. Probably.",
    "Viewer games, queue is open",
    "No spoilers, please: blind run, part #",
];

const fn game(id: &'static str, name: &'static str, titles: &'static [&'static str]) -> Game {
    Game { id, name, titles }
}

static CHATTING: Game = game(
    "509658",
    "Just Chatting",
    &[
        "On se pose, on discute",
        "Café, nouvelles du jour et courrier des viewers",
        "Retour de vacances : on fait le point",
        "Je réponds à toutes vos questions (ou presque)",
        "Débrief de la semaine n° #",
        "On regarde vos vidéos 📺",
    ],
);
static TALK_SHOWS: Game = game(
    "417752",
    "Talk Shows & Podcasts",
    &["L'émission du soir, épisode #", "Table ronde : faut-il éteindre son téléphone ?", "La matinale, n° #"],
);
static FOOD: Game = game(
    "509667",
    "Food & Drink",
    &["Soupe à l'oignon, étape par étape", "Le pain du dimanche, essai n° #", "On vide le frigo, on verra bien"],
);
static CELESTE: Game = game(
    "492934",
    "Celeste",
    &[
        "Any% jusqu'à l'aube",
        "Fraises dorées : plus que #",
        "« Adieu », fraise dorée",
        "Dernier essai, promis",
        "Chapitre 9, on respire, on y croit",
    ],
);
static HOLLOW_KNIGHT: Game = game(
    "490147",
    "Hollow Knight",
    &["Boss radieux avec une soupe", "112 %, jour #", "Le Chemin de la douleur, essai #", "Panthéon 5, sans stress"],
);
static TUNIC: Game = game(
    "504498",
    "TUNIC",
    &["À l'aveugle : ne me dites rien", "On déchiffre le manuel, page #", "Le petit renard, fin alternative"],
);
static CHRONO_TRIGGER: Game = game(
    "9012",
    "Chrono Trigger",
    &["Pause déjeuner en l'an 600", "Toutes les fins, n° #", "Première fois, enfin", "La fin des temps, tranquille"],
);
static ZELDA: Game = game(
    "9435",
    "The Legend of Zelda: A Link to the Past",
    &["Randomizer du jeudi", "Sans épée, jour #", "On cherche le bocal"],
);
static TETRIS: Game =
    game("9436", "Tetris", &["Qualifs du tournoi, manche #", "Niveau 29 ou rien", "On empile jusqu'à minuit"]);
static CHESS: Game = game(
    "743",
    "Chess",
    &[
        "Les viewers contre la cafetière",
        "Blitz et café, partie #",
        "Analyse de vos parties (les pires aussi)",
        "Ouverture du jour : la défense française",
        "Simultanée : # contre tous",
    ],
);
static BOARD_GAMES: Game = game(
    "490100",
    "Board Games",
    &["Soirée jeux de plateau", "On apprend les règles, tant pis", "Partie longue, thé chaud"],
);
static LEAGUE: Game = game(
    "21779",
    "League of Legends",
    &[
        "Montée en classé, jour #",
        "Scrims, puis soirée viewers",
        "Soloqueue, zéro tilt",
        "Finale régionale : on commente",
    ],
);
static VALORANT: Game =
    game("516575", "VALORANT", &["Classé avec la meute", "5 v 5 viewers, file ouverte", "Entraînement, manche #"]);
static ROCKET_LEAGUE: Game = game(
    "30921",
    "Rocket League",
    &["Deux contre deux, on monte", "Coupe du Bocage, journée #", "Que des tirs aériens"],
);
static ART: Game = game(
    "509660",
    "Art",
    &[
        "Aquarelle sous la pluie",
        "Commande n° #, on finit les ombres",
        "Croquis du matin, chat ouvert",
        "Une planche par jour : #",
    ],
);
static MAKERS: Game = game(
    "509673",
    "Makers & Crafting",
    &["On restaure une horloge", "Couture : la veste, épisode #", "Établi, radio, sciure"],
);
static MUSIC: Game =
    game("26936", "Music", &["Piano à la demande", "Synthés modulaires, nuit #", "On compose un thème"]);
static GEOGUESSR: Game = game(
    "369418",
    "GeoGuessr",
    &[
        "Sans bouger, sans zoomer",
        "Série en cours : #",
        "Tour du monde des ronds-points",
        "Les viewers choisissent le pays",
    ],
);
static TRACKMANIA: Game =
    game("517444", "Trackmania", &["Carte du jour, record ou dodo", "Campagne d'automne, piste #", "La tour, encore"]);
static MINECRAFT: Game = game(
    "27471",
    "Minecraft",
    &["Le village, jour #", "Hardcore : on ne meurt pas", "On construit un phare", "Serveur des abonnés, saison #"],
);
static FACTORIO: Game =
    game("130942", "Factorio", &["L'usine doit grandir, heure #", "On démêle les rails", "Zéro spaghetti (mensonge)"]);
static TERRARIA: Game = game("31376", "Terraria", &["Mode maître, boss #", "Le donjon, à quatre", "Pêche et papotage"]);
static ELDEN_RING: Game = game(
    "512953",
    "Elden Ring",
    &["Sans niveau, jour #", "Le boss d'hier, avec du repos", "Exploration, lore et petites morts"],
);
static BALDUR: Game = game(
    "31339",
    "Baldur's Gate 3",
    &["Mode honneur, acte 2", "Le barde parle trop, épisode #", "Les viewers votent tout"],
);
static GTA: Game =
    game("32982", "Grand Theft Auto V", &["RP : livreur de nuit", "RP : jour # à la mairie", "Course de camions"]);
static PHASMOPHOBIA: Game = game(
    "518184",
    "Phasmophobia",
    &["Cauchemar, lampe torche cassée", "Chasse n° #, casque obligatoire", "Qui a éteint ?"],
);
static DEAD_BY_DAYLIGHT: Game = game(
    "491487",
    "Dead by Daylight",
    &["Survivants entre amis", "Tueur rang #, pas méchant", "Générateurs et frissons"],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_titles_fit_twitch() {
        let games: Vec<&Game> = COMMUNITIES.iter().flat_map(|community| community.iter().copied()).collect();
        let mut ids: Vec<&str> = games.iter().map(|game| game.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), games.len());
        // Twitch allows 140 characters.
        assert!(games.iter().flat_map(|game| game.titles).all(|title| title.chars().count() <= 100));
    }
}
