//! Whoever opted out after days of theirs were stored: every door answers as for a name that was never seen.

use std::collections::BTreeMap;

use simulator::script::Script;
use store::access::{Job, JobKey};
use store::suppression::{Secret, allow, suppress};

use crate::support::{Answer, Website, at, website};

/// A channel that opts out; it is a person too, in its own chat.
const CHANNEL: &str = "_quiet_radio";
/// A person who opts out.
const PERSON: &str = "_quiet_luna_";
/// As long as these, and never seen.
const NOBODY: &str = "_never_seen_";

/// Where a name may be asked for, and whether it is a channel's.
const DOORS: [(&str, bool); 22] = [
    ("/en/channel/{}", true),
    ("/fr/channel/{}?day=2026-11-18&tz=Asia/Tokyo", true),
    ("/en/channel/{}/on-air.svg?day=2026-11-18", true),
    ("/en/channel/{}/audience.csv", true),
    ("/en/channel/{}/figures?range=7", true),
    ("/api/channel_figures?login={}", true),
    ("/api/channel_day?login={}", true),
    ("/api/channel_day?login={}&day=2026-11-18&tz=UTC", true),
    ("/en/viewer/{}", false),
    ("/fr/viewer/{}?day=2026-11-18", false),
    ("/en/viewer/{}?day=2000-01-01", false),
    ("/en/viewer/{}/habits", false),
    ("/fr/viewer/{}/trace", false),
    ("/api/viewer_habits?login={}&holidays=true", false),
    ("/api/viewer_trace?login={}&nights=true&split=false&hours=false", false),
    ("/en/viewer/{}/day.svg", false),
    ("/en/viewer/{}/day.csv?day=2026-11-18", false),
    ("/en/viewer/{}/hours.csv", false),
    ("/api/viewer_day?login={}", false),
    ("/en/search?q={}", true),
    ("/en/search?q={}", false),
    ("/api/search?q={}", true),
];

/// A quarter of an hour on the air: `_open_radio` with both people, `_quiet_radio` with `_lone` too, who is nowhere else.
async fn held() -> Website {
    let mut script = Script::default();
    let mut pattern = |channel: &str, viewer: &str, letters: &str| {
        script.pattern(&channel.parse().unwrap(), &viewer.parse().unwrap(), at(18, 100), letters).unwrap();
    };
    pattern("_open_radio", PERSON, "aPPPaaP");
    pattern("_open_radio", "_other", "PPPaaPP");
    pattern(CHANNEL, "_other", "aaPPPPa");
    pattern(CHANNEL, "_lone", "PPPPPPP");
    let slots: Vec<_> = (99..107).map(|slot| at(18, slot)).collect();
    website(script, &slots, at(18, 106)).await
}

/// The name as a page carries it for the browser: with its length, in base 64, behind three bytes.
fn carried(name: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = [&[name.len() as u8], name.as_bytes()].concat();
    let digits = |three: &[u8]| {
        let number = three.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let digit = move |n: usize| DIGITS[(number >> (18 - 6 * n)) as usize % 64] as char;
        (0..=three.len()).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

/// An answer without what is its own each time: the nonce, its number, the name that was asked for.
fn told(answer: &Answer, name: &str) -> (u16, BTreeMap<String, String>, String) {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("no nonce");
    let same = |text: &str| text.replace(nonce, "nonce").replace(&carried(name), "name").replace(name, "name");
    let headers = answer.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), same(value.to_str().unwrap()))).collect();
    (answer.status, headers, same(&answer.body))
}

async fn told_of(website: &Website, door: &str, name: &str) -> (u16, BTreeMap<String, String>, String) {
    told(&website.get(&door.replace("{}", name)).await, name)
}

#[tokio::test]
async fn whoever_opted_out_was_never_seen_at_any_door() {
    let website = held().await;
    let (job, secret) = (JobKey::grant(Job::Suppression), Secret::new(b"0123456789abcdef").unwrap());
    let name = |channel| if channel { CHANNEL } else { PERSON };
    let mut before = Vec::new();
    for (door, channel) in DOORS {
        before.push(told_of(&website, door, name(channel)).await);
    }
    assert!(before.iter().filter(|(status, ..)| *status == 200).count() >= 12);
    for name in [CHANNEL, PERSON] {
        suppress(&website.store, &job, &secret, &[name], &[], 7).await.unwrap();
    }
    for (door, channel) in DOORS {
        let (now, never) = (told_of(&website, door, name(channel)).await, told_of(&website, door, NOBODY).await);
        assert_eq!(now, never, "{door}");
    }
    // Nor does a channel's name lead to its owner.
    for door in ["/en/viewer/{}", "/api/viewer_day?login={}"] {
        assert_eq!(told_of(&website, door, CHANNEL).await, told_of(&website, door, NOBODY).await, "{door}");
    }
    // What others say of them: nothing. Who was nowhere else was never seen either.
    let day = website.get("/en/viewer/_other?day=2026-11-18&tz=UTC").await;
    assert!(day.body.contains("in one channel") && day.body.contains("_open_radio"), "{}", day.body);
    for path in
        ["/en", "/fr", "/api/home", "/en/viewer/_other", "/api/viewer_day?login=_other", "/en/channel/_open_radio"]
    {
        let answer = website.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        for name in [CHANNEL, PERSON] {
            assert!(!answer.body.contains(name), "{path} names {name}");
        }
    }
    assert_eq!(told_of(&website, "/en/viewer/{}", "_lone").await, told_of(&website, "/en/viewer/{}", NOBODY).await);
    // Whoever comes back is there as before, but for what is on air: that is up to the next sweep.
    for name in [CHANNEL, PERSON] {
        allow(&website.store, &job, &secret, &[name], &[]).await.unwrap();
    }
    for ((door, channel), before) in DOORS.into_iter().zip(before) {
        let now = told_of(&website, door, name(channel)).await;
        assert_eq!((now.0, now.1), (before.0, before.1), "{door}");
    }
}
