//! `vigie doctor`.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use archive::Archive;
use collector::user_token::{Application, Prompt, sign_in};
use model::login::Login;
use model::words::Origin;
use simulator::server::Settings;
use store::AnyStore;

use crate::place::{Place, SECRET, Said};

/// What the doctor says of a check, as level and text; several are lines.
fn of(said: &Said, check: &str) -> String {
    let lines: Vec<&str> =
        said.out.lines().filter(|line| line.get(8..).is_some_and(|rest| rest.starts_with(check))).collect();
    lines.join("\n")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap().path().display().to_string()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_deployment_is_well_and_stays_as_it_was() {
    let place = Place::new().await;
    let before = names(place.folder.path());
    let said = place.run(&["doctor"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.told);
    assert!(!said.out.contains("WRONG") && said.told.lines().count() == 1, "{}{}", said.out, said.told);
    for check in [
        "config",
        "credentials",
        "clock",
        "language",
        "channels",
        "chatters",
        "archive",
        "store",
        "privacy",
        "site",
        "files",
        "address",
    ] {
        assert!(of(&said, check).starts_with("ok "), "{check}: {}", said.out);
    }
    assert!(of(&said, "credentials").contains("grants 800 calls a minute"), "{}", said.out);
    assert!(of(&said, "disk").contains("the archive 246.0 MB a day (estimated)"), "{}", said.out);
    assert_eq!(names(place.folder.path()), before);

    let said = place.run(&["doctor", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(
        told["ok"] == true && told["findings"][0]["check"] == "config" && told["findings"][0]["level"] == "ok",
        "{told}"
    );

    // Once it has run, it tells what is there. Whoever has the store open is no fault.
    assert_eq!(place.run(&["collect", "--once"]).code, Some(0));
    let store = AnyStore::open(place.path("store").to_str().unwrap(), Some(Origin::Simulated)).await.unwrap();
    let said = place.run(&["doctor"]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(
        of(&said, "store").contains("is open in a running Vigie, as it may be: 0 days of simulated data"),
        "{}",
        said.out
    );
    assert!(of(&said, "archive").contains("takes objects, and holds simulated data"), "{}", said.out);
    store.close().await;
    // Nobody is named: neither a channel nor whoever is in its chat.
    let mut people = place.world.channels().map(Login::as_str);
    assert!(people.all(|login| !said.out.contains(login)) && !said.out.contains(SECRET), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_told_and_what_to_do() {
    let place = Place::with(Settings { calls_per_minute: 100, ..Settings::default() }, 100).await;
    let said = place.run(&["doctor"]);
    let clock = of(&said, "clock");
    assert!(
        clock.starts_with("WRONG ") && clock.contains(" s behind Twitch's") && clock.contains("timedatectl"),
        "{clock}"
    );
    assert!(
        of(&said, "credentials").starts_with("warning ") && said.told.contains("one thing must be mended"),
        "{}",
        said.out
    );
    assert_eq!(said.code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_none_are_told_without_them() {
    let place = Place::new().await;
    let wrong = "another-hush";
    let said: Said = place.command(&["doctor"]).env("VIGIE_COLLECT__CLIENT_SECRET", wrong).output().unwrap().into();
    let told = of(&said, "credentials");
    assert!(told.starts_with("WRONG ") && told.contains("403: invalid client secret: Twitch refuses"), "{told}");
    assert!(said.code == Some(1) && !said.out.contains(wrong), "{}", said.out);
    // All else is looked at.
    assert!(
        of(&said, "archive").starts_with("ok ") && of(&said, "chatters").contains("tmi was not asked"),
        "{}",
        said.out
    );
    // Nobody is there: that is no fault of theirs.
    let nowhere = "http://127.0.0.1:1/oauth2";
    let said: Said = place.command(&["doctor"]).env("VIGIE_COLLECT__OAUTH", nowhere).output().unwrap().into();
    let told = of(&said, "credentials");
    assert!(told.starts_with("WRONG ") && told.contains("see whether this machine reaches Twitch"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_that_are_none_are_told_by_their_lines() {
    let place = Place::new().await;
    place.configure(&(place.tmi() + "\ntracked = [\"_fournil\", \"_nobody_at_all\"]"), "");
    fs::create_dir(place.path("data")).unwrap();
    let list = |text: &str| fs::write(place.path("data/channels.txt"), text).unwrap();
    list("# ours\n_cabane_retro\n_nobody_has_it\n_long_renamed 77\n");
    let said = place.run(&["doctor"]);
    let told = of(&said, "channels");
    let says = "of 5 tracked, Twitch knows 2 not (line 3, number 2 of [collect] tracked); 1 have another login by now";
    assert!(told.starts_with("warning ") && told.contains(says), "{told}");
    assert!(said.code == Some(0) && !said.out.contains("_nobody") && !said.out.contains("_long"), "{}", said.out);
    list(&"_nobody_has_it\n".repeat(12));
    assert!(of(&place.run(&["doctor"]), "channels").contains("line 10 and 3 more"));
    list("_cabane_retro\n??\n");
    let said = place.run(&["doctor"]);
    assert!(of(&said, "channels").contains("line 2 of data/channels.txt names no channel") && said.code == Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_reached_and_believed_or_not() {
    let place = Place::new().await;
    let irc = place.twitch.irc();
    fs::write(place.path("ca.pem"), irc.certificate()).unwrap();
    let (plain, tls, web) = (irc.plain().to_owned(), irc.tls().to_owned(), irc.websocket().to_owned());
    let closed = format!("irc://127.0.0.1:{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
    for (address, more, level, says) in [
        (&plain, "", "ok ", "is reached, believed, and welcomes an anonymous reader"),
        (&tls, "ca_file = \"ca.pem\"", "ok ", "is reached, believed"),
        (&web, "ca_file = \"ca.pem\"", "ok ", "is reached, believed"),
        (&tls, "", "WRONG ", "certificate"),
        (&closed, "", "WRONG ", "refused"),
    ] {
        place.configure(&format!("source = \"irc\"\nirc = \"{address}\"\n{more}"), "");
        let said = place.run(&["doctor"]);
        let told = of(&said, "chatters");
        assert!(told.starts_with(level) && told.contains(says), "{address}: {told}");
        assert_eq!(said.code, Some(i32::from(level == "WRONG ")), "{}", said.out);
    }
    place.configure(&format!("tmi = \"{}/elsewhere\"", place.twitch.base()), "");
    let told = of(&place.run(&["doctor"]), "chatters");
    assert!(told.starts_with("WRONG ") && told.contains("set [collect] source = \"irc\""), "{told}");
}

/// Signs somebody in, as they do in a browser.
async fn signed_in(place: &Place, login: &Login) {
    let site = place.twitch.base().to_owned();
    let application = Application {
        oauth: format!("{site}/oauth2"),
        client_id: "test".to_owned(),
        client_secret: Some(SECRET.to_owned()),
    };
    let who = login.to_string();
    let prompt = move |Prompt { code, .. }: &Prompt| {
        let form = [("code", code.clone()), ("login", who), ("answer", "allow".to_owned())];
        let asked = reqwest::Client::new().post(format!("{site}/activate")).form(&form).send();
        drop(tokio::spawn(async move { asked.await.unwrap() }));
    };
    let http = collector::http::client().unwrap();
    sign_in(http, application, &place.path("data/twitch-token.json"), prompt).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_in_moderates_the_channels_or_not() {
    let place = Place::with(Settings { device_interval: 0, ..Settings::default() }, 0).await;
    let channels: Vec<Login> = place.world.channels().take(2).cloned().collect();
    let (own, other) = (&channels[0], &channels[1]);
    let sources = |text: String| place.configure(&format!("{}\nsources = {{ {text} }}", place.tmi()), "");
    sources(format!("{own} = \"helix\""));
    assert!(of(&place.run(&["doctor"]), "chatters").contains("nobody has signed in"));
    signed_in(&place, own).await;
    let said = place.run(&["doctor"]);
    let told = of(&said, "chatters");
    assert!(
        told.contains("signed in, and allows moderator:read:chatters") && told.contains("helix: 1 chats were told"),
        "{told}"
    );
    assert!(of(&said, "secrets").contains("data/twitch-token.json is for its owner alone") && said.code == Some(0));
    sources(format!("{own} = \"helix\", {other} = \"helix\", _nobody_has_it = \"helix\""));
    let said = place.run(&["doctor"]);
    let told = of(&said, "chatters");
    assert!(told.contains("(403: not moderated)") && told.contains("(there is no such channel)"), "{told}");
    assert!(said.code == Some(1), "{}", said.out);
    for name in [own.as_str(), other.as_str(), "_nobody"] {
        assert!(!said.out.contains(name), "{}", said.out);
    }
    fs::set_permissions(place.path("data/twitch-token.json"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(of(&place.run(&["doctor"]), "secrets").contains("can be read by others (mode 644): chmod 600"));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_that_cannot_be_used_are_told() {
    let place = Place::new().await;
    Archive::create(place.path("real").to_str().unwrap(), Origin::Real).await.unwrap();
    AnyStore::open(place.path("real_store").to_str().unwrap(), Some(Origin::Real)).await.unwrap().close().await;
    fs::write(place.path("file"), "").unwrap();
    fs::write(place.path("open_secret"), "a secret of these tests\n").unwrap();
    fs::set_permissions(place.path("open_secret"), fs::Permissions::from_mode(0o640)).unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    // Whoever asks there is hung up on.
    std::thread::spawn(move || taken.incoming().for_each(drop));
    for (variable, value, check, says) in [
        ("VIGIE_ARCHIVE__URL", "real", "archive", "real holds real data, and [archive] origin = \"simulated\""),
        ("VIGIE_ARCHIVE__URL", "file/archive", "archive", "file/archive: cannot use file/archive as an archive"),
        ("VIGIE_ARCHIVE__URL", "ftp://nowhere/x", "archive", "ftp://nowhere/x"),
        ("VIGIE_STORE__URL", "real_store", "store", "holds real data"),
        ("VIGIE_STORE__URL", "file/store", "store", "let this user write there"),
        (
            "VIGIE_PRIVACY__SECRET_FILE",
            "open_secret",
            "privacy",
            "open_secret can be read by others (mode 640): chmod 600",
        ),
        ("VIGIE_SITE__LISTEN", &address, "address", "is another program's"),
        ("VIGIE_METRICS__LISTEN", &address, "address", "is another program's"),
    ] {
        let said: Said = place.command(&["doctor"]).env(variable, value).output().unwrap().into();
        let told = of(&said, check);
        assert!(told.contains("WRONG ") && told.contains(says), "{variable}={value}: {told}{}", said.told);
        assert_eq!(said.code, Some(1), "{variable}={value}: {}", said.out);
    }
    // Of real people more has to be chosen.
    let said: Said = place
        .command(&["doctor"])
        .env("VIGIE_ARCHIVE__ORIGIN", "real")
        .env_remove("VIGIE_PRIVACY__SECRET")
        .output()
        .unwrap()
        .into();
    assert!(
        of(&said, "privacy").contains("nobody could opt out") && of(&said, "site").starts_with("WRONG "),
        "{}",
        said.out
    );
}
