//! Bad input ends a start with one sentence, before anything is made.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::place::{Place, SECRET, Said};

/// A thing done wrong, with the commands that have to refuse it and what they say.
struct Wrong {
    what: &'static str,
    spoil: fn(&Place),
    environment: &'static [(&'static str, &'static str)],
    said: &'static str,
}

const NONE: &[(&str, &str)] = &[];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_before_anything_starts() {
    let table = [
        Wrong {
            what: "no configuration",
            spoil: |place| fs::remove_file(place.path("vigie.toml")).unwrap(),
            environment: NONE,
            said: "there is no configuration file vigie.toml",
        },
        Wrong {
            what: "one that is no text",
            spoil: |place| fs::write(place.path("vigie.toml"), b"\xff\xfe").unwrap(),
            environment: NONE,
            said: "cannot read the configuration vigie.toml",
        },
        Wrong {
            what: "one that is no TOML",
            spoil: |place| fs::write(place.path("vigie.toml"), "[collect]\nclient_secret = hush\n").unwrap(),
            environment: NONE,
            said: "line 2",
        },
        Wrong {
            what: "an unknown key",
            spoil: |place| place.configure("chanels = \"x\"", ""),
            environment: NONE,
            said: "unknown field: found `chanels`, expected ",
        },
        Wrong {
            what: "an unknown key of the environment",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__TOPP", "3")],
            said: "unknown field: found `topp`, expected ",
        },
        Wrong {
            what: "an unknown table",
            spoil: |place| place.configure("", "[sight]"),
            environment: NONE,
            said: "unknown field: found `sight`, expected ",
        },
        Wrong {
            what: "an unknown language",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__LANGUAGE", "xx")],
            said: "[collect] language = \"xx\" is none that Twitch knows",
        },
        Wrong {
            what: "nobody to follow",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__TOP", "0")],
            said: "[collect] top = 0 is not between 1 and 10,000",
        },
        Wrong {
            what: "a malformed list",
            spoil: |place| {
                place.configure(&(place.tmi() + "\nchannels = \"list\""), "");
                fs::write(place.path("list"), "# ours\n_ada 7\nb-o-b\n").unwrap();
            },
            environment: NONE,
            said: "list, line 3: \"b-o-b\" is no login of a channel",
        },
        Wrong {
            what: "a malformed login in the configuration",
            spoil: |place| place.configure("tracked = [\"b-o-b\"]", ""),
            environment: NONE,
            said: "collect.tracked",
        },
        Wrong {
            what: "a wrong secret",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__CLIENT_SECRET", "hush, but another")],
            said: "Twitch refuses the application: compare [collect] client_id and its secret",
        },
        Wrong {
            what: "no secret",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__CLIENT_SECRET", "")],
            said: "[collect] needs client_id and a secret",
        },
        Wrong {
            what: "a secret's file that is not there",
            spoil: |_| {},
            environment: &[("VIGIE_COLLECT__CLIENT_SECRET_FILE", "nowhere")],
            said: "cannot read [collect] client_secret_file = nowhere",
        },
        Wrong {
            what: "a short secret for who opted out",
            spoil: |_| {},
            environment: &[("VIGIE_PRIVACY__SECRET", "hush")],
            said: "[privacy] cannot be used",
        },
        Wrong {
            what: "a source without an address",
            spoil: |place| place.configure("source = \"tmi\"", ""),
            environment: NONE,
            said: "[collect] asks tmi for chatters and has no address of it",
        },
        Wrong {
            what: "a source that nobody signed in to",
            spoil: |place| place.configure("source = \"helix\"", ""),
            environment: NONE,
            said: "sign in with `vigie auth twitch` first",
        },
        Wrong {
            what: "certificates that are none",
            spoil: |place| place.configure("source = \"irc\"\nca_file = \"nowhere.pem\"", ""),
            environment: NONE,
            said: "cannot use [collect] ca_file = nowhere.pem",
        },
        Wrong {
            what: "an address of the chat that is none",
            spoil: |place| place.configure("irc = \"https://irc.chat.twitch.tv\"", ""),
            environment: NONE,
            said: "is no address of a chat server",
        },
    ];
    let place = Place::new().await;
    for Wrong { what, spoil, environment, said } in table {
        place.configure(&place.tmi(), "");
        spoil(&place);
        for words in [&["collect"][..], &["serve"], &["collect", "--once"], &["doctor"]] {
            let output = place.command(words).envs(environment.iter().copied()).output().unwrap();
            let Said { code, out, told } = output.into();
            // The doctor says it among what it found, and names nobody.
            let told = if words == ["doctor"] { out } else { told };
            assert_eq!(code, Some(1), "{what}, {words:?}: {told}");
            if words == ["doctor"] {
                assert!(told.contains("WRONG "), "{what}: {told}");
            } else {
                assert!(told.contains(said) && told.starts_with("vigie: "), "{what}, {words:?}: {told}");
                assert_eq!(told.lines().count(), 1, "{what}, {words:?}: {told}");
            }
            assert!(!told.contains("hush") && !told.contains(SECRET), "{what}, {words:?}: {told}");
            assert!(!place.path("archive").exists() && !place.path("store").exists(), "{what}, {words:?}");
        }
    }
    // A configuration that this user may not read; root may.
    fs::set_permissions(place.path("vigie.toml"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(place.path("vigie.toml")).is_err() {
        let Said { code, told, .. } = place.run(&["collect"]);
        assert!(code == Some(1) && told.contains("cannot read the configuration vigie.toml"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_fault_of_the_configuration_keeps_nobody_from_collecting() {
    let place = Place::new().await;
    // Nobody is tracked, and the list is not there or empty: the top is followed.
    fs::create_dir(place.path("data")).unwrap();
    fs::write(place.path("data/channels.txt"), "# nobody yet\n").unwrap();
    let Said { code, told, .. } = place.run(&["collect", "--once"]);
    assert!(code == Some(0) && told.contains(" channels live with "), "{told}");
}
