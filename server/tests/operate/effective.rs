//! `--print-config`.

use std::fs;

use crate::place::{Place, SECRET, Said};

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_told_as_it_is_used_and_nothing_starts() {
    let place = Place::new().await;
    for command in ["serve", "collect"] {
        let output = place.command(&[command, "--print-config"]).env("VIGIE_COLLECT__TOP", "12").output().unwrap();
        let Said { code, out, told } = output.into();
        assert_eq!((code, told.as_str()), (Some(0), ""), "{command}");
        let has = |line: &str| out.lines().any(|one| one.split_whitespace().eq(line.split_whitespace()));
        assert!(has("top = 12 # VIGIE_COLLECT__TOP") && has("origin = \"simulated\" # vigie.toml"), "{out}");
        assert!(
            has("client_secret = \"***\" # VIGIE_COLLECT__CLIENT_SECRET") && has("raw_days = 90 # default"),
            "{out}"
        );
        assert!(!out.contains(SECRET) && !out.contains("a secret of these tests"), "{out}");
        assert!(!place.path("archive").exists() && !place.path("store").exists());
        // It is a configuration again.
        fs::write(place.path("again.toml"), &out).unwrap();
        assert_eq!(place.run(&[command, "--print-config", "--config", "again.toml"]).code, Some(0));
    }
    place.configure("top = 0", "");
    let Said { code, told, .. } = place.run(&["collect", "--print-config"]);
    assert!(code == Some(1) && told.contains("top = 0"), "{told}");
}
