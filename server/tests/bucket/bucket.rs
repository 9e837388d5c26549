//! An S3-compatible store on the loopback address: `moto`, which `scripts/test` installs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running store with the bucket `vigie`; it ends when this is dropped.
pub(crate) struct Buckets {
    server: Child,
    base: String,
}

const KEY: &str = "test";

impl Buckets {
    /// Starts one on a free port. Panics, with the mend, where `moto` is not installed.
    pub(crate) async fn start() -> Buckets {
        let mut server = Command::new("python3")
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("python3 is part of the test set-up");
        let lines = BufReader::new(server.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let mut lines = lines.map_while(Result::ok);
        let base = lines.by_ref().find_map(|line| {
            let base = line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
            said.push_str(&line);
            base
        });
        let base =
            base.unwrap_or_else(|| panic!("no moto (pip install 'moto[s3,server]', as scripts/test does): {said}"));
        // What it says of each request has to be read, or it stops when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        let buckets = Buckets { server, base };
        let made = reqwest::Client::new().put(format!("{}/vigie", buckets.base)).send().await.unwrap();
        assert!(made.status().is_success(), "{made:?}");
        buckets
    }

    /// What a program reads of it.
    pub(crate) fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT_URL", &self.base),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", KEY),
        ]
    }

    /// The names of all objects under a prefix, without it, in order.
    pub(crate) async fn objects(&self, prefix: &str) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let after = names.last().map(|name| format!("{prefix}{name}")).unwrap_or_default();
            let url = format!("{}/vigie?list-type=2&prefix={prefix}&start-after={after}", self.base);
            let listed = reqwest::get(url).await.unwrap().error_for_status().unwrap().text().await.unwrap();
            let keys = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
            names.extend(keys.filter_map(|key| key.strip_prefix(prefix)).map(str::to_owned));
            if !listed.contains("<IsTruncated>true</IsTruncated>") {
                return names;
            }
        }
    }

    /// The bytes of an object.
    pub(crate) async fn object(&self, name: &str) -> Vec<u8> {
        let got = reqwest::get(format!("{}/vigie/{name}", self.base)).await.unwrap().error_for_status().unwrap();
        got.bytes().await.unwrap().into()
    }
}

impl Drop for Buckets {
    fn drop(&mut self) {
        // It has ended already, then.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
