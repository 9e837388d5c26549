//! Lists in the name of somebody who moderates: signing in, asking, staying signed in.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use collector::chatters::Source;
use collector::chatters::helix::HelixLists;
use collector::chatters::tmi::Tmi;
use collector::error::AskError;
use collector::http::Client;
use collector::user_token::{Application, Prompt, TokenError, UserToken, sign_in};
use common::{Stage, clients, plan, soon, world};
use model::login::Login;
use model::slot::SlotTime;
use model::words::{ChattersSource, ListStatus};
use simulator::server::Settings;
use simulator::twitch::Twitch;

fn settings() -> Settings {
    Settings { device_interval: 0, ..Settings::default() }
}

fn application(base: &str) -> Application {
    Application {
        oauth: format!("{base}/oauth2"),
        client_id: "test".to_owned(),
        client_secret: Some("secret".to_owned()),
    }
}

/// Answers the question of a device as somebody does in a browser.
async fn answers(prompt: &Prompt, login: &str, answer: &str) {
    let page = Client::new().get(&prompt.address).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<b>test</b>") && page.contains("moderator:read:chatters"), "{page}");
    let (site, _) = prompt.address.split_once("/activate").unwrap();
    let form = [("code", prompt.code.as_str()), ("login", login), ("answer", answer)];
    let done = Client::new().post(format!("{site}/activate")).form(&form).send().await.unwrap();
    assert!(done.status().is_success());
}

async fn signs_in(base: &str, login: &str, answer: &'static str, file: &Path) -> Result<Login, TokenError> {
    let owner = login.to_owned();
    let prompted = move |prompt: &Prompt| {
        let prompt = prompt.clone();
        drop(tokio::spawn(async move { answers(&prompt, &owner, answer).await }));
    };
    sign_in(Client::new(), application(base), file, prompted).await
}

/// A stage in the evening, the channel with most chatters then, and its owner signed in.
struct House {
    stage: Stage,
    channel: Login,
    file: PathBuf,
    _folder: tempfile::TempDir,
}

fn evening() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 246)
}

impl House {
    async fn new() -> House {
        let stage = Stage::new(Twitch::World(world()), settings()).await;
        let mut all = stage.collector(plan(60), evening() + -1).await;
        let at = evening() + -1;
        stage.sweep(&mut all, at).await.unwrap();
        let rows = stage.archive.read_streams(at).await.unwrap();
        let most =
            rows.iter().filter(|row| row.list_status == ListStatus::Complete).max_by_key(|row| row.chatter_count);
        let channel = most.unwrap().channel.clone();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept/token.json");
        assert_eq!(signs_in(stage.twitch.base(), channel.as_str(), "allow", &file).await.unwrap(), channel);
        House { stage, channel, file, _folder: folder }
    }

    fn user(&self) -> UserToken {
        UserToken::open(Client::new(), application(self.stage.twitch.base()), &self.file).unwrap()
    }

    fn lists(&self) -> HelixLists {
        HelixLists::new(Client::new(), &format!("{}/helix", self.stage.twitch.base()), "test", self.user())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moderators_list_is_that_of_the_chat_with_ids() {
    let house = House::new().await;
    let (helix, _) = clients(house.stage.twitch.base());
    let id = helix.users(std::slice::from_ref(&house.channel), soon()).await.unwrap()[0].id;
    let other = helix.users(&["_noctule".parse().unwrap()], soon()).await.unwrap()[0].id;
    house.stage.set(evening().unix() + 2);
    let source = Source::Helix(house.lists());
    let list = source.list(&house.channel, Some(id), Some(50), soon()).await.unwrap();
    let tmi = Source::Tmi(Tmi::new(Client::new(), house.stage.twitch.base()));
    let told = tmi.list(&house.channel, Some(id), Some(50), soon()).await.unwrap();
    let logins = |list: &collector::chatters::List| list.people.iter().map(|p| p.login.clone()).collect::<Vec<_>>();
    assert_eq!((list.status, list.count, logins(&list)), (ListStatus::Complete, told.count, logins(&told)));
    assert!(list.people.len() > 5 && list.people.iter().all(|person| person.id.is_some()));
    assert_eq!(source.word(), ChattersSource::Helix);
    // Who does not moderate a chat is not told who is in it.
    let refused = source.list(&"_noctule".parse().unwrap(), Some(other), Some(50), soon()).await.unwrap_err();
    assert!(matches!(refused, AskError::Status { status: 403, .. }), "{refused}");
    // Where a channel's own source is another, its rows say so.
    let chatters = collector::chatters::Chatters::from(tmi).with(house.channel.clone(), source);
    let mut both = house.stage.collector_of(chatters, plan(60), evening()).await;
    house.stage.sweep(&mut both, evening()).await.unwrap();
    let rows = house.stage.archive.read_streams(evening()).await.unwrap();
    let asked = |row: &&model::sample::StreamSample| row.chatters_source.is_some();
    for row in rows.iter().filter(asked) {
        let source = if row.channel == house.channel { ChattersSource::Helix } else { ChattersSource::Tmi };
        assert_eq!(row.chatters_source, Some(source), "{}", row.channel);
    }
    assert_eq!(rows.iter().find(|row| row.channel == house.channel).unwrap().list_status, ListStatus::Complete);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_lasts_through_renewals_and_restarts() {
    let house = House::new().await;
    let mode = std::fs::metadata(&house.file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{mode:o}");
    let kept = || std::fs::read_to_string(&house.file).unwrap();
    let first = kept();
    let user = house.user();
    let access = user.access(None, soon()).await.unwrap();
    assert_eq!(kept(), first);
    // Refused, it is renewed once, however many find out at once; the renewal is on disk.
    let (a, b) = tokio::join!(user.access(Some(&access), soon()), user.access(Some(&access), soon()));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.user, b.user);
    let second = kept();
    assert_ne!(second, first);
    // After a restart five hours later, it has ended: the check finds out.
    house.stage.set(evening().unix() + 5 * 3_600);
    let again = house.user();
    again.access(None, soon()).await.unwrap();
    assert_ne!(kept(), second);
    // The program before the restart holds a refresh token that was used: it takes the new one from the file, and leaves
    // that as it is.
    let third = kept();
    user.access(Some(&a), soon()).await.unwrap();
    assert_eq!(kept(), third);
    // A token that cannot be kept is not used; once it can be, it is.
    let folder = house.file.parent().unwrap();
    let token = again.access(None, soon()).await.unwrap();
    let aside = folder.with_extension("aside");
    std::fs::rename(folder, &aside).unwrap();
    std::fs::write(folder, "in the way").unwrap();
    let lost = again.access(Some(&token), soon()).await;
    assert!(matches!(lost, Err(TokenError::File { .. })), "{:?}", lost.err());
    assert!(again.access(None, soon()).await.is_err());
    std::fs::remove_file(folder).unwrap();
    std::fs::rename(&aside, folder).unwrap();
    again.access(None, soon()).await.unwrap();
    house.user().access(None, soon()).await.unwrap();
    // One that Twitch renews no more is over, until they sign in again.
    let text = kept();
    let (before, _) = text.split_once("\"refresh_token\":\"").unwrap();
    let (_, after) = text.split_once("\",\"user_id\"").unwrap();
    std::fs::write(&house.file, format!("{before}\"refresh_token\":\"worthless\",\"user_id\"{after}")).unwrap();
    let worthless = house.user();
    let token = worthless.access(None, soon()).await.unwrap();
    for refused in [Some(&token), None] {
        let over = worthless.access(refused, soon()).await;
        assert!(matches!(over, Err(TokenError::Over)), "{:?}", over.err());
    }
    signs_in(house.stage.twitch.base(), house.channel.as_str(), "allow", &house.file).await.unwrap();
    worthless.access(None, soon()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_no_is_not_signed_in() {
    let stage = Stage::new(Twitch::World(world()), settings()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token.json");
    let denied = signs_in(stage.twitch.base(), "_noctule", "deny", &file).await;
    assert!(matches!(denied, Err(TokenError::Denied)), "{:?}", denied.err());
    let nobody = UserToken::open(Client::new(), application(stage.twitch.base()), &file);
    assert!(matches!(nobody, Err(TokenError::Nobody(_))) && !file.exists());
    std::fs::write(&file, "{").unwrap();
    let broken = UserToken::open(Client::new(), application(stage.twitch.base()), &file).unwrap_err();
    assert!(matches!(broken, TokenError::File { .. }) && broken.to_string().contains("token.json"));
}
