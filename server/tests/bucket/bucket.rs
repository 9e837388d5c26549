//! An S3-compatible store on the loopback address: `moto`, which `scripts/test` installs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use futures::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{ObjectMeta, ObjectStore as _, ObjectStoreExt as _};

/// A running store with the bucket `vigie`; it ends when this is dropped.
pub(crate) struct Buckets {
    server: Child,
    base: String,
    bucket: AmazonS3,
}

const REGION: &str = "eu-west-3";
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
        let made = reqwest::Client::new().put(format!("{base}/vigie")).send().await.unwrap();
        assert!(made.status().is_success(), "{made:?}");
        let bucket = AmazonS3Builder::new().with_bucket_name("vigie").with_endpoint(&base).with_allow_http(true);
        let bucket = bucket.with_region(REGION).with_access_key_id(KEY).with_secret_access_key(KEY).build().unwrap();
        Buckets { server, base, bucket }
    }

    /// What a program reads of it.
    pub(crate) fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT_URL", &self.base),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", KEY),
        ]
    }

    /// The names of all objects under a prefix, without it, in order.
    pub(crate) async fn objects(&self, prefix: &str) -> Vec<String> {
        self.sums(prefix).await.into_iter().map(|(name, _)| name).collect()
    }

    /// The same, each with the sum that the store has of its bytes.
    pub(crate) async fn sums(&self, prefix: &str) -> Vec<(String, String)> {
        let listed: Vec<ObjectMeta> = self.bucket.list(Some(&prefix.into())).try_collect().await.unwrap();
        let named = listed.into_iter().filter_map(|object| {
            let name = object.location.as_ref().strip_prefix(prefix)?.trim_start_matches('/').to_owned();
            Some((name, object.e_tag.unwrap()))
        });
        let mut all: Vec<(String, String)> = named.collect();
        all.sort();
        all
    }

    /// The bytes of an object.
    pub(crate) async fn object(&self, name: &str) -> Vec<u8> {
        self.bucket.get(&name.into()).await.unwrap().bytes().await.unwrap().into()
    }
}

impl Drop for Buckets {
    fn drop(&mut self) {
        // It has ended already, then.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
